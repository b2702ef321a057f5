"""What must hold on every page that a browser test comes to, whatever the test is about."""

from dataclasses import dataclass, field
from urllib.parse import urldefrag

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import ConsoleMessage, Frame, Page

WIDE, PHONE, NARROW = 1280, 360, 320
EVERY_RULE = {"resultTypes": ["violations"], "preload": False, "rules": {"target-size": {"enabled": True}}}
# Night changes nothing but colours.
RULES = {"light": EVERY_RULE, "dark": EVERY_RULE | {"runOnly": ["color-contrast", "link-in-text-block"], "rules": {}}}
AXE_RUN = """options => axe.run(options).then(({ violations }) =>
  violations.map(({ help, nodes }) => `${help}: ${nodes.slice(0, 3).map((node) => node.html).join("; ")}`))"""

TOO_WIDE = """() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  return scrollWidth > clientWidth ? `${scrollWidth} px wide` : "";
}"""

# Links within a sentence may be as high as their words; a link that is all there is to tap in its place may not.
TOO_SMALL = """() => {
  const main = "main button, main .nhsuk-button, main .app-choices__item, main select, main summary, main input";
  const listed = "header a, header button, nav a, footer a, main p > a, li a, dd a, td a, th a";
  const words = (element) => element.textContent.trim();
  const alone = (a) => a.matches("header *, nav *") || (!a.closest("sup") && words(a.parentElement) === words(a));
  const small = (element, least) => {
    const { width, height } = element.getBoundingClientRect();
    return element.checkVisibility() && Math.min(width, height) < least - 0.5;
  };
  const name = (e, least) => `${(e.innerText || e.name || e.tagName).trim()} is under ${least} px`;
  return [
    ...[...document.querySelectorAll(main)].filter((e) => e.type !== "hidden" && small(e, 44)).map((e) => name(e, 44)),
    ...[...document.querySelectorAll(listed)].filter((e) => alone(e) && small(e, 24)).map((e) => name(e, 24)),
  ];
}"""


@dataclass
class Watch:
    """A page watched from its first address: what went wrong on it, where it has been, and where it was looked at."""

    page: Page
    faults: list[str] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)
    looked_at: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Listen to the page."""
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("framenavigated", self.arrive)

    def hear(self, message: ConsoleMessage) -> None:
        """Take down errors and violations of the content security policy."""
        # A PDF names no icon, so the browser asks for the usual one, and is told that there is none.
        is_icon_of_pdf = message.location.get("url", "").endswith("/favicon.ico")
        if message.type == "error" and not is_icon_of_pdf:
            self.faults.append(f"{self.page.url}: console: {message.text}")

    def arrive(self, frame: Frame) -> None:
        """Take down where the page went."""
        address = urldefrag(frame.url).url
        if frame == self.page.main_frame and address.startswith("http") and not address.endswith(".pdf"):
            self.visited.add(address)

    def look(self) -> None:
        """Look at the page at each width, by day and by night."""
        address = urldefrag(self.page.url).url
        self.looked_at.add(address)
        before = self.page.viewport_size
        found = [fault for width in (WIDE, PHONE) for fault in self.look_at_width(width)]
        found += [f"at {PHONE} px: {fault}" for fault in self.page.evaluate(TOO_SMALL)]
        found += self.measure(NARROW)
        self.page.set_viewport_size(before)
        self.faults += [f"{address}: {fault}" for fault in found]

    def look_at_width(self, width: int) -> list[str]:
        """Return what is wrong at one width, in both colour schemes."""
        found = self.measure(width)
        for scheme in ("dark", "light"):
            self.page.emulate_media(color_scheme=scheme)
            found += [f"axe, {scheme} at {width} px: {violation}" for violation in self.run_axe(RULES[scheme])]
        return found

    def run_axe(self, rules: dict) -> list[str]:
        """Return what axe finds, putting it on the page first where it is not there yet."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        return self.page.evaluate(AXE_RUN, rules)

    def measure(self, width: int) -> list[str]:
        """Return whether the page would have to be scrolled sideways at a width."""
        self.page.set_viewport_size({"width": width, "height": 740})
        wide = self.page.evaluate(TOO_WIDE)
        return [f"{wide} in a window of {width} px"] if wide else []

    def check(self) -> None:
        """Fail with everything that was found, and with every page that nobody looked at."""
        missed = [f"{address}: nobody looked at it" for address in sorted(self.visited - self.looked_at)]
        assert not [*self.faults, *missed], "\n".join([*self.faults, *missed])
