// Offers the home screen: after something was passed, and in the settings. A press is needed, and "no" is for good.
const NEVER = "install-never";
let offered = null;
let waiting = [];

window.addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault(); // The browser's own banner would come on any page.
  offered = event;
  waiting.forEach((draw) => draw());
});
window.addEventListener("appinstalled", () => {
  offered = null;
  waiting.forEach((draw) => draw());
});

export default function install(box) {
  const draw = () => show(box, whichWords(box.dataset.install === "always"));
  waiting.push(draw);
  box.querySelector("[data-install-press]")?.addEventListener("click", ask);
  box.querySelector("[data-install-never]")?.addEventListener("click", () => {
    never();
    box.hidden = true;
  });
  draw();
}

// In the settings there is always a word to say; elsewhere only where it can be done, and unless it was turned down.
function whichWords(always) {
  if (isInstalled()) return always ? "done" : "";
  if (!always && isTurnedDown()) return "";
  if (offered) return "press";
  if (isSafariOnIos()) return "ios";
  return always ? "menu" : "";
}

function show(box, which) {
  box.hidden = !which;
  for (const words of box.querySelectorAll("[data-install-for]")) words.hidden = words.dataset.installFor !== which;
}

async function ask() {
  const event = offered;
  offered = null; // A browser lets it be used once.
  if (!event) return;
  await event.prompt();
  const { outcome } = await event.userChoice;
  if (outcome === "dismissed") never();
  waiting.forEach((draw) => draw());
}

export function isInstalled() {
  return window.matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
}

// Every browser on iOS is made of Safari, but only Safari itself says nothing more of itself. An iPad says it is a Mac.
export function isSafariOnIos() {
  const { userAgent, maxTouchPoints } = navigator;
  const isIos = /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
  return isIos && /Safari\//.test(userAgent) && !/CriOS|FxiOS|EdgiOS|OPT\/|DuckDuckGo/.test(userAgent);
}

function isTurnedDown() {
  try {
    return localStorage.getItem(NEVER) !== null;
  } catch {
    return true; // What cannot be kept would be asked again and again.
  }
}

function never() {
  try {
    localStorage.setItem(NEVER, "1");
  } catch {
    // Then it is not asked here anyway.
  }
}
