// The shell in the language that whoever learns here reads, and the words of its scripts, beside the English one.
import { get } from "../offline/db.js";

const { shell, words } = self.KEPT;

async function spoken() {
  const looks = await get("settings", "looks").catch(() => null);
  return words[looks?.language] ? looks.language : "";
}

const shellIn = (language) => (language ? `${shell}?language=${language}` : shell);

// Asked for as nobody: the shell holds nothing of anyone.
async function put(cache, address) {
  const page = await fetch(address, { credentials: "omit", cache: "no-store" });
  if (!page.ok) throw new Error("no shell");
  await cache.put(address, page);
}

export async function keepShell(cache) {
  await put(cache, shell);
  await keepLanguage(cache);
}

// The words go first: a shell that is there can speak.
export async function keepLanguage(cache) {
  const language = await spoken();
  if (!language || (await cache.match(shellIn(language)))) return;
  await cache.add(words[language]);
  await put(cache, shellIn(language));
}

export async function shellHere(cache) {
  return (await cache.match(shellIn(await spoken()))) ?? cache.match(shell);
}
