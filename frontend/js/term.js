// Opens the meaning of a word where it stands; without script the word leads to the glossary.
import { announce } from "./announce.js";

export default function term(link) {
  link.setAttribute("role", "button");
  link.setAttribute("aria-expanded", "false");
  link.addEventListener("click", (event) => {
    event.preventDefault();
    toggle(link);
  });
  link.addEventListener("keydown", (event) => {
    if (event.key === " ") {
      event.preventDefault();
      toggle(link);
    }
    if (event.key === "Escape" && open(link)) toggle(link);
  });
}

function open(link) {
  return link.getAttribute("aria-expanded") === "true";
}

function toggle(link) {
  if (open(link)) {
    link.nextElementSibling.remove();
    link.setAttribute("aria-expanded", "false");
    return;
  }
  const meaning = document.createElement("span");
  meaning.className = "app-term__meaning";
  meaning.textContent = ` (${link.dataset.meaning}) `;
  link.after(meaning);
  link.setAttribute("aria-expanded", "true");
  announce(link.dataset.meaning);
}
