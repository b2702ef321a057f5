// Attempts as the device keeps them: begun, answered and finished here, until the server's receipt says that it has them.
//
// An answer is `held` once the server has it; of a story the first `held` choices are. What is not held is counted.
import { all, asked, within } from "./db.js";
import { tell } from "./news.js";

const now = () => new Date().toISOString();

export const isOver = (attempt) => Boolean(attempt.receipt || attempt.finished_at);
export const isUnsent = (attempt) => !attempt.receipt && !attempt.refused && Boolean(attempt.finished_at || answersLeft(attempt));

function answersLeft({ answers, choices, held }) {
  return Object.values(answers).filter((answer) => !answer.held).length + Math.max(0, choices.length - held);
}

// What is not sent yet, and what of it belongs to whoever is signed in.
export async function unsent(person) {
  const waiting = (await all("attempts")).filter(isUnsent);
  const mine = waiting.filter((attempt) => attempt.person === person);
  return { mine, ...count(mine), others: count(waiting.filter((attempt) => attempt.person !== person)) };
}

function count(attempts) {
  const answers = attempts.reduce((sum, attempt) => sum + answersLeft(attempt), 0);
  return { answers, finished: attempts.filter((attempt) => attempt.finished_at).length, any: attempts.length > 0 };
}

// The line of an item in what is kept, and the attempt at it that is open: the device's own, or the one the server told of.
export async function openAt(slug, { attemptId } = {}) {
  return within(["me", "attempts"], "readonly", (store) => find(store, slug, attemptId));
}

async function find(store, slug, attemptId) {
  const me = await asked(store("me").get("me"));
  const line = me?.items.find((item) => item.slug === slug);
  if (!line) return {};
  const mine = (await asked(store("attempts").getAll())).filter((one) => one.person === me.person && one.slug === slug);
  const waiting = mine.find((one) => one.finished_at && !one.receipt) ?? null;
  const fromServer = line.draft && !mine.some((one) => one.attempt_id === line.draft.attempt_id && isOver(one));
  let attempt = mine.find((one) => !isOver(one)) ?? (fromServer ? fromDraft(me, line) : null);
  // A page that was drawn online names its attempt: no other may take its answers, unless the device's own goes before.
  if (attemptId && attempt?.attempt_id !== attemptId && !mine.includes(attempt)) attempt = null;
  return { me, line, attempt, waiting };
}

function fromDraft(me, line) {
  const { draft } = line;
  const answers = draft.answers.choices ? {} : draft.answers;
  const choices = draft.answers.choices ?? [];
  return {
    ...fresh(me, line, draft),
    attempt_id: draft.attempt_id,
    started_at: draft.started_at,
    answers: Object.fromEntries(
      Object.entries(answers).map(([name, keys]) => [name, { keys, at: draft.started_at, held: true }]),
    ),
    choices: choices.map((choice) => ({ choice, at: draft.started_at })),
    held: choices.length,
    sent: true,
  };
}

function fresh(me, line, { address, hash, role, ticket, question_ids = null, cards = null, changed = [], why = [] }) {
  const { slug, kind, title } = line;
  return {
    person: me.person, slug, kind, title, address, hash, role, ticket, question_ids, cards, changed, why,
    answers: {}, choices: [], held: 0, finished_at: null, receipt: null, refused: "",
  }; // prettier-ignore
}

// Begins an item, or goes on with what is open; whoever wants all of it after all keeps the answers given.
export function begin(slug, { attemptId, role, refresher = false }) {
  return within(["me", "attempts"], "readwrite", async (store) => {
    const { me, line, attempt } = await find(store, slug);
    if (!line || (role && role !== line.role)) return null;
    const { address, hash } = line;
    const whole = { address, hash, role: line.role, ticket: line.ticket };
    const wanted = refresher && line.refresher ? { ...whole, ...line.refresher } : whole;
    if (!attempt) {
      return save(store, {
        ...fresh(me, line, wanted),
        attempt_id: attemptId || crypto.randomUUID(),
        started_at: now(),
      });
    }
    if (!refresher && attempt.question_ids && attempt.hash === line.hash) {
      Object.assign(attempt, { ticket: line.ticket, address: line.address, question_ids: null, cards: null });
    }
    return save(store, attempt);
  });
}

// Keeps something in the open attempt at an item; says null where there is none. The first answer to a question stays.
function change(slug, attemptId, work) {
  return within(["me", "attempts"], "readwrite", async (store) => {
    const { attempt } = await find(store, slug, attemptId);
    if (!attempt) return null;
    work(attempt);
    return save(store, Object.assign(attempt, { refused: "" }));
  }).finally(() => tell("attempts"));
}

async function save(store, attempt) {
  attempt.touched_at = now();
  await asked(store("attempts").put(attempt));
  return attempt;
}

export function answer(slug, question, keys, attemptId) {
  return change(slug, attemptId, (attempt) => {
    attempt.answers[question] ??= { keys, at: now(), held: false };
  });
}

// `step` is how many choices were made before, so that a second tap changes nothing.
export function choose(slug, step, choice, attemptId) {
  return change(slug, attemptId, ({ choices }) => {
    if (step === choices.length) choices.push({ choice, at: now() });
  });
}

export function finish(slug, attemptId) {
  return change(slug, attemptId, (attempt) => {
    attempt.finished_at ??= now();
  });
}

// What a page drawn online shows that the server has: what was answered there is not asked again here.
export function noteHeld(attemptId, { answers = {}, choices = null }) {
  return within("me", "readwrite", async (store) => {
    const me = await asked(store("me").get("me"));
    const draft = me?.items.find((item) => item.draft?.attempt_id === attemptId)?.draft;
    if (!draft) return false;
    draft.answers = choices ? { choices } : { ...draft.answers, ...answers };
    await asked(store("me").put(me, "me"));
    return true;
  });
}

export function remove(attemptId) {
  return within("attempts", "readwrite", (store) => asked(store("attempts").delete(attemptId))).finally(() =>
    tell("attempts"),
  );
}

// An attempt in the words of the protocol: always the whole of it.
export function asSent(attempt) {
  const { attempt_id, ticket, started_at, finished_at, answers, choices, kind } = attempt;
  const given = Object.entries(answers).map(([name, { keys, at }]) => [name, { keys, at }]);
  const work = kind === "scenario" ? { choices } : { answers: Object.fromEntries(given) };
  return { attempt_id, ticket, ...work, started_at, finished_at };
}

// Takes a receipt for what was sent; what was answered meanwhile stays not sent.
export function takeReceipt(sent, receipt) {
  return within("attempts", "readwrite", async (store) => {
    const attempts = store("attempts");
    const attempt = await asked(attempts.get(sent.attempt_id));
    if (!attempt) return;
    if (receipt.state === "recorded") {
      Object.assign(attempt, { receipt, answers: {}, choices: [], held: 0, finished_at: attempt.finished_at ?? now() });
    } else if (receipt.state === "kept") adopt(attempt, sent, receipt);
    else attempt.refused = receipt.words;
    const id = receipt.state === "kept" ? receipt.attempt_id_to_use : attempt.attempt_id;
    if (id && id !== attempt.attempt_id) {
      await asked(attempts.delete(attempt.attempt_id));
      const other = await asked(attempts.get(id));
      attempt.attempt_id = id;
      if (other) attempt.answers = { ...other.answers, ...attempt.answers };
    }
    await asked(attempts.put(attempt));
  }).finally(() => tell("attempts"));
}

// What the server keeps of it goes before what is kept here: the first answer stays, and the longer way.
function adopt(attempt, sent, { holds = {}, answers, words }) {
  attempt.sent = true;
  const ids = Array.isArray(answers) ? answers : [];
  for (const id of ids) if (attempt.answers[id]) attempt.answers[id].held = true;
  for (const [id, keys] of Object.entries(holds.choices ? {} : holds)) {
    attempt.answers[id] = { keys, at: attempt.answers[id]?.at ?? attempt.started_at, held: true };
  }
  const there = holds.choices ?? sent.choices?.map(({ choice }) => choice) ?? [];
  if (!there.every((choice, index) => attempt.choices[index]?.choice === choice)) {
    attempt.choices = there.map((choice, index) => ({ choice, at: attempt.choices[index]?.at ?? attempt.started_at }));
  }
  attempt.held = there.length;
  // It lacked something, so it goes on being half-done.
  if (sent.finished_at) Object.assign(attempt, { finished_at: null, note: words });
}
