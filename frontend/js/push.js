// Reminders on this phone: asked for when the button is pressed and never before, and shown as they are.
import { isInstalled, isSafariOnIos } from "./install.js";

export default async function push(box) {
  box.hidden = false;
  const form = box.querySelector("[data-push-form]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    turnOn(box, form);
  });
  draw(box, await stateOf(box));
}

async function stateOf(box) {
  if (!canPush()) return isSafariOnIos() && !isInstalled() ? "install" : "unable";
  if (Notification.permission === "denied") return "blocked";
  const device = await seen(box.dataset.seen);
  const mine = device && document.querySelector(`[data-device="${device}"] [data-here]`);
  if (!mine) return "off";
  mine.hidden = false;
  return "on";
}

function draw(box, state) {
  box.querySelector("[data-push-form]").hidden = state !== "off" && state !== "failed";
  for (const words of box.querySelectorAll("[data-push-state]")) words.hidden = words.dataset.pushState !== state;
}

async function turnOn(box, form) {
  const button = form.querySelector("button");
  if (button.getAttribute("aria-disabled")) return;
  button.setAttribute("aria-disabled", "true");
  try {
    if ((await Notification.requestPermission()) !== "granted") {
      draw(box, Notification.permission === "denied" ? "blocked" : "off");
      return;
    }
    const answer = await send(form.action, await fieldsOf(await subscribed(box.dataset.pushKey)));
    window.location.assign((await answer.json()).then);
    window.location.reload(); // The address differs by its fragment alone.
  } catch {
    draw(box, "failed");
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

// A browser keeps one subscription, made with one key of ours: with another it has to be asked anew.
async function subscribed(key) {
  await navigator.serviceWorker.register("/sw.js");
  const { pushManager } = await navigator.serviceWorker.ready;
  const wanted = { userVisibleOnly: true, applicationServerKey: bytes(key) };
  try {
    return await pushManager.subscribe(wanted);
  } catch (error) {
    const old = await pushManager.getSubscription();
    if (!old) throw error;
    await old.unsubscribe();
    return pushManager.subscribe(wanted);
  }
}

function fieldsOf(subscription) {
  const { endpoint, keys } = subscription.toJSON();
  return { endpoint, p256dh: keys.p256dh, auth: keys.auth };
}

// Tells the server that this browser is still in the same hands, and returns its id there, if it has one.
export async function seen(address = "/settings/reminders/seen") {
  try {
    const registration = canPush() && (await navigator.serviceWorker.getRegistration());
    const subscription = registration && (await registration.pushManager.getSubscription());
    if (!subscription) return "";
    return (await (await send(address, { endpoint: subscription.endpoint })).json()).device;
  } catch {
    return ""; // No signal, or signed out meanwhile.
  }
}

async function send(address, fields) {
  const token = document.querySelector("[name=csrf_token]").value;
  const answer = await fetch(address, {
    method: "POST",
    headers: { "X-Requested-With": "fetch" },
    body: new URLSearchParams({ ...fields, csrf_token: token }),
  });
  if (!answer.ok || answer.redirected) throw new Error(`answered ${answer.status}`);
  return answer;
}

function canPush() {
  return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

function bytes(key) {
  const plain = atob(key.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}
