// The pages of the carer track on a device that remembers: see kept.js for what it keeps.
import * as kept from "./kept.js";
import { _, day } from "./language.js";
import { mount } from "./mount.js";

// A question: what was just answered is kept; what was answered before is shown again, marked by the server.
export async function keepAnswer(question) {
  const { item, hash, name, answer } = question.dataset;
  if (answer) {
    kept.keepOpen(item, hash, (open) => {
      open.answers[name] = JSON.parse(answer);
    });
    return;
  }
  const before = kept.openOf(item, hash)?.answers[name];
  if (before) await showAgain(question, before);
}

async function showAgain(question, answer) {
  const form = question.querySelector("form");
  fill(form, answer);
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Requested-With": "fetch" },
    });
    const template = document.createElement("template");
    template.innerHTML = response.ok ? await response.text() : "";
    const fragment = template.content.querySelector("[data-question]");
    if (!fragment) return;
    question.replaceWith(fragment);
    mount(fragment);
  } catch {
    // Without network the answer stands in the form as it was given.
  }
}

function fill(form, answer) {
  for (const field of form.querySelectorAll("input[name=answer]")) field.checked = answer.includes(field.value);
  const menus = [...form.querySelectorAll("select")];
  for (const menu of menus) {
    const key = menu.name.slice("answer-".length);
    const pair = answer.find((given) => given.startsWith(`${key}=`));
    menu.value = pair ? pair.slice(key.length + 1) : String(answer.indexOf(key) + 1);
  }
}

export function keptPlace(part) {
  const { item, hash } = part.dataset;
  kept.keepOpen(item, hash, (open) => {
    open.place = location.pathname + location.search;
  });
}

export function keptDone(part) {
  const { item, hash, passed, answers } = part.dataset;
  kept.keepDone(item, hash, { answers: JSON.parse(answers), passed: passed === "yes" });
}

// What the device knows of an item, in words.
export function keptItem(line) {
  const { item, hash } = line.dataset;
  const done = kept.doneOf(item);
  const open = kept.every()[item]?.open;
  const words = [];
  const on = done && { day: day(done.doneAt) };
  if (done?.passed) words.push(_("Passed on this device on %(day)s.", on));
  else if (done) words.push(_("Finished, not passed yet, on this device on %(day)s.", on));
  if (open && hash && open.hash !== hash) words.push(_("It has changed since you began it, so it begins anew."));
  else if (open) words.push(_("You have begun it."));
  line.textContent = words.join(" ");
  line.hidden = !words.length;
}

export function keptBegin(link) {
  const { item, hash } = link.dataset;
  const open = kept.openOf(item, hash);
  if (open?.place?.startsWith("/carers/")) {
    link.href = open.place;
    link.textContent = _("Go on where you stopped");
  } else if (kept.doneOf(item)) {
    link.textContent = _("Do it again");
  }
}

export function keptAny(part) {
  part.hidden = !Object.keys(kept.every()).length;
  part.querySelector("[data-forget]").addEventListener("click", () => {
    if (!window.confirm(_("Forget everything that this device kept of your learning? It cannot be brought back."))) return;
    kept.forgetAll();
    location.reload();
  });
}

export function keptAnswers(form) {
  const { item, hash } = form.dataset;
  const open = kept.openOf(item, hash);
  form.elements.answers.value = JSON.stringify(open?.answers ?? kept.doneOf(item)?.answers ?? {});
  form.hidden = false;
}

export function keptProgress(field) {
  field.value ||= JSON.stringify(kept.finished());
}

export function keptTaken(part) {
  const taken = new Set(part.dataset.ids.split(" "));
  for (const done of kept.finished()) if (taken.has(done.id)) kept.forget(done.item);
}
