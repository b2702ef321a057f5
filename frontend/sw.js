// The service worker: keeps the look and the shell, never a page of somebody's, and stands in when there is no signal.
//
// The server puts a first line before this: `self.KEPT`, with the version, the assets, the address of the shell and
// the words of each other language.
import * as attempts from "./js/offline/attempts.js";
import { get } from "./js/offline/db.js";
import { forgetPerson, keep } from "./js/offline/keeping.js";
import { readAnswer } from "./js/offline/marking.js";
import { send } from "./js/offline/sending.js";
import { keepLanguage, keepShell, shellHere } from "./js/worker/language.js";
import { dressed } from "./js/worker/looks.js";
import "./js/worker/push.js";

const { version, assets } = self.KEPT;
const CACHE = `app-${version}`;
const LEARNER = /^\/(home|record|tracks\/[^/]+|(?:module|scenario)s\/([^/]+)(?:\/(?:why|go-on|finish|play|cards\/\d+))?)\/?$/;
const SENT = /^\/(module|scenario)s\/([^/]+)\/(start|play|finish|cards\/\d+)$/;
const PATIENCE = 6000;
const LITTLE = 2500;
const REMEMBERED = 30_000;
const PATIENCE_TO_SEND = 12_000;
const NO_SERVER = new Set([502, 503, 504]);
let failedAt = 0;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("sync", (event) => event.waitUntil(sendOrFail()));
self.addEventListener("message", (event) => {
  if (event.data?.type === "take-over") self.skipWaiting();
  if (event.data?.type === "keep") event.waitUntil(keepHere(event.data));
});
self.addEventListener("fetch", (event) => {
  const answer = answerTo(event);
  if (answer) event.respondWith(answer);
});

async function install() {
  const cache = await caches.open(CACHE);
  await Promise.all([cache.addAll(assets), keepShell(cache)]);
}

async function activate() {
  for (const name of await caches.keys()) if (name.startsWith("app-") && name !== CACHE) await caches.delete(name);
  await self.clients.claim();
}

async function keepHere(wanted) {
  const language = caches.open(CACHE).then(keepLanguage);
  await Promise.allSettled([language, keep(wanted)]);
}

// Background sync tries again by itself where sending failed.
async function sendOrFail() {
  if ((await send()) === "failed") throw new Error("not sent");
}

function answerTo(event) {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return null;
  if (request.method === "GET" && pathname.startsWith("/static/dist/")) return kept(request, CACHE);
  if (request.method === "GET" && pathname.startsWith("/pictures/")) return kept(request, "pictures");
  if (request.mode !== "navigate") return null;
  if (request.method === "POST") return sentForm(event, pathname);
  const learner = pathname.match(LEARNER);
  if (learner) return learnerPage(request, learner[2]);
  // A file that is downloaded has no page to stand in for it.
  return /\.\w+$/.test(pathname) ? null : fetch(request).catch(drawnHere);
}

async function kept(request, name) {
  const found = await caches.match(request, { cacheName: name, ignoreVary: true });
  if (found) return found;
  const response = await fetch(request);
  if (response.ok && name === CACHE) (await caches.open(name)).put(request, response.clone());
  return response;
}

const drawnHere = () => caches.open(CACHE).then(shellHere).then(dressed);

async function learnerPage(request, slug) {
  if (!navigator.onLine) return drawnHere();
  // Where the line just failed it is not waited for so long again; but a slow one must get its chance in the end.
  const failed = Date.now() - failedAt < REMEMBERED;
  const patience = failed ? LITTLE : PATIENCE;
  try {
    // What was done here goes first, so that the server's page shows it.
    if (slug && (await hasUnsent(slug)) && (await inTime(send(), patience)) === "failed") throw new Error("no signal");
    const response = await inTime(fetch(request), patience);
    if (NO_SERVER.has(response.status)) throw new Error("no server");
    failedAt = 0;
    return response;
  } catch {
    if (!failed) failedAt = Date.now();
    return drawnHere();
  }
}

async function hasUnsent(slug) {
  const { mine } = await attempts.unsent(await get("settings", "person").catch(() => null)).catch(() => ({ mine: [] }));
  return mine.some((attempt) => attempt.slug === slug);
}

function inTime(work, patience) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error("no signal in time")), patience));
  return Promise.race([work, late]);
}

function sentForm(event, path) {
  if (path === "/sign-out") return signOut(event.request);
  const found = path.match(SENT);
  return found && learnerForm(event, found);
}

async function signOut(request) {
  let response;
  try {
    response = await fetch(request);
  } catch {
    return drawnHere();
  }
  if (response.type === "opaqueredirect" || response.ok) await forgetPerson().catch(() => {});
  return response;
}

// A form that a page of the server's sends: where the server does not answer, the phone takes it and goes on.
async function learnerForm(event, [, kind, slug, page]) {
  const form = event.request.clone().formData();
  form.catch(() => {});
  try {
    if (!navigator.onLine) throw new Error("no signal");
    const response = await inTime(fetch(event.request), PATIENCE_TO_SEND);
    if (NO_SERVER.has(response.status)) throw new Error("no server");
    // Begun or finished there: the phone asks what is half-done now.
    if (page === "start" || page === "finish") event.waitUntil(keep({ force: true }).catch(() => {}));
    return response;
  } catch {
    failedAt = Date.now();
    const next = await take(kind, slug, page, await form).catch(() => null);
    return next ? Response.redirect(next, 303) : drawnHere();
  }
}

// Takes a form into what the device keeps, and says where to go on; nothing where the item is not kept.
async function take(kind, slug, page, form) {
  const address = `/${kind}s/${slug}`;
  const attemptId = form.get("attempt_id");
  if (page === "start") {
    const role = form.get("role");
    const refresher = form.get("kind") === "refresher";
    const { line } = await attempts.openAt(slug);
    if (!line || !(await get("items", line.address))) return null;
    return (await attempts.begin(slug, { attemptId, role, refresher })) && `${address}/go-on`;
  }
  const { attempt } = await attempts.openAt(slug, { attemptId });
  const item = attempt && (await get("items", attempt.address));
  if (!item) return null;
  if (page === "finish") return (await attempts.finish(slug, attemptId)) && `${address}/finish`;
  if (page === "play") {
    await attempts.choose(slug, Number(form.get("step")), form.get("choice"), attemptId);
    return `${address}/play#scene`;
  }
  const name = form.get("question");
  const keys = item.questions[name] ? readAnswer(form, item.questions[name]) : [];
  if (keys.length) await attempts.answer(slug, name, keys, attemptId);
  return `${address}/${page}#question-${name}`;
}
