// A page drawn by the server, seen by somebody who is signed in: keeps the training, counts what is not sent, and takes
// an answer when the signal drops.
import { _, isEnglish, tag } from "../language.js";
import * as attempts from "./attempts.js";
import { banner } from "./banner.js";
import { drop, get, set, setting } from "./db.js";
import { forgetTraining } from "./keeping.js";
import { keptLine, lack } from "./kept-line.js";
import { leaving } from "./leaving.js";
import { readAnswer } from "./marking.js";
import { onNews } from "./news.js";
import { REMINDER } from "./reminder-words.js";
import * as words from "./words.js";

const CARD = /^\/modules\/([^/]+)\/cards\/\d+$/;
let registered = null;

export async function startPage(person) {
  const place = document.querySelector("[data-kept-training]");
  let isOther = false;
  try {
    const me = await get("me", "me");
    if (me && me.person !== person) await forgetTraining();
    await set("person", person);
    await drop("settings", "signed-out");
    isOther = await noteLooks();
  } catch {
    lack(place, words.noStore);
    return;
  }
  const signOut = document.querySelector('form[action="/sign-out"]');
  if (signOut) leaving(signOut, person);
  banner({ person, online: true });
  noteStory();
  registered = register();
  await keptLine(place, { tellWorker: "serviceWorker" in navigator && tellWorker });
  if (place || isOther || (await isUnknown())) tellWorker({ type: "keep", force: isOther || !place });
  onNews((what) => what === "sent" && tellWorker({ type: "keep", force: true }));
}

// What the reader chose of how pages look, for the pages that the phone draws; says whether it is another language.
async function noteLooks() {
  const looks = { ...document.documentElement.dataset };
  const reminder = { title: _(REMINDER.title), words: _(REMINDER.words) };
  if (!isEnglish) Object.assign(looks, { language: tag, reminder });
  const before = (await setting("looks")) ?? {};
  if (JSON.stringify(looks) !== JSON.stringify(before)) await set("looks", looks);
  return looks.language !== before.language;
}

async function register() {
  try {
    const registration = await navigator.serviceWorker.register("/sw.js");
    // A page of the server's has nothing half-done that a newer worker could break.
    const takeOver = (worker) => worker?.postMessage({ type: "take-over" });
    takeOver(registration.waiting);
    return registration;
  } catch {
    return null;
  }
}

async function tellWorker(message) {
  if (!(await registered)) return;
  const { active } = await navigator.serviceWorker.ready;
  active.postMessage(message);
}

// An attempt that was begun elsewhere, or just now: the phone learns of it, to go on with it when the signal drops.
async function isUnknown() {
  const shown = document.querySelector("form[data-module~=answer] [name=attempt_id], form[data-choices] [name=attempt_id]");
  if (!shown) return false;
  const me = await get("me", "me");
  return !me?.items.some((item) => item.draft?.attempt_id === shown.value);
}

function noteStory() {
  const form = document.querySelector("form[data-choices]");
  if (!form) return;
  const choices = form.dataset.choices.split(" ").filter(Boolean);
  attempts.noteHeld(form.elements.attempt_id.value, { choices }).catch(() => {});
}

// An answer that did not reach the server: says whether the phone took it, and then goes on there.
export async function keepAnswer(given) {
  const found = await answerIn(given).catch(() => null);
  if (!found?.keys.length) return false;
  const kept = await attempts.answer(found.slug, found.name, found.keys, found.attemptId).catch(() => null);
  if (!kept) return false;
  navigator.storage?.persist?.();
  history.replaceState(null, "", `#question-${found.name}`);
  location.reload();
  return true;
}

// An answer that did reach the server.
export async function noteAnswer(given) {
  const found = await answerIn(given).catch(() => null);
  if (found?.keys.length) await attempts.noteHeld(found.attemptId, { answers: { [found.name]: found.keys } });
}

async function answerIn(given) {
  const slug = location.pathname.match(CARD)?.[1];
  if (!slug || !navigator.serviceWorker?.controller) return null;
  const [attemptId, name] = [given.get("attempt_id"), given.get("question")];
  const { attempt } = await attempts.openAt(slug, { attemptId });
  const item = attempt && (await get("items", attempt.address));
  const question = item?.questions[name];
  return question ? { slug, attemptId, name, keys: readAnswer(given, question) } : null;
}
