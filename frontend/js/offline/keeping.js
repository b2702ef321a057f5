// Puts a learner's whole track on the phone, each part as it arrives, and takes away what nothing needs any more.
import { alone } from "./alone.js";
import { isOver, isUnsent } from "./attempts.js";
import { all, asked, get, keys, set, setting, within } from "./db.js";
import { tell } from "./news.js";

const FRESH = 10 * 60_000;
const PICTURE = /"(\/pictures\/[^"]+)"/g;

export async function isWanted() {
  return (await wish()) ?? !navigator.connection?.saveData;
}

// What whoever is signed in chose; one person's choice decides nothing for the next.
export async function wish() {
  const [kept, person] = [await setting("keep"), await setting("person")];
  return kept && kept.person === person ? kept.wanted : undefined;
}

export async function want(wanted) {
  await set("keep", { person: await setting("person"), wanted });
}

// Says what is kept: "done", "part" (the signal went), "full", "off", "signed-out" or "failed".
export function keep({ force = false } = {}) {
  return alone("training-keep", () => keepAsRead(force), { orElse: "busy" });
}

// Whoever chose another language while the training came in must not be left with the one before.
async function keepAsRead(force) {
  const outcome = await keepAll(force);
  const [kept, looks] = [await setting("keeping"), await setting("looks")];
  return outcome === "done" && kept?.language !== looks?.language ? keepAsRead(true) : outcome;
}

async function keepAll(force) {
  const before = await setting("keeping");
  if (!(await isWanted())) {
    await forgetTraining();
    return say({ state: "off", bytes: before?.bytes });
  }
  const [me, person] = [await get("me", "me"), await setting("person")];
  // What was kept in another language than the reader's is not good enough, however new it is.
  const language = (await setting("looks"))?.language;
  const isHere = before?.state === "done" && before.language === language && me?.person === person;
  const isFresh = isHere && Date.now() - before.at < FRESH;
  if (isFresh && !force) return "done";
  const asOf = new Date().toISOString();
  let response;
  try {
    response = await ask("/offline/me");
  } catch {
    return "failed";
  }
  if (!response.ok) return response.status === 401 ? "signed-out" : "failed";
  const fresh = await response.json();
  if (me && me.person !== fresh.person) await forgetTraining();
  if (!(await putFor(fresh.person, "me", fresh, "me"))) return "stopped";
  await forgetSent(fresh, asOf);
  return keepItems(fresh, language);
}

// Puts something by for whoever is signed in, and for nobody who signed out while it was on its way.
function putFor(person, name, value, key) {
  return within([name, "settings"], "readwrite", async (store) => {
    if ((await asked(store("settings").get("person"))) !== person) return false;
    await asked(store(name).put(value, key));
    return true;
  });
}

const ask = (address) => fetch(address, { headers: { "X-Requested-With": "fetch" }, credentials: "same-origin" });

async function keepItems(me, language) {
  const needed = new Set(me.items.flatMap((item) => [item.address, item.draft?.address]).filter(Boolean));
  const of = needed.size;
  for (const { person, receipt, address } of await all("attempts")) {
    if (person === me.person && !receipt) needed.add(address);
  }
  const kept = new Set(await keys("items"));
  for (const address of kept) if (!needed.has(address)) await removeItem(address);
  const bytes = me.items.reduce((sum, item) => sum + (item.bytes ?? 0), 0);
  const missing = [...needed].filter((address) => !kept.has(address));
  let done = of - missing.length;
  for (const address of missing) {
    const outcome = await keepItem(address, me.person);
    if (outcome === "stopped") return outcome;
    if (outcome === "full" || outcome === "failed") {
      return say({ state: outcome === "full" ? "full" : "part", done, of, bytes });
    }
    done += 1;
    await say({ state: "part", done, of, bytes });
  }
  const modules = me.items.filter((item) => item.kind === "module").length;
  return say({ state: "done", modules, scenarios: me.items.length - modules, bytes, language, at: Date.now() });
}

async function keepItem(address, person) {
  try {
    const response = await ask(address);
    // One that is gone must not keep the others waiting.
    if (!response.ok) return response.status < 500 && response.status !== 401 ? "gone" : "failed";
    const text = await response.text();
    if (!(await putFor(person, "items", { ...JSON.parse(text), address }))) return "stopped";
    return await keepPictures(text.replaceAll('\\"', '"'), person);
  } catch (error) {
    return error?.name === "QuotaExceededError" ? "full" : "failed";
  }
}

async function keepPictures(text, person) {
  const addresses = new Set([...text.matchAll(PICTURE)].map((found) => found[1]));
  if (addresses.size) await (await caches.open("pictures")).addAll([...addresses]);
  if ((await setting("person")) === person) return "kept";
  await caches.delete("pictures");
  return "stopped";
}

const removeItem = (address) => within("items", "readwrite", (store) => asked(store("items").delete(address)));

async function say(news) {
  await set("keeping", news);
  tell("kept");
  return news.state;
}

// The server told of every attempt that is half-done: what it had whole from here need not be kept twice.
async function forgetSent(me, asOf) {
  await within("attempts", "readwrite", async (store) => {
    for (const attempt of await asked(store("attempts").getAll())) {
      const isHeld = attempt.sent && !isUnsent(attempt) && !isOver(attempt) && !attempt.refused;
      if (attempt.person === me.person && isHeld && attempt.touched_at < asOf) store("attempts").delete(attempt.attempt_id);
    }
  });
}

// Takes everything personal off the phone; what is not sent yet stays, and holds no names.
export const forgetTraining = () => forget([]);

export const forgetPerson = () => forget(["person", "looks"]);

// Whose phone it is goes with the rest in one transaction: nothing that was on its way can be put by in between.
async function forget(names) {
  await within(["me", "items", "attempts", "settings"], "readwrite", async (store) => {
    store("me").clear();
    store("items").clear();
    for (const name of ["keeping", ...names]) store("settings").delete(name);
    for (const attempt of await asked(store("attempts").getAll())) {
      if (!isUnsent(attempt) && !attempt.refused) store("attempts").delete(attempt.attempt_id);
    }
  });
  await self.caches?.delete("pictures");
  tell("kept");
}
