// Shows and hides what is typed in a password field.
import { announce } from "./announce.js";
import { _ } from "./language.js";

export default function password(group) {
  const input = group.querySelector("input");
  const button = group.querySelector("button");
  if (!input || !button) return;
  const set = (shown) => {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? _("Hide") : _("Show");
    button.setAttribute("aria-label", shown ? _("Hide password") : _("Show password"));
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    set(input.type === "password");
    announce(input.type === "text" ? _("Your password is visible") : _("Your password is hidden"));
  });
  // A password left visible would be offered by the browser as something typed before.
  input.form?.addEventListener("submit", () => set(false));
}
