// Follows work that goes on elsewhere: looks every few seconds and shows how far it is, until it is over.
import { announce } from "./announce.js";
import { mount } from "./mount.js";

const EVERY = 3000;
const AT_MOST = 30000;

export default function follow(panel) {
  look(panel, EVERY);
}

function look(panel, wait) {
  setTimeout(async () => {
    const found = document.hidden ? null : await fetched(panel.id);
    if (!found) {
      look(panel, Math.min(wait * 2, AT_MOST));
      return;
    }
    if (found.dataset.module) {
      panel.querySelector(".app-progress")?.replaceWith(found.querySelector(".app-progress"));
      look(panel, EVERY);
      return;
    }
    panel.replaceWith(found);
    mount(found);
    announce(found.querySelector("p")?.textContent ?? "");
  }, wait);
}

async function fetched(id) {
  try {
    const answer = await fetch(window.location.href, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
  } catch {
    return null; // No signal: look again later.
  }
}
