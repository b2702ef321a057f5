"""What must hold for everyone, examined on a page: by keyboard, enlarged, spaced out, in forced colours, and still."""

from collections.abc import Iterator

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import CDPSession, Locator, Page

from tests.browser.looking import AXE_RUN, EVERY_RULE, TOO_SMALL, TOO_WIDE

PHONE = {"width": 360, "height": 740}
# A window of 1280 by 1024 pixels at 400 %.
FOUR_TIMES = {"width": 320, "height": 256}
CONTROLS = {"button", "link", "textbox", "searchbox", "radio", "checkbox", "combobox", "listbox", "DisclosureTriangle"}
MUST_BE_NAMED = CONTROLS | {"image", "img", "heading", "progressbar", "table", "region", "dialog", "alertdialog"}

# A radio button is drawn by its label. What the focus changes is told by comparing with how all looked without it.
REMEMBER = """() => {
  document.activeElement.blur();
  window.drawnBy = (e) => e.matches("[type=radio], [type=checkbox]") ? [e.nextElementSibling, "::before"] : [e, null];
  window.looks = (e) => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow, backgroundColor } = getComputedStyle(...drawnBy(e));
    const drawn = outlineStyle !== "none" && outlineColor !== "rgba(0, 0, 0, 0)";
    return [drawn ? outlineWidth + outlineColor : "", boxShadow, backgroundColor].join();
  };
  window.before = new Map([...document.querySelectorAll("*")].map((e) => [e, looks(e)]));
}"""
WRONG_WITH_FOCUS = """() => {
  const e = document.activeElement;
  if (e === document.body) return "";
  const { top, bottom, left, right } = drawnBy(e)[0].getBoundingClientRect();
  if (bottom <= 0 || top >= innerHeight || right <= 0 || left >= innerWidth) return "out of view: " + e.outerHTML;
  return looks(e) === before.get(e) ? "looks as without focus: " + e.outerHTML : "";
}"""
# All that a keyboard must come to, in order: of a group of radio buttons one.
BEGIN_TABS = """() => {
  const all = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const seen = (e) => drawnBy(e)[0]?.checkVisibility({ visibilityProperty: true });
  const own = (e) => e.type !== "radio" || e === (e.form.querySelector(`[name="${e.name}"]:checked`)
    ?? e.form.querySelector(`[name="${e.name}"]`));
  window.wanted = new Set([...document.querySelectorAll(all)].filter((e) => !e.disabled && seen(e) && own(e)));
  window.last = document.querySelector(".nhsuk-skip-link");
  last.focus();
  wanted.delete(last);
}"""
TAB = """() => {
  const e = document.activeElement;
  if (e === document.body || e.matches(".nhsuk-skip-link")) {
    return { over: true, faults: [...wanted].map((one) => "Tab never comes to " + one.outerHTML.slice(0, 200)) };
  }
  const faults = [];
  const before = last.getBoundingClientRect(), now = drawnBy(e)[0].getBoundingClientRect();
  const follows = last.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING;
  const above = last.closest("main") && e.closest("main") && now.bottom < before.top - 8;
  if (!follows || above) faults.push("out of order: " + e.outerHTML.slice(0, 200));
  wanted.delete(e);
  last = e;
  return { over: false, faults };
}"""

# What WCAG 1.4.12 lets people set. A style element would be refused, and so is nothing that a page could not do itself.
SPACE_OUT = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
    p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
SPACE_AS_BEFORE = "() => { document.adoptedStyleSheets = []; }"
CUT_OFF = """() => [...document.querySelectorAll("body *")].filter((e) => {
  const { overflowX, overflowY, clipPath } = getComputedStyle(e);
  if (!e.checkVisibility() || clipPath !== "none" || e.clientWidth <= 1 || !e.textContent.trim()) return false;
  return (overflowX === "hidden" && e.scrollWidth > e.clientWidth + 1)
    || (overflowY === "hidden" && e.scrollHeight > e.clientHeight + 1);
}).map((e) => "words are cut off: " + e.outerHTML.slice(0, 200))"""
MOVES = """() => {
  const milliseconds = (one) => parseFloat(one) * (one.includes("ms") ? 1 : 1000);
  const longest = (text) => Math.max(...text.split(",").map(milliseconds));
  const parts = (e) => [null, "::before", "::after"].map((part) => getComputedStyle(e, part));
  const moves = (style) => longest(style.transitionDuration) > 10
    || (style.animationName !== "none" && longest(style.animationDuration) > 10) || style.scrollBehavior === "smooth";
  return [...document.querySelectorAll("*")].filter((e) => parts(e).some(moves))
    .map((e) => "moves: " + e.outerHTML.slice(0, 120));
}"""
# With every ground gone, a status, a message and what is said of an answer are held together by a line.
HELD = ".app-status, .nhsuk-tag, .app-feedback, .nhsuk-notification-banner, .app-next"
LOST = """held => [...document.querySelectorAll(held)].filter((e) => e.checkVisibility()).filter((e) => {
    const { borderTopStyle, borderTopWidth, borderTopColor, backgroundColor } = getComputedStyle(e);
    return borderTopStyle === "none" || parseFloat(borderTopWidth) === 0 || borderTopColor === backgroundColor;
  }).map((e) => "nothing is left of: " + e.outerHTML.slice(0, 120))"""
LOOK_AS = """([text, calm]) => {
  const { dataset } = document.documentElement;
  if (text) dataset.text = text; else delete dataset.text;
  if (calm) dataset.calm = ""; else delete dataset.calm;
}"""


def examine(page: Page) -> None:
    """Fail with everything that is wrong on the page for somebody; the page is left as it was."""
    place = page.evaluate("document.querySelector('h1').textContent")
    before = page.viewport_size
    found = [*tree(page), *tabs(page), *enlarged(page), *otherwise_drawn(page), *targets(page)]
    page.set_viewport_size(before)
    assert not found, f"{place}: " + "\n".join(found)


def targets(page: Page) -> Iterator[str]:
    """Yield what is too small for a thumb, as it comes and with the largest text."""
    page.set_viewport_size(PHONE)
    for size in ("", "largest"):
        page.evaluate(LOOK_AS, [size, False])
        yield from page.evaluate(TOO_SMALL)
    page.evaluate(LOOK_AS, ["", False])


def tree(page: Page) -> list[str]:
    """Return what a screen reader would find wrong: landmarks, headings, and things without a name."""
    by_role: dict[str, list[dict]] = {}
    for node in ax_nodes(page):
        by_role.setdefault(node["role"]["value"], []).append(node)
    found = [
        f"{len(by_role.get(role, []))} landmarks are {role}"
        for role in ("banner", "main", "contentinfo")
        if len(by_role.get(role, [])) != 1
    ]
    names = [name_of(node) for node in by_role.get("navigation", [])]
    if not names or "" in names or len(set(names)) < len(names):
        found.append(f"the navigations are called {names}")
    found += [f"no name: {role}" for role in MUST_BE_NAMED for node in by_role.get(role, []) if not name_of(node)]
    levels = [level_of(node) for node in by_role.get("heading", [])]
    if levels.count(1) != 1 or any(now > last + 1 for last, now in zip([0, *levels], levels, strict=False)):
        found.append(f"the headings are at {levels}")
    return found


def ax_nodes(page: Page) -> list[dict]:
    """Return what the browser gives to a screen reader, in the order in which that reads it."""
    session: CDPSession = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id, ordered, waiting = {node["nodeId"]: node for node in nodes}, [], [nodes[0]["nodeId"]]
    while waiting:
        node = by_id.get(waiting.pop())
        if node:
            ordered.append(node)
            waiting += reversed(node.get("childIds", []))
    return [node for node in ordered if not node["ignored"]]


def name_of(node: dict) -> str:
    return node.get("name", {}).get("value", "").strip()


def level_of(node: dict) -> int:
    return next(one["value"]["value"] for one in node["properties"] if one["name"] == "level")


def tabs(page: Page) -> list[str]:
    """Return what is wrong where the Tab key leads through the whole page, enlarged four times."""
    page.set_viewport_size(FOUR_TIMES)
    page.evaluate(REMEMBER)
    page.evaluate(BEGIN_TABS)
    found = []
    for _ in range(400):
        page.keyboard.press("Tab")
        step = page.evaluate(TAB)
        found += [fault for fault in [*step["faults"], page.evaluate(WRONG_WITH_FOCUS)] if fault]
        if step["over"]:
            break
    page.evaluate("document.activeElement.blur()")
    return found


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until something has the focus, which is seen at every step."""
    for _ in range(120):
        page.keyboard.press("Tab")
        assert page.evaluate(WRONG_WITH_FOCUS) == ""
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab never comes to {wanted}")


def enlarged(page: Page) -> Iterator[str]:
    """Yield what is wrong at 400 %, with each size of text, and with the spacing of WCAG 1.4.12."""
    page.set_viewport_size(FOUR_TIMES)
    for size in ("", "larger", "largest"):
        page.evaluate(LOOK_AS, [size, False])
        for spaced in (False, True):
            page.evaluate(SPACE_OUT if spaced else SPACE_AS_BEFORE)
            wide = page.evaluate(TOO_WIDE)
            faults = [*([wide] if wide else []), *page.evaluate(CUT_OFF)]
            yield from (f"at 400 %, text {size or 'normal'}{', spaced' * spaced}: {fault}" for fault in faults)
        page.evaluate(SPACE_AS_BEFORE)
    page.evaluate(LOOK_AS, ["", False])


def otherwise_drawn(page: Page) -> Iterator[str]:
    """Yield what is wrong in forced colours, with reduced motion, and calm with the largest text, by day and night."""
    page.set_viewport_size(PHONE)
    page.emulate_media(forced_colors="active")
    yield from (f"in forced colours: {fault}" for fault in page.evaluate(LOST, HELD))
    page.emulate_media(forced_colors="none")
    yield from (f"with reduced motion: {fault}" for fault in page.evaluate(MOVES))
    page.evaluate(LOOK_AS, ["largest", True])
    page.emulate_media(reduced_motion="no-preference")
    yield from (f"calm: {fault}" for fault in page.evaluate(MOVES))
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        yield from (f"calm and largest, {scheme}: {fault}" for fault in page.evaluate(AXE_RUN, EVERY_RULE))
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(LOOK_AS, ["", False])


def looks_otherwise(part: Locator, before: bytes) -> bytes:
    """Fail unless part of the page looks otherwise than before, and return how it looks."""
    now = part.screenshot(animations="disabled")
    assert now != before, f"{part} looks as before"
    return now
