// Copies a receipt code or a link, and says that it did.
import { announce } from "./announce.js";
import { _ } from "./language.js";

export default function copy(button) {
  const source = document.getElementById(button.dataset.copyFrom);
  if (!source) return;
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const done = await place(source.textContent.trim());
    if (!done) select(source);
    button.textContent = done ? _("Copied") : _("Selected: now copy it");
    announce(button.textContent);
    setTimeout(() => {
      button.textContent = label;
    }, 4000);
  });
}

async function place(words) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return false; // no permission, or a page that is not served securely
  }
}

function select(source) {
  const range = document.createRange();
  range.selectNodeContents(source);
  const selection = window.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}
