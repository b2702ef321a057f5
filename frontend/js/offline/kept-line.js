// The quiet line on the learner's home: what is kept on the phone, what it weighs, and the switch.
import { get, setting } from "./db.js";
import { element, html } from "./html.js";
import { isWanted, want, wish } from "./keeping.js";
import { onNews } from "./news.js";
import * as words from "./words.js";

export async function keptLine(place, { tellWorker }) {
  if (!place) return;
  if (!tellWorker) {
    lack(place, words.noWorker);
    return;
  }
  let changes = 0;
  // What was read before the switch was moved, or while that is being kept, must not move it back.
  const draw = async () => {
    const begun = changes;
    const found = await state();
    if (begun === changes) redraw(place, found);
  };
  try {
    await draw();
  } catch {
    lack(place, words.noStore);
    return;
  }
  onNews((what) => what === "kept" && draw().catch(() => {}));
  place.addEventListener("change", async (event) => {
    changes += 1;
    await want(event.target.checked);
    changes += 1;
    if (event.target.checked) navigator.storage?.persist?.();
    tellWorker({ type: "keep", force: true });
  });
}

export function lack(place, why) {
  if (!place) return;
  place.replaceChildren(element(html`<p class="app-quiet">${why}</p>`));
  place.hidden = false;
}

async function state() {
  const keeping = (await setting("keeping")) ?? {};
  const { state: now, done, of, bytes } = keeping;
  const wanted = await isWanted();
  if (!wanted) {
    const asked = await wish();
    const sum = bytes ?? (await get("me", "me"))?.items.reduce((all, item) => all + item.bytes, 0);
    return { wanted, line: words.notKept(sum), hint: asked === undefined && words.dataSaver };
  }
  if (now === "done") return { wanted, line: words.keptAll(keeping) };
  if (now === "full") return { wanted, line: words.full(done, of) };
  return { wanted, line: now === "part" ? words.keeping(done, of) : words.notKept(bytes) };
}

// The switch stays where it is, so that whoever stands on it keeps the focus.
function redraw(place, { wanted, line, hint }) {
  if (!place.querySelector("input")) {
    place.replaceChildren(
      element(html`<p class="app-quiet" data-line></p>`),
      element(html`<div class="nhsuk-checkboxes"><div class="nhsuk-checkboxes__item">
        <input class="nhsuk-checkboxes__input" id="keep" type="checkbox">
        <label class="nhsuk-label nhsuk-checkboxes__label" for="keep">${words.keep}</label>
      </div></div>`),
    );
  }
  place.querySelector("[data-line]").textContent = [line, hint].filter(Boolean).join(" ");
  place.querySelector("input").checked = wanted;
  place.hidden = false;
}
