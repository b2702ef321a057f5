// What is not sent yet as a file for a manager, signed with the key that the server gave the device for it.
import { asSent, unsent } from "./attempts.js";
import { get } from "./db.js";
import { fileName } from "./words.js";

// Says whether there was a file to save. The count stays: only a receipt clears it.
export async function saveFile() {
  const me = await get("me", "me");
  if (!me?.carry) return false;
  const { mine } = await unsent(me.person);
  const made_at = new Date().toISOString();
  const plain = {
    format: "stomp-training-unsent-1",
    person: me.person,
    carry_token: me.carry.token,
    made_at,
    attempts: mine.map(asSent),
  };
  const signature = await sign(canonical(plain), me.carry.key);
  offer(JSON.stringify({ ...plain, signature }), fileName(made_at));
  return true;
}

// One text for one meaning: names in order at every level, no spaces.
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!value || typeof value !== "object") return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

async function sign(text, key) {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const secret = await crypto.subtle.importKey("raw", bytesOf(key), algorithm, false, ["sign"]);
  const signature = await crypto.subtle.sign("HMAC", secret, new TextEncoder().encode(text));
  const letters = btoa(String.fromCharCode(...new Uint8Array(signature)));
  return letters.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function bytesOf(text) {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
}

function offer(text, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
