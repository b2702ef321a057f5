// A question on a card: reads the answer from its form, and draws what is said of it where the server would.
import { announce } from "../announce.js";
import { element, html, safe } from "./html.js";
import { isRight, partnerOf, readAnswer } from "./marking.js";
import * as words from "./words.js";

// `keep` takes the keys of a whole answer and says whether they are kept.
export function ask(box, question, keep) {
  const form = box.querySelector("form");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const keys = readAnswer(new FormData(form), question);
    if (!keys.length) return refuse(box, question);
    if (!(await keep(keys))) return say(form, words.notStored);
    answered(box, question, keys);
    const first = box.querySelector("[data-feedback]");
    first?.focus();
    announce(first?.textContent ?? "");
    return null;
  });
}

export function answered(box, question, keys) {
  const right = isRight(question, keys);
  for (const old of box.querySelectorAll("[data-unsent], .nhsuk-error-message, form > [type=submit]")) old.remove();
  box.querySelector(".nhsuk-form-group--error")?.classList.remove("nhsuk-form-group--error");
  const rows = [...box.querySelectorAll(".app-option")];
  const wrongChosen = question.options.some((option) => !option.right && keys.includes(option.key));
  if (question.kind === "several") verdict(rows[0].parentElement, right, !wrongChosen);
  if (question.kind === "order" || question.kind === "match") verdict(rows[0], right);
  for (const row of rows) {
    const field = row.querySelector("input, select");
    const key = field.name === "answer" ? field.value : field.name.slice("answer-".length);
    const option = question.options.find((one) => one.key === key);
    field.disabled = true;
    row.classList.add("app-option--answered");
    const told = tellOf(question, keys, option, field);
    if (told) row.classList.add(`app-option--${told.right ? "right" : "wrong"}`);
    if (told) row.append(feedback(option, told));
  }
  for (const field of box.querySelectorAll("input[name=answer]")) field.name = `answer-${question.id}`;
}

// What is said of one option, with the field as it was answered; nothing of one that was not chosen.
function tellOf(question, keys, option, field) {
  if (question.kind === "order") {
    const right = keys.indexOf(option.key) === question.options.indexOf(option);
    field.value = keys.indexOf(option.key) + 1;
    return { right, said: right ? words.rightPlace : words.otherPlace(question.options.indexOf(option) + 1) };
  }
  if (question.kind === "match") {
    const partner = partnerOf(question, keys, option)?.partner;
    for (const choice of field.options) choice.selected = choice.value !== "" && choice.textContent.trim() === partner;
    const right = partner === option.partner;
    return { right, said: right ? words.rightPair : words.notPair };
  }
  field.checked = keys.includes(option.key);
  if (!field.checked) return null;
  const several = question.kind === "several";
  return { right: option.right, leads: !several, said: option.right ? words.right : several ? words.notThis : words.notQuite };
}

function verdict(before, right, allRight = false) {
  before.before(
    element(html`<div class="app-feedback app-feedback--verdict app-feedback--${right ? "right" : "wrong"}">
      <p class="app-feedback__heading" tabindex="-1" data-feedback>${right ? words.right : words.notQuite}</p>
      ${allRight && !right && html`<p>${words.moreToFind}</p>`}
    </div>`),
  );
}

const feedback = (option, { right, leads, said }) =>
  element(html`<div class="app-feedback app-feedback--${right ? "right" : "wrong"}">
    <p class="app-feedback__heading"${leads && safe(' tabindex="-1" data-feedback')}>${said}</p>${safe(option.feedback)}</div>`);

function refuse(box, question) {
  const said = question.kind === "order" ? words.choosePlaces : words.chooseFirst;
  box.querySelector(".nhsuk-error-message")?.remove();
  const id = `${box.id}-error`;
  const message = element(html`<span class="nhsuk-error-message" id="${id}" tabindex="-1">
    <span class="nhsuk-u-visually-hidden">${words.error}</span> ${said}</span>`);
  const fieldset = box.querySelector("fieldset");
  box.querySelector(".nhsuk-form-group").classList.add("nhsuk-form-group--error");
  (fieldset.querySelector(".nhsuk-hint") ?? fieldset.querySelector("legend")).after(message);
  fieldset.setAttribute("aria-describedby", `${fieldset.querySelector(".nhsuk-hint")?.id ?? ""} ${id}`.trim());
  message.focus();
  announce(said);
  return null;
}

function say(form, said) {
  form.querySelector("[data-unsent]")?.remove();
  form.append(element(html`<p class="app-unsent" data-unsent>${said}</p>`));
  announce(said);
  return null;
}
