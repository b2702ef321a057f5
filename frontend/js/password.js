// Shows and hides what is typed in a password field.
import { announce } from "./announce.js";

export default function password(group) {
  const input = group.querySelector("input");
  const button = group.querySelector("button");
  if (!input || !button) return;
  const set = (shown) => {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? "Hide" : "Show";
    button.setAttribute("aria-label", shown ? "Hide password" : "Show password");
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    set(input.type === "password");
    announce(input.type === "text" ? "Your password is visible" : "Your password is hidden");
  });
  // A password left visible would be offered by the browser as something typed before.
  input.form?.addEventListener("submit", () => set(false));
}
