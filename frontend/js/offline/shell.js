// The page that stands in for a page of the server's when there is no signal: drawn from what the phone keeps, by the
// address that was asked for.
import { announce } from "../announce.js";
import listen from "../listen.js";
import { onMount } from "../mount.js";
import term from "../term.js";
import { openAt } from "./attempts.js";
import { banner } from "./banner.js";
import { get } from "./db.js";
import { element, html } from "./html.js";
import { forgetTraining, keep, want } from "./keeping.js";
import * as module from "./module-pages.js";
import { onNews } from "./news.js";
import * as pages from "./pages.js";
import * as story from "./story-pages.js";
import * as words from "./words.js";

const ROUTES = [
  [/^\/(home|offline)?$/, pages.home],
  [/^\/tracks\/([^/]+)$/, pages.track],
  [/^\/record$/, pages.record],
  [/^\/sign-out$/, pages.signOut],
  [/^\/(module|scenario)s\/([^/]+)(\/start)?$/, pages.item],
  [/^\/modules\/([^/]+)\/go-on$/, module.goOn],
  [/^\/modules\/([^/]+)\/why$/, module.why],
  [/^\/modules\/([^/]+)\/cards\/(\d+)$/, module.card],
  [/^\/modules\/([^/]+)\/finish$/, module.finish],
  [/^\/scenarios\/([^/]+)\/(?:go-on|play)$/, story.play],
  [/^\/scenarios\/([^/]+)\/finish$/, story.finish],
];

// Pages on which nothing can be half typed.
const LISTS = /^\/(home|offline|record|tracks\/[^/]+)?$/;

export async function drawShell() {
  let me = null;
  try {
    me = await get("me", "me");
    await draw(me);
  } catch {
    show(pages.plain(words.needsSignal, words.noRoom));
  }
  window.addEventListener("online", signalBack);
  onNews((what) => what === "sent" && arrived());
  if (me) banner({ person: me.person, online: false });
}

async function draw(me) {
  const path = location.pathname.replace(/(.)\/$/, "$1");
  const [pattern, view] = ROUTES.find(([one]) => one.test(path)) ?? [];
  if (!view) return show(pages.needsSignal());
  const parts = path.match(pattern).slice(1).map((part) => part && decodeURIComponent(part));
  const context = { me, parts, practice: new URLSearchParams(location.search).has("practice"), open, show, go, forget };
  return show(await view(context));
}

// The open attempt at an item with its content, as kept; the version that it began with.
async function open(slug, practice) {
  const found = await openAt(slug);
  const address = (!practice && found.attempt?.address) || found.line?.address;
  return { ...found, item: address ? ((await get("items", address)) ?? null) : null };
}

function go(address) {
  history.replaceState(null, "", address);
  return get("me", "me").then(draw);
}

async function forget() {
  await forgetTraining();
  await want(false);
  show(pages.plain(words.leaveNeedsSignal, words.forgotten));
}

// `focus` names what a reader is led to: by default nothing, as a page that was just opened is read from its top.
function show(view) {
  if (!view) return;
  const main = document.getElementById("main");
  document.title = `${view.title} – ${words.site}`;
  main.replaceChildren();
  if (view.back) main.append(element(html`<a class="nhsuk-back-link" href="${view.back[0]}"${view.back[2]}>${view.back[1]}</a>`));
  main.append(element(html`<p class="app-offline" data-no-signal>${view.practice ? words.practising : words.noSignal}
    <a href="${location.href}" data-reload>${words.tryAgain}</a></p>`));
  main.append(element(html`<div data-drawn>${view.body}</div>`));
  main.querySelector("[data-reload]").addEventListener("click", (event) => {
    event.preventDefault();
    location.reload();
  });
  mark(location.pathname);
  onMount({ listen, term }, main);
  view.after?.(main);
  const anchor = location.hash ? document.getElementById(location.hash.slice(1)) : null;
  const focus = (view.focus && main.querySelector(view.focus)) || anchor?.querySelector("[data-feedback]");
  if (!focus) return;
  focus.tabIndex = -1;
  focus.focus();
  announce(focus.textContent.trim());
}

function mark(path) {
  for (const link of document.querySelectorAll(".app-nav__link")) {
    if (link.getAttribute("href") === path) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

// What has arrived stands in the banner: nothing below it may say otherwise, or offer it once more.
async function arrived() {
  signalBack();
  for (const line of document.querySelectorAll("[data-until-sent]")) line.remove();
  await keep({ force: true });
  if (!LISTS.test(location.pathname)) return;
  const main = document.getElementById("main");
  const stood = main.contains(document.activeElement) && document.activeElement.getAttribute("href");
  await draw(await get("me", "me"));
  signalBack();
  [...main.querySelectorAll("a")].find((link) => stood && link.getAttribute("href") === stood)?.focus();
}

function signalBack() {
  const line = document.querySelector("[data-no-signal]");
  if (!line) return;
  line.firstChild.data = `${words.signalBack} `;
  line.querySelector("a").textContent = words.goOnline;
  announce(words.signalBack);
}
