"""A browser for tests: it inspects every page it loads and fills in forms only as they were drawn."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from justhtml import Element
from werkzeug.test import TestResponse

from tests.factories import PASSWORD
from tests.web import inspector
from tests.web.inspector import words

FETCH = {"X-Requested-With": "fetch"}
Values = Mapping[str, str | Sequence[str]]


class FormMisused(AssertionError):
    """The form cannot be filled in like that because it was not drawn so."""


@dataclass(frozen=True)
class Loaded:
    """What came back: the response and, where it is a page, its elements."""

    address: str
    response: TestResponse
    page: inspector.Page | None

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def location(self) -> str:
        """Where a redirect leads."""
        return self.response.headers["Location"]

    @property
    def text(self) -> str:
        """What the body says, as it was sent."""
        return self.response.get_data(as_text=True)

    @property
    def main(self) -> str:
        """What the page's main part says, in words."""
        return words(self.one("main"))

    @property
    def heading(self) -> str:
        return words(self.one("h1"))

    def all(self, selector: str) -> list[Element]:
        assert self.page is not None, f"{self.address} answered {self.status} without a page"
        return self.page.all(selector)

    def one(self, selector: str) -> Element:
        found = self.all(selector)
        assert len(found) == 1, f"{self.address}: {len(found)} elements fit {selector!r}, one was expected"
        return found[0]

    def links(self) -> list[str]:
        """The addresses of this service that the page leads to."""
        found = (urlsplit(urljoin(self.address, link.attrs["href"])) for link in self.all("a[href]"))
        return [url._replace(fragment="").geturl() for url in found if not url.scheme and not url.netloc]

    def link(self, says: str) -> str:
        """The address behind the only link that says something."""
        found = {a.attrs["href"] for a in self.all("a[href]") if says in words(a)}
        assert len(found) == 1, f"{self.address}: {len(found)} links say {says!r}"
        return urljoin(self.address, found.pop())


class Client:
    """A browser of its own, signed out at first."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.browser = app.test_client()

    def open(self, method: str, address: str, **how: Any) -> Loaded:
        """Send a request and inspect the page that comes back, if one does."""
        response = self.browser.open(address, method=method, buffered=True, **how)
        html = response.get_data(as_text=True) if response.mimetype == "text/html" else ""
        if not html or (300 <= response.status_code < 400):
            return Loaded(address, response, None)
        fragment = not html.lstrip().lower().startswith("<!doctype")
        assert not fragment or how.get("headers") == FETCH, f"{address} sent part of a page to somebody without script"
        page = inspector.parse(html, address=urlsplit(address).path, app=self.app, fragment=fragment)
        inspector.inspect(page, fragment=fragment)
        return Loaded(address, response, page)

    def get(self, address: str, *, status: int = 200, **how: Any) -> Loaded:
        """Load an address and expect a status."""
        return self.expect(self.open("GET", address, **how), status)

    def expect(self, loaded: Loaded, status: int) -> Loaded:
        if loaded.status != status:
            said = loaded.main if loaded.page and loaded.page.all("main") else ""
            raise AssertionError(f"{loaded.address} answered {loaded.status}, expected {status}. {said}")
        return loaded

    def visit(self, address: str) -> Loaded:
        """Load an address, following wherever it leads."""
        return self.follow(self.open("GET", address))

    def follow(self, loaded: Loaded, *, status: int = 200) -> Loaded:
        for _ in range(5):
            if not 300 <= loaded.status < 400:
                return self.expect(loaded, status)
            loaded = self.open("GET", urljoin(loaded.address, loaded.location))
        raise AssertionError(f"{loaded.address} leads on and on")

    def submit(
        self, loaded: Loaded, form: str | int = "main form", *, button: str = "", status: int = 200, **fields: Any
    ) -> Loaded:
        """Fill in a form, press its button as a browser would, and follow where it leads.

        `form` is a selector or the form's number in the page's main part; `button` the value of the button pressed.
        """
        return self.follow(self.press(loaded, form, button=button, **fields), status=status)

    def press(self, loaded: Loaded, form: str | int = "main form", *, button: str = "", **fields: Any) -> Loaded:
        """Send a form like `submit`, and stay with the first answer."""
        drawn = loaded.all("main form")[form] if isinstance(form, int) else loaded.one(form)
        values = filled(drawn, fields.pop("values", fields), button=button)
        address = urljoin(urlsplit(loaded.address).path, drawn.attrs.get("action", loaded.address))
        if drawn.attrs.get("method", "get").lower() == "post":
            return self.open("POST", address, data=values)
        return self.open("GET", address, query_string=values)

    def send(self, address: str, fields: Values | None = None, **how: Any) -> Loaded:
        """Post fields that no form drew, with a good token, as a script would."""
        return self.open("POST", address, data={"csrf_token": self.token(), **(fields or {})}, **how)

    def token(self) -> str:
        """A token that this browser's forms carry at present."""
        return self.visit("/sign-in").all("form[method=post] input[name=csrf_token]")[0].attrs["value"]

    def sign_in(self, name: str, password: str = PASSWORD) -> Loaded:
        """Sign in through the form and land on the first page."""
        return self.submit(self.get("/sign-in"), 0, sign_in_name=name, password=password)

    def sign_out(self) -> Loaded:
        return self.submit(self.visit("/home"), "form[action='/sign-out']")


def filled(form: Element, fields: Values, *, button: str = "") -> dict[str, list[str]]:
    """Return what a browser sends of a form: what was drawn, what was filled in, and the button pressed."""
    values: dict[str, list[str]] = {}
    for name, value in drawn_values(form):
        values.setdefault(name, []).append(value)
    for name, wanted in fields.items():
        values[name] = [wanted] if isinstance(wanted, str) else list(wanted)
        refuse_what_was_not_drawn(form, name, values[name])
    if button:
        pressed = next((b for b in form.query("button[name]") if b.attrs.get("value") == button), None)
        if pressed is None:
            raise FormMisused(f"no button has the value {button!r}")
        values[pressed.attrs["name"]] = [button]
    return values


def drawn_values(form: Element) -> Iterator[tuple[str, str]]:
    """Yield what a form would send if nothing were changed in it."""
    for control in form.query("input[name]"):
        ticks = control.attrs.get("type") in {"radio", "checkbox"}
        if "disabled" not in control.attrs and (not ticks or "checked" in control.attrs):
            yield control.attrs["name"], control.attrs.get("value") or ""
    for menu in form.query("select[name]:not([disabled])"):
        options = menu.query("option")
        chosen = next((option for option in options if "selected" in option.attrs), options[0])
        yield menu.attrs["name"], chosen.attrs["value"]
    for area in form.query("textarea[name]"):
        yield area.attrs["name"], area.to_text()


def refuse_what_was_not_drawn(form: Element, name: str, values: Sequence[str]) -> None:
    """Refuse a field that the form has not, or a value that nobody could choose in it.

    Raises:
        FormMisused: naming the field.
    """
    menus, controls = form.query(f"select[name='{name}']"), form.query(f"[name='{name}']")
    if not controls or any("disabled" in control.attrs for control in controls):
        raise FormMisused(f"the form has no field {name!r} that can be filled in")
    offered = [option.attrs["value"] for menu in menus for option in menu.query("option")]
    offered += [c.attrs["value"] for c in controls if c.attrs.get("type") in {"radio", "checkbox"}]
    if offered and not set(values) <= set(offered):
        raise FormMisused(f"{name!r} offers {offered}, not {values}")
