// Reads a card aloud with the device's own voice; the same button stops it.
import { _ } from "./language.js";

const SPOKEN = "h1, h2, h3, h4, p, li, legend, label, td, th";
let speaking = null;

export default function listen(button) {
  const card = document.getElementById(button.getAttribute("aria-controls"));
  if (!card || !("speechSynthesis" in window) || !("SpeechSynthesisUtterance" in window)) return;
  button.hidden = false;
  button.addEventListener("click", () => (speaking === button ? stop() : start(button, card)));
  window.addEventListener("pagehide", stop);
}

function start(button, card) {
  stop();
  const utterances = passages(card).map(utter);
  if (!utterances.length) return;
  speaking = button;
  button.dataset.speaking = "";
  button.textContent = _("Stop");
  utterances[utterances.length - 1].onend = () => speaking === button && stop();
  utterances.forEach((utterance) => window.speechSynthesis.speak(utterance));
}

function stop() {
  window.speechSynthesis.cancel();
  if (!speaking) return;
  delete speaking.dataset.speaking;
  speaking.textContent = _("Listen");
  speaking = null;
}

function utter({ words, lang }) {
  const utterance = new SpeechSynthesisUtterance(words);
  utterance.lang = lang;
  utterance.rate = 0.95;
  return utterance;
}

// One utterance for each paragraph or so: some browsers fall silent in the middle of a long one.
function passages(card) {
  return [...card.querySelectorAll(SPOKEN)]
    .filter((element) => !element.querySelector(SPOKEN) && !element.closest("[data-listen-skip], [hidden]"))
    .map((element) => ({ words: wordsOf(element), lang: (element.querySelector("[lang]") ?? element.closest("[lang]")).lang }))
    .filter(({ words }) => words);
}

// Without the numbers of sources, which mean nothing to the ear.
function wordsOf(element) {
  const copy = element.cloneNode(true);
  for (const silent of copy.querySelectorAll("sup, [aria-hidden=true]")) silent.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
}
