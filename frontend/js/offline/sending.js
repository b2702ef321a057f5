// Sends what is not sent yet: one sender at a time, one attempt at a time, and done only by the server's receipt.
import { N_ } from "../language.js";
import { alone } from "./alone.js";
import { asSent, takeReceipt, unsent } from "./attempts.js";
import { drop, set, setting } from "./db.js";
import { tell } from "./news.js";

const PATIENCE = 30_000;
// Kept in English, and said in the language of the page that shows it.
const UNREADABLE = N_("Show this to your manager, or save it to a file first.");
const BUSY = new Set([408, 425, 429, 500, 502, 503, 504]);

// Says how it went: "nothing", "sent", "failed", "signed-out" or "another".
export function send() {
  return alone("training-send", sendEach);
}

async function sendEach() {
  const person = await setting("person");
  if (!person) return "nothing";
  const { mine } = await unsent(person);
  let outcome = "nothing";
  for (const attempt of mine) {
    outcome = await sendOne(person, attempt);
    if (outcome !== "sent") break;
  }
  if (outcome === "sent") {
    // What the phone keeps is older than what the server has now.
    const kept = await setting("keeping");
    if (kept?.at) await set("keeping", { ...kept, at: 0 });
    tell("sent");
  }
  return outcome;
}

async function sendOne(person, attempt) {
  const sent = asSent(attempt);
  let response, body;
  try {
    response = await post({ person, device_now: new Date().toISOString(), attempts: [sent] });
    body = response.status < 500 ? await response.json().catch(() => ({})) : {};
  } catch {
    return "failed";
  }
  if (response.status === 401) {
    await set("signed-out", body.sign_in ?? "/sign-in");
    tell("attempts");
    return "signed-out";
  }
  if (response.status === 409) {
    await drop("settings", "person");
    tell("attempts");
    return "another";
  }
  const receipt = body.receipts?.find((one) => one.attempt_id === attempt.attempt_id);
  // What it never can read would be sent for ever, and hold up what comes after it.
  const unreadable = !response.ok && !BUSY.has(response.status);
  if (!receipt && !unreadable) return "failed";
  await drop("settings", "signed-out");
  await takeReceipt(sent, receipt ?? { state: "refused", words: UNREADABLE });
  return "sent";
}

function post(body) {
  const giveUp = new AbortController();
  setTimeout(() => giveUp.abort(), PATIENCE);
  return fetch("/offline/attempts", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Requested-With": "fetch" },
    body: JSON.stringify(body),
    credentials: "same-origin",
    redirect: "error",
    signal: giveUp.signal,
  });
}
