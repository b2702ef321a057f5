// The language in which the page speaks: scripts ask here for every sentence, in English, which is the key of its
// translations. Where the page speaks another language, a file with them was loaded before any other script.
const { said = {}, plural } = self.WORDS ?? {};

export const tag = self.document?.documentElement.lang || "en-GB";
export const isEnglish = tag.startsWith("en");

// Marks a sentence for translators where it stands in a table, or is kept: `_` says it when its time comes.
export const N_ = (message) => message;

export const _ = (message, values) => filled(said[message] ?? message, values);

// A sentence that goes with a count, which it may name as %(count)s; languages differ in how many forms they have.
export function ngettext(one, many, count, values) {
  const forms = said[one] ?? [one, many];
  return filled(forms[said[one] ? plural(count) : Number(count !== 1)], { count, ...values });
}

const filled = (text, values) => (values ? text.replace(/%\((\w+)\)s|%%/g, (_found, name) => (name ? values[name] : "%")) : text);

const MONTHS = [
  N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"),
  N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec"),
]; // prettier-ignore
export const englishDay = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

// Browsers do not know the months of every language that is spoken here.
export function day(iso) {
  const date = new Date(iso);
  return isEnglish ? englishDay.format(date) : `${date.getDate()} ${_(MONTHS[date.getMonth()])} ${date.getFullYear()}`;
}

const tenths = new Intl.NumberFormat(tag, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
export const tenth = (number) => tenths.format(number);
