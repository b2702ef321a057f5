// What this device keeps of somebody who learns without an account: one text in local storage, sent nowhere by itself.
//
// For each item: `open` is the attempt in progress, `done` the last one finished. A changed module is begun anew.
const KEY = "carers";

export function every() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return found && typeof found === "object" ? found : {};
  } catch {
    return {}; // storage refused, or a text that is not ours
  }
}

export function finished() {
  return Object.values(every()).flatMap((one) => (one.done ? [one.done] : []));
}

export function openOf(item, hash) {
  const open = every()[item]?.open;
  return open?.hash === hash ? open : null;
}

export function doneOf(item) {
  return every()[item]?.done ?? null;
}

export function keepOpen(item, hash, change) {
  const open = openOf(item, hash) ?? { id: newId(), item, hash, answers: {}, startedAt: new Date().toISOString() };
  change(open);
  put(item, { ...every()[item], open });
}

export function keepDone(item, hash, { answers, passed }) {
  const open = openOf(item, hash);
  const before = doneOf(item);
  // The page of a result that is opened again is the same attempt, not another.
  if (!open && before?.hash === hash && JSON.stringify(before.answers) === JSON.stringify(answers)) return;
  const now = new Date().toISOString();
  const start = { id: newId(), startedAt: now, ...(open ?? {}) };
  const done = { ...start, item, hash, answers, passed, doneAt: now };
  put(item, before?.passed && !passed ? { done: before } : { done });
}

export function forget(item) {
  const all = every();
  delete all[item];
  save(all);
}

export function forgetAll() {
  localStorage.removeItem(KEY);
}

function put(item, entry) {
  save({ ...every(), [item]: entry });
}

function save(all) {
  try {
    localStorage.setItem(KEY, JSON.stringify(all));
  } catch {
    // Full or refused: the pages work without, they only forget.
  }
}

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Browsers give it to secure pages only; a home server on plain HTTP still has random bytes.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
