// Asks this device for a passkey, to sign in with or to make, and sends what it answers in the form.
// The words that people read stand in the page; here they are only shown and hidden.
import { announce } from "./announce.js";

export default function passkey(place) {
  const form = place.closest("form");
  if (!form || !canAsk(place)) return;
  show(place, "none", false);
  show(place, "fields", true);
  const button = show(place, "button", true);
  let busy = false;
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    for (const part of ["cancelled", "failed", "had"]) show(place, part, false);
    try {
      form.elements.credential.value = JSON.stringify(await ask(place, form));
      form.requestSubmit(button);
    } catch (fault) {
      say(place, fault);
    }
    busy = false;
  });
}

// A passkey belongs to one host name, and to pages that nobody could change on their way.
function canAsk(place) {
  return window.isSecureContext && Boolean(window.PublicKeyCredential) && location.origin === place.dataset.origin;
}

async function ask(place, form) {
  const answered = await fetch(place.dataset.challenge, {
    method: "POST",
    body: new URLSearchParams({ csrf_token: form.elements.csrf_token.value }),
    headers: { "X-Requested-With": "fetch", Accept: "application/json" },
  });
  const said = answered.headers.get("Content-Type")?.startsWith("application/json") ? await answered.json() : {};
  if (!answered.ok) throw Object.assign(new Error("refused"), { words: said.words });
  const publicKey = decoded(said);
  const found = await navigator.credentials[place.dataset.ceremony]({ publicKey });
  return encoded(found);
}

function say(place, fault) {
  const part = { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "had" }[fault.name] ?? "failed";
  const told = show(place, part, true);
  if (fault.words) told.textContent = fault.words;
  announce(told.textContent);
}

function show(place, part, yes) {
  const found = place.querySelector(`[data-passkey="${part}"]`);
  found.hidden = !yes;
  return found;
}

// Browsers read and write this JSON by themselves only since lately, so it is done here for all of them.
function decoded(options) {
  const described = (list) => list?.map((each) => ({ ...each, id: bytes(each.id) }));
  return {
    ...options,
    challenge: bytes(options.challenge),
    ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
    ...(options.allowCredentials && { allowCredentials: described(options.allowCredentials) }),
    ...(options.excludeCredentials && { excludeCredentials: described(options.excludeCredentials) }),
  };
}

function encoded(found) {
  const { response } = found;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const given = parts.filter((name) => response[name]).map((name) => [name, text(response[name])]);
  return {
    id: found.id,
    rawId: text(found.rawId),
    type: found.type,
    response: { ...Object.fromEntries(given), transports: response.getTransports?.() ?? [] },
  };
}

function bytes(words) {
  const plain = atob(words.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
