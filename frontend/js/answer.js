// Sends an answer without leaving the page, and puts what comes back in the question's place.
//
// A refusal, or a trip to the sign-in page, is left to an ordinary submit, whose page says what is wrong. When the network
// itself fails, the answer is kept on the phone and the page goes on from there; where the phone keeps no such page, the
// answer stays as it was typed and the form says so.
import { announce } from "./announce.js";
import { device } from "./device.js";
import { _ } from "./language.js";
import { mount } from "./mount.js";

const UNSENT = _("Not sent yet – try again");

export default function answer(form) {
  let sending = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    busy(form, true);
    const given = new FormData(form);
    if (event.submitter?.name) given.append(event.submitter.name, event.submitter.value);
    try {
      const response = await post(form, given);
      if (!(await show(form, response))) sendPlainly(form, event.submitter);
      else (await device)?.noteAnswer(given);
    } catch {
      if (await (await device)?.keepAnswer(given)) return;
      say(form, UNSENT);
      busy(form, false);
      sending = false;
    }
  });
}

function post(form, body) {
  return fetch(form.action, {
    method: "POST",
    body,
    headers: { "X-Requested-With": "fetch" },
    credentials: "same-origin",
    redirect: "manual",
  });
}

async function show(form, response) {
  if (!response.ok) return false;
  const template = document.createElement("template");
  template.innerHTML = await response.text();
  const fragment = template.content.querySelector("[data-question]");
  const old = form.closest("[data-question]");
  if (!fragment || !old) return false;
  old.replaceWith(fragment);
  mount(fragment);
  settle(fragment);
  return true;
}

function settle(fragment) {
  const heading = fragment.querySelector("[data-feedback]") ?? fragment.querySelector(".nhsuk-error-message");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus();
  announce(heading.textContent.trim());
}

function sendPlainly(form, submitter) {
  if (submitter?.name) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: submitter.name, value: submitter.value });
    form.append(field);
  }
  // The prototype's own submit: a field called "submit" would hide it, and requestSubmit would come back here.
  HTMLFormElement.prototype.submit.call(form);
}

function busy(form, yes) {
  for (const button of form.querySelectorAll("button, [type=submit]")) {
    // Not `disabled`: that would throw away the focus of whoever pressed it.
    if (yes) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

function say(form, words) {
  let note = form.querySelector("[data-unsent]");
  if (!note) {
    note = document.createElement("p");
    note.className = "app-unsent";
    note.dataset.unsent = "";
    form.append(note);
  }
  note.textContent = words;
  announce(words);
}
