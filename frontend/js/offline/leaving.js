// Signing out with work that is not sent yet: says so first, in numbers.
import { filed } from "./banner.js";
import { unsent } from "./attempts.js";
import { element, html } from "./html.js";
import { send } from "./sending.js";
import * as words from "./words.js";

export function leaving(form, person) {
  let sure = false;
  form.addEventListener(
    "submit",
    (event) => {
      if (sure) return;
      event.preventDefault();
      // Before the form counts as sent: whoever stays may press the button again.
      event.stopImmediatePropagation();
      const go = () => {
        sure = true;
        form.requestSubmit();
      };
      unsent(person).then((found) => (found.any ? warn(found, { person, go }) : go()), go);
    },
    { capture: true },
  );
}

function warn(found, { person, go }) {
  document.querySelector("[data-leaving]")?.remove();
  const button = (act, name, more = " nhsuk-button--secondary") =>
    html`<button class="nhsuk-button${more}" type="button" data-act="${act}">${name}</button>`;
  const dialog = element(html`<dialog class="app-leaving" aria-labelledby="leaving-heading" data-leaving>
    <h2 class="nhsuk-heading-m" id="leaving-heading" tabindex="-1">${words.leaving(found)}</h2>
    <p>${words.leavingHint}</p>
    ${button("send", words.sendNow, "")}${button("file", words.saveFile)}${button("go", words.leaveAnyway)}${button("stay", words.stay)}
    <p data-note role="status"></p>
  </dialog>`);
  document.body.append(dialog);
  dialog.addEventListener("click", async (event) => {
    const act = event.target.closest("[data-act]")?.dataset.act;
    const say = (note) => {
      dialog.querySelector("[data-note]").textContent = note;
    };
    if (act === "stay") dialog.close();
    if (act === "go") go();
    if (act === "file") say(await filed());
    if (act === "send") {
      say(words.sending);
      await send().catch(() => {});
      const left = await unsent(person);
      if (!left.any) go();
      else say(words.notGone);
    }
  });
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
  dialog.querySelector("h2").focus();
}
