// A story on the phone: the scene, what the last choice led to, the choices now, and the end.
import { choose } from "./attempts.js";
import { html, langOf, safe } from "./html.js";
import { handIn, over } from "./module-pages.js";
import { address, notHere } from "./pages.js";
import { walk } from "./story.js";
import * as words from "./words.js";

const BAD = new Set(["unsafe", "critical"]);

export async function play(context) {
  const { parts: [slug], practice, open, go } = context; // prettier-ignore
  const { item, attempt, line, waiting } = await open(slug, practice);
  if (!item) return notHere();
  if (!attempt && !practice) return waiting ? over(line, words.handedIn, words.keptResult) : go(address(line));
  return scene({ ...context, slug, item, line }, practice ? [] : attempt.choices.map(({ choice }) => choice));
}

export const finish = play;

function scene(context, keys, focus) {
  const { item, line, practice } = context;
  const here = walk(item, keys);
  const last = here.taken[here.taken.length - 1];
  return {
    title: here.scene.title,
    practice,
    focus,
    back: [address(line), item.title, langOf(item)],
    body: html`<div id="scene">${last?.feedback && said(last)}
      <article class="app-card" id="scene-card"><div class="app-card__head"><h1 class="app-card__title"${langOf(item)}>${here.scene.title}</h1>
        <button class="app-listen" type="button" data-module="listen" aria-controls="scene-card" hidden>${words.listen}</button></div>
        ${safe(here.scene.html)}</article></div>
      ${here.scene.ending ? ended(here, practice) : choices(here)}${safe(here.scene.sources)}`,
    after: (main) => listenTo(main, context, keys),
  };
}

const said = ({ tag, feedback }) => html`<div class="app-feedback app-feedback--${BAD.has(tag) ? "wrong" : "right"}">
  <p class="app-feedback__heading" tabindex="-1" data-feedback>${words.said[tag]}</p>${safe(feedback)}</div>`;

const choices = ({ offered }) => html`<h2 class="nhsuk-heading-s">${words.whatDoYouDo}</h2>
  <ul class="app-choices">${offered.map((one) => html`<li><button class="app-choices__item" type="button" data-choice="${one.key}">${safe(one.html)}</button></li>`)}</ul>`;

function ended({ scene: { ending }, taken }, practice) {
  const chosen = taken.map((one) => html`<li class="app-list__item"><div class="app-list__main">
    <p><strong>${safe(one.html)}</strong></p><p class="app-list__text">${words.saidOf[one.tag]}</p>
    ${one.feedback && html`<div class="app-list__text">${safe(one.feedback)}</div>`}</div></li>`);
  return html`<p><strong>${words.storyEnds}</strong> ${ending === "safe" ? words.endsWell : words.endsBadly}</p>
    ${practice
      ? html`<h2 class="nhsuk-heading-m">${words.youChose}</h2><ol class="app-list">${chosen}</ol>
        <p>${words.practiseHint}</p><button class="nhsuk-button" type="button" data-again>${words.fromTheStart}</button>`
      : html`<button class="nhsuk-button" type="button" data-finish>${words.handInStory}</button>`}`;
}

function listenTo(main, context, keys) {
  const { slug, line, show, practice } = context;
  const turn = (next) => {
    show(scene(context, next, "[data-feedback], h1"));
    window.scrollTo(0, 0);
  };
  let taken = false;
  for (const pressed of main.querySelectorAll("[data-choice]")) {
    pressed.addEventListener("click", async () => {
      if (taken) return;
      taken = true;
      const { choice } = pressed.dataset;
      const attempt = practice || (await choose(slug, keys.length, choice).catch(() => null));
      if (!attempt) {
        taken = false;
        pressed.after(words.notStored);
      } else turn(practice ? [...keys, choice] : attempt.choices.map((one) => one.choice));
    });
  }
  main.querySelector("[data-again]")?.addEventListener("click", () => turn([]));
  handIn(main, { slug, line, show });
}
