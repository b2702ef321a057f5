// The shell as whoever learns here has pages look: written into it before anything is drawn, so that nothing flickers.
import { get } from "../offline/db.js";

const CHOICES = { text: ["larger", "largest"], colours: ["light", "dark"], calm: [""] };

export async function dressed(page) {
  const looks = page && (await get("settings", "looks").catch(() => null));
  const chosen = Object.entries(looks ?? {}).filter(([name, value]) => CHOICES[name]?.includes(value));
  if (!chosen.length) return page;
  const attributes = chosen.map(([name, value]) => ` data-${name}="${value}"`).join("");
  const headers = new Headers(page.headers);
  // They speak of the bytes as they came.
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  return new Response((await page.text()).replace("<html", `<html${attributes}`), { headers });
}
