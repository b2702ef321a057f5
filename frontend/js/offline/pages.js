// Pages of the learner's that are no card and no scene: home, a track, an item, the record, and what needs a signal.
import { begin, isUnsent } from "./attempts.js";
import { all } from "./db.js";
import { html, langOf } from "./html.js";
import * as words from "./words.js";

const LATE = new Set(["overdue", "expired"]);
const URGENT = new Set([...LATE, "expiring-soon", "not-yet-due"]);
const HOME = ["/home", words.home];

export const address = ({ kind, slug }) => `/${kind}s/${slug}`;
export const heading = (text, lang = "") => html`<h1 class="nhsuk-heading-l"${lang}>${text}</h1>`;
export const button = (href, name, more = "") => html`<p><a class="nhsuk-button${more}" href="${href}">${name}</a></p>`;
export const plain = (title, text) => ({ title, body: html`${heading(title)}<p>${text}</p>${button(...HOME)}` });
const empty = (title) => ({ title, body: html`${heading(title)}<p>${words.empty}</p>` });
export const notHere = () => plain(words.notHere, words.notHereHint);

export function needsSignal() {
  const view = plain(words.needsSignal, words.needsSignalHint);
  const back = html`<p><button class="nhsuk-button nhsuk-button--secondary" type="button" data-back>${words.back}</button></p>`;
  return {
    ...view,
    body: html`${view.body}${history.length > 1 && back}`,
    after: (main) => main.querySelector("[data-back]")?.addEventListener("click", () => history.back()),
  };
}

// Where somebody stands with each item: what the server said, and what was done here since.
async function standing(me) {
  const attempts = (await all("attempts")).filter((attempt) => attempt.person === me.person);
  const found = (line, test) => attempts.find((attempt) => attempt.slug === line.slug && test(attempt));
  return me.items.map((line) => {
    const ended = (id) => attempts.some((attempt) => attempt.attempt_id === id && (attempt.finished_at || attempt.receipt));
    const own = found(line, (attempt) => !attempt.finished_at && !attempt.receipt);
    const draft = line.draft && !ended(line.draft.attempt_id) ? line.draft : null;
    return {
      ...line,
      begun: Boolean(own || draft),
      inRefresher: Boolean((own ?? draft)?.question_ids),
      waiting: Boolean(found(line, (attempt) => attempt.finished_at && isUnsent(attempt))),
    };
  });
}

export async function home({ me }) {
  if (!me) return empty(words.home);
  const lines = await standing(me);
  const open = lines.filter((line) => !line.waiting);
  const asked = lines.some((line) => line.status);
  const next = nextOf(open) ?? (asked ? null : open[0]);
  const tracks = me.tracks?.length > 0 && html`<h2 class="nhsuk-heading-m">${words.yourTrack(me.tracks.length)}</h2>
    <ul class="app-choices">${me.tracks.map((one) => html`<li><a class="app-choices__item" href="/tracks/${one.role}"${langOf({})}><span class="app-choices__title">${one.title}</span></a></li>`)}</ul>`;
  return {
    title: words.home,
    body: html`${heading(words.home)}
      <section class="app-next" aria-labelledby="next-heading">${next ? nextThing(next) : nothingToDo()}</section>
      <h2 class="nhsuk-heading-m">${words.everything}</h2>
      <ul class="app-list">${lines.map(line)}</ul>${tracks}`,
  };
}

// As the server has it: what is late, then what was begun, then what is due.
function nextOf(lines) {
  const late = lines.filter((line) => LATE.has(line.status));
  const begun = (line) => line.begun;
  return late.find(begun) ?? late[0] ?? lines.find(begun) ?? lines.find((line) => URGENT.has(line.status));
}

const nextThing = (one) => html`<p class="app-next__eyebrow">${one.begun ? words.goOnWhere : words.nextForYou}</p>
  <h2 class="app-next__title" id="next-heading"${langOf(one)}>${one.title}</h2>
  <p class="app-next__text">${one.inRefresher ? words.refresherNot(one.kind) : one.refresher && !one.begun ? `${words.refresherAbout(one.refresher.minutes)}.` : `${words.minutes(one.minutes)}.`} <span${langOf(one)}>${one.summary}</span></p>
  ${one.status && one.status !== "up-to-date" && html`<p class="app-next__text">${one.reason}</p>`}
  <a class="nhsuk-button" href="${address(one)}">${one.begun ? words.goOn : words.begin}</a>`;

const nothingToDo = () => html`<p class="app-next__eyebrow">${words.upToDateEyebrow}</p>
  <h2 class="app-next__title" id="next-heading">${words.upToDate}</h2>
  <p class="app-next__text">${words.upToDateHint}</p>`;

function line(one) {
  const what = one.inRefresher
    ? words.refresherBegun
    : one.refresher && !one.begun
      ? words.refresherAbout(one.refresher.minutes)
      : `${words.ofKind(one.kind, one.minutes)}${one.begun ? `; ${words.begun}` : ""}`;
  return html`<li class="app-list__item"><div class="app-list__main">
      <a class="app-list__link" href="${address(one)}"${langOf(one)}>${one.title}</a>
      <p class="app-list__text">${what}${one.waiting && `; ${words.waiting}`}</p>
      ${one.reason && html`<p class="app-list__text">${one.reason}</p>`}
    </div>${tag(one)}</li>`;
}

const tag = ({ status, status_words: said }) => status && html`<strong class="app-status app-status--${status}">${said}</strong>`;

export async function track({ me, parts: [role] }) {
  const found = me?.tracks?.find((one) => one.role === role);
  if (!found) return notHere();
  const lines = await standing(me);
  const list = (name, slugs) => {
    const shown = slugs.map((slug) => lines.find((one) => one.slug === slug)).filter(Boolean);
    return shown.length > 0 && html`<h2 class="nhsuk-heading-m">${name}</h2><ol class="app-list">${shown.map(line)}</ol>`;
  };
  return {
    title: found.title,
    back: HOME,
    body: html`${heading(found.title, langOf({}))}<p class="app-lede"${langOf({})}>${found.purpose}</p>${list(words.core, found.core)}${list(words.further, found.further)}`,
  };
}

export async function item({ me, parts: [kind, slug], open, go }) {
  const { line: found, item, attempt, waiting } = me ? await open(slug) : {};
  if (!found || !item || found.kind !== kind) return notHere();
  const { refresher } = found;
  const first = kind === "module" ? `${address(found)}/cards/1` : `${address(found)}/play`;
  return {
    title: found.title,
    back: HOME,
    body: html`${heading(found.title, langOf(found))}<p class="app-lede"${langOf(found)}>${found.summary}</p>
      <p>${words.about(kind, found.minutes)}</p>
      ${found.status && html`<p>${tag(found)}</p>`}${found.reason && html`<p>${found.reason}</p>`}
      ${waiting && html`<div class="nhsuk-inset-text"><p>${words.keptResult}</p></div>`}
      ${attempt ? begun(found, attempt) : refresher && !waiting ? offered(found) : beginning("whole", waiting ? words.again : words.begin, waiting)}
      ${item.outcomes && html`<h2 class="nhsuk-heading-s">${words.afterwards}</h2>
      <ul class="nhsuk-list nhsuk-list--bullet"${langOf(item)}>${item.outcomes.map((one) => html`<li>${one}</li>`)}</ul>`}
      ${button(`${first}?practice`, words.practise, " nhsuk-button--secondary")}
      <p>${words.practiseHint}</p>`,
    after: (main) => beginHere(main, found, go),
  };
}

function begun(found, attempt) {
  const whole = attempt.question_ids && attempt.hash === found.hash;
  return html`${attempt.question_ids && html`<p>${words.youBeganRefresher}</p>`}
    ${button(`${address(found)}/go-on`, words.goOnWhere)}
    ${whole && html`<p>${words.wholeKeeps(found.minutes)}</p>${beginning("whole", words.takeWhole, true)}`}`;
}

const offered = ({ refresher, minutes }) => html`<h2 class="nhsuk-heading-m">${words.refresherAbout(refresher.minutes)}</h2>
  <p>${words.refresherAsks(refresher.question_ids.length)}</p>${beginning("refresher", words.beginRefresher)}
  <p>${words.wholeInstead(minutes)}</p>${beginning("whole", words.takeWhole, true)}`;

export const beginning = (what, name, secondary) =>
  html`<p><button class="nhsuk-button${secondary && " nhsuk-button--secondary"}" type="button" data-begin="${what}">${name}</button></p>`;

export function beginHere(main, found, go) {
  for (const pressed of main.querySelectorAll("[data-begin]")) {
    pressed.addEventListener("click", async () => {
      const refresher = pressed.dataset.begin === "refresher";
      const attempt = await begin(found.slug, { refresher }).catch(() => null);
      if (!attempt) return pressed.after(words.notStored);
      navigator.storage?.persist?.();
      location.href = refresher ? `${address(found)}/why` : `${address(found)}/go-on`;
      return null;
    });
  }
}

export async function record({ me }) {
  if (!me) return empty(words.record);
  const lines = (await standing(me)).filter((one) => one.status || one.begun || one.waiting);
  return {
    title: words.record,
    body: html`${heading(words.record)}<p>${words.recordHint}</p><ul class="app-list">${lines.map(line)}</ul>`,
  };
}

export function signOut({ forget }) {
  return {
    title: words.leaveNeedsSignal,
    back: HOME,
    body: html`${heading(words.leaveNeedsSignal)}<p>${words.leaveHere}</p>
      <button class="nhsuk-button nhsuk-button--secondary" type="button" data-forget>${words.forget}</button>`,
    after: (main) => main.querySelector("[data-forget]").addEventListener("click", forget),
  };
}

