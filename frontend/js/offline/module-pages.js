// The pages of a module on the phone: why a refresher asks what it asks, its cards, and the end.
import { answer, finish as finishAttempt } from "./attempts.js";
import { html, langOf, safe } from "./html.js";
import { address, beginHere, beginning, button, heading, notHere } from "./pages.js";
import { answered, ask } from "./question.js";
import * as words from "./words.js";

// What somebody is shown of a module: all of it, or what a refresher asks.
function shownOf(item, attempt, practice) {
  const asked = practice ? null : attempt?.question_ids;
  if (!asked) return item.cards.map((card) => ({ ...card, all: true }));
  const wanted = (card) => card.questions.some((id) => asked.includes(id));
  const cards = attempt.cards
    ? attempt.cards.map((slug) => item.cards.find((card) => card.slug === slug)).filter(Boolean)
    : item.cards.filter(wanted);
  return cards.map((card) => ({ ...card, questions: card.questions.filter((id) => asked.includes(id)) }));
}

const openCards = (cards, { answers }) =>
  cards.map((card, index) => ({ card, number: index + 1 })).filter(({ card }) => card.questions.some((id) => !answers[id]));

export async function goOn({ parts: [slug], open, go }) {
  const { item, attempt, line } = await open(slug);
  if (!item) return notHere();
  if (!attempt) return go(address(line));
  const isNew = !Object.keys(attempt.answers).length;
  if (isNew && attempt.question_ids) return go(`${address(line)}/why`);
  const next = isNew ? { number: 1 } : openCards(shownOf(item, attempt), attempt)[0];
  return go(next ? `${address(line)}/cards/${next.number}` : `${address(line)}/finish`);
}

export async function why({ parts: [slug], open, go }) {
  const { item, attempt, line } = await open(slug);
  if (!item) return notHere();
  if (!attempt?.question_ids) return go(address(line));
  const asked = attempt.question_ids;
  const cards = shownOf(item, attempt);
  return {
    title: words.why,
    back: [address(line), item.title, langOf(item)],
    body: html`${heading(words.why)}<p class="app-lede">${words.whyLede(item.title, asked.length)}</p>
      <ol class="app-list">${asked.map((id, index) => html`<li class="app-list__item"><div class="app-list__main">
        <div class="app-list__text">${safe(item.questions[id]?.prompt)}</div>
        <p class="app-list__text"><strong>${attempt.why[index]}</strong></p></div></li>`)}</ol>
      <p>${words.whyCards(cards.length, attempt.changed?.length)}</p>
      ${button(`${address(line)}/cards/1`, words.startRefresher)}
      ${attempt.hash === line.hash && html`<p>${words.wholeInstead(line.minutes)}</p>${beginning("whole", words.takeWhole, true)}`}`,
    after: (main) => beginHere(main, line, go),
  };
}

export async function card({ parts: [slug, text], practice, open, go }) {
  const { item, attempt, line, waiting } = await open(slug, practice);
  if (!item) return notHere();
  if (!attempt && !practice) return go(waiting ? `${address(line)}/finish` : address(line));
  const cards = shownOf(item, attempt, practice);
  const number = Number(text);
  const shown = cards[number - 1];
  if (!shown) return notHere();
  const to = (page) => `${address(line)}/${page}${practice ? "?practice" : ""}`;
  const changed = !practice && attempt.changed?.includes(shown.slug);
  return {
    title: shown.title,
    practice,
    back: [address(line), item.title, langOf(item)],
    body: html`<p class="app-progress"><label for="progress">${words.card(number, cards.length)}</label>
        <progress id="progress" max="${cards.length}" value="${number}">${words.card(number, cards.length)}</progress></p>
      ${changed && html`<p><strong class="nhsuk-tag">${words.changed}</strong></p>`}
      ${safe(shown.html)}
      ${number < cards.length ? button(to(`cards/${number + 1}`), words.nextCard) : button(to("finish"), words.finish)}
      ${number > 1 && html`<p><a href="${to(`cards/${number - 1}`)}">${words.cardBefore}</a></p>`}
      ${safe(shown.sources)}`,
    after: (main) => ready(main, { item, attempt: practice ? null : attempt, shown, slug }),
  };
}

function ready(main, { item, attempt, shown, slug }) {
  for (const box of main.querySelectorAll("[data-question]")) {
    const id = box.id.slice("question-".length);
    const question = { id, ...item.questions[id] };
    if (!shown.all && !shown.questions.includes(id)) box.remove();
    else if (attempt?.answers[id]) answered(box, question, attempt.answers[id].keys);
    else ask(box, question, async (keys) => !attempt || Boolean(await answer(slug, id, keys).catch(() => null)));
  }
}

export async function finish({ parts: [slug], practice, open, go, show }) {
  const { item, attempt, line, waiting } = await open(slug, practice);
  if (!item) return notHere();
  if (practice) return over(line, words.practiceOver, words.practiseHint, practice);
  if (!attempt) return waiting ? over(line, words.handedIn, words.keptResult) : go(address(line));
  const cards = shownOf(item, attempt);
  const left = openCards(cards, attempt);
  const title = left.length ? words.notFinished : words.ready;
  const list = html`<p>${words.notFinishedHint}</p><ul class="app-choices">${left.map(
    (one) => html`<li><a class="app-choices__item" href="${address(line)}/cards/${one.number}"><span class="app-choices__title">${words.cardNamed(one.number, one.card.title)}</span></a></li>`,
  )}</ul>`;
  const form = html`<p>${words.readyHint}</p><button class="nhsuk-button" type="button" data-finish>${words.handIn}</button>`;
  return {
    title,
    back: [`${address(line)}/cards/${cards.length}`, words.lastCard],
    body: html`${heading(title)}${left.length ? list : form}`,
    after: (main) => handIn(main, { slug, line, show }),
  };
}

export function handIn(main, { slug, line, show }) {
  const pressed = main.querySelector("[data-finish]");
  pressed?.addEventListener("click", async () => {
    const kept = await finishAttempt(slug).catch(() => null);
    if (kept) show({ ...over(line, words.handedIn, words.keptResult), focus: "h1" });
    else pressed.after(words.notStored);
  });
}

export const over = (line, title, text, practice = false) => ({
  title,
  practice,
  back: [address(line), line.title, langOf(line)],
  body: html`${heading(title)}<p${!practice && html` data-until-sent`}>${text}</p>${button("/home", words.toHome)}`,
});
