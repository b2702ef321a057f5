// The banner that says what is not sent yet, what has arrived and what was refused; there is none while all is well.
import { announce } from "../announce.js";
import { remove, unsent } from "./attempts.js";
import { all, setting } from "./db.js";
import { saveFile } from "./file.js";
import { element, html } from "./html.js";
import { onNews, tell } from "./news.js";
import { send } from "./sending.js";
import * as words from "./words.js";

const TIMER = 30_000;
let shown = "";
let note = "";

export async function banner({ person, online }) {
  const draw = () => redraw(person, online).catch(() => {});
  onNews(draw);
  const trySend = async () => {
    const { any } = await unsent(await setting("person")).catch(() => ({}));
    if (any && !document.hidden) await send().catch(() => {});
  };
  for (const event of ["online", "pageshow"]) window.addEventListener(event, trySend);
  document.addEventListener("visibilitychange", trySend);
  setInterval(trySend, TIMER);
  await draw();
  await trySend();
}

// A bonus where there is one: the browser wakes the worker when there is a signal, even with no page open.
async function askToBeWoken() {
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.sync?.register("send");
}

async function redraw(person, online) {
  const found = await unsent(person);
  if (found.any) askToBeWoken().catch(() => {});
  const attempts = (await all("attempts")).filter((attempt) => attempt.person === person);
  const parts = [
    found.any && waiting(found, await setting("signed-out")),
    found.others.any && html`<p>${words.another(found.others.answers || found.others.finished)}</p>`,
    ...attempts.filter(({ refused }) => refused).map(refused),
    ...attempts.filter(({ receipt }) => receipt).map((attempt) => arrived(attempt, online)),
    note && html`<p data-note>${note}</p>`,
  ].filter(Boolean);
  show(parts, found.any ? words.unsent(found) : "");
}

function waiting(found, signIn) {
  const address = `${signIn}?next=${encodeURIComponent(location.pathname)}`;
  return html`<p class="app-waiting__count"><strong data-unsent-count>${words.unsent(found)}.</strong> ${signIn ? words.signedOut : words.unsentHint}</p>
    <p class="app-waiting__acts">
      ${signIn ? html`<a class="nhsuk-button nhsuk-button--small" href="${address}">${words.signIn}</a>` : button("send", words.sendNow)}
      ${button("file", words.saveFile)}
    </p>`;
}

const refused = ({ attempt_id, title, refused: said }) =>
  html`<p>${words.refused(title, said)}</p><p class="app-waiting__acts">${button("remove", words.remove, attempt_id)}</p>`;

const arrived = ({ attempt_id, title, receipt }, online) =>
  html`<p data-arrived>${words.arrived(title, receipt.words)}
    ${online && html`<a href="/record/${attempt_id}">${words.seeResult}</a>`}</p>
    <p class="app-waiting__acts">${button("remove", words.fine, attempt_id)}</p>`;

const button = (act, name, id = "") =>
  html`<button class="nhsuk-button nhsuk-button--secondary nhsuk-button--small" type="button" data-act="${act}" data-id="${id}">${name}</button>`;

function show(parts, count) {
  const old = document.querySelector("[data-waiting]");
  const fresh = parts.length
    ? element(html`<section class="app-waiting" aria-label="${words.unsentName}" data-waiting><div class="app-container">${parts}</div></section>`)
    : null;
  if ((old?.innerHTML ?? "") === (fresh?.innerHTML ?? "")) return;
  const focused = old?.contains(document.activeElement) ? document.activeElement.dataset.act : null;
  if (old && fresh) old.replaceWith(fresh);
  else if (old) old.remove();
  else document.getElementById("main").before(fresh);
  fresh?.addEventListener("click", (event) => act(event.target.closest("[data-act]")));
  // Whoever stood on a button that is gone stands in what took its place.
  if (focused) (fresh?.querySelector(`[data-act="${focused}"]`) ?? document.getElementById("main")).focus();
  if (count !== shown || note) announce([count, note].filter(Boolean).join(". ") || (fresh?.textContent ?? "").trim());
  shown = count;
}

async function act(pressed) {
  if (!pressed) return;
  note = "";
  if (pressed.dataset.act === "remove") await remove(pressed.dataset.id);
  if (pressed.dataset.act === "file") note = await filed();
  if (pressed.dataset.act === "send") {
    pressed.setAttribute("aria-disabled", "true");
    note = (await send().catch(() => "failed")) === "failed" ? words.notGone : "";
  }
  tell("attempts");
}

export async function filed() {
  const saved = await saveFile().catch(() => false);
  return saved ? words.fileSaved : words.fileNeedsSignal;
}
