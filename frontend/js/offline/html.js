// Text that becomes HTML: what is put in is escaped, unless it is HTML already.
import { tag } from "../language.js";

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export const safe = (text) => ({ safe: text ?? "" });

// The attributes of an element with words of an item, where they are in another language than the page.
export const langOf = ({ lang = "en-GB" }) => (lang === tag ? "" : html` lang="${lang}" dir="ltr"`);

export function html(parts, ...values) {
  return safe(parts.reduce((text, part, index) => text + plain(values[index - 1]) + part));
}

export function element(drawn) {
  const template = document.createElement("template");
  template.innerHTML = drawn.safe.trim();
  return template.content.firstElementChild;
}

function plain(value) {
  if (Array.isArray(value)) return value.map(plain).join("");
  if (value === undefined || value === null || value === false) return "";
  return value.safe ?? String(value).replace(/[&<>"']/g, (sign) => ENTITIES[sign]);
}
