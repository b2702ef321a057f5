"""Whether the addresses that the content cites still answer: asked politely, and told, never judged."""

import http.client
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urljoin, urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

USER_AGENT = "STOMP-Training-link-check/1.0 (checks the sources of open training material)"
HEADERS = {"User-Agent": USER_AGENT, "Accept": "*/*"}
SECONDS = 15.0
WORKERS = 6
MOST_MOVES = 5
MOVED = {301, 302, 303, 307, 308}
# What may stand in an address besides letters and figures; anything else goes out as its bytes.
ALLOWED = "%/:=&?~+!$,;'@()*[]"


class Verdict(StrEnum):
    """What became of asking, the worst first."""

    NOT_FOUND = "not found"
    NO_ANSWER = "no answer"
    MOVED = "moved"
    REFUSES_ROBOTS = "refuses robots"
    FINE = "fine"


VERDICTS = {404: Verdict.NOT_FOUND, 410: Verdict.NOT_FOUND, 403: Verdict.REFUSES_ROBOTS, 429: Verdict.REFUSES_ROBOTS}


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answered; `said` is a status or why there is none, `moved_to` where it leads in the end."""

    address: str
    verdict: Verdict
    said: str
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What one request got: a status, or 0 with the reason, and where it points to."""

    status: int
    reason: str
    location: str = ""


class _StayHere(HTTPRedirectHandler):
    """Leaves it to us to follow, so that every step is known and asked for in its turn."""

    def redirect_request(self, *_request: object) -> None:
        return None


class Asker:
    """Asks addresses, one at a time for each host whoever asks, and remembers whose turn it is."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self.opener = build_opener(_StayHere)
        self.turns: dict[str, Lock] = {}
        self.giving_turns = Lock()

    def ask(self, address: str) -> Answer:
        """Return what an address answers in the end, its moves followed."""
        at, reply = address, self._reply(address)
        for _ in range(MOST_MOVES):
            if reply.status not in MOVED or not reply.location:
                break
            at = _joined(at, reply.location)
            if not at.startswith(("https://", "http://")):
                return Answer(address, Verdict.MOVED, "not on the web", at)
            reply = self._reply(at)
        return _answer(address, at, reply)

    def ask_in_turn(self, addresses: Iterable[str]) -> list[Answer]:
        """Return what each of several addresses answers, asked one after the other."""
        return [self.ask(address) for address in addresses]

    def _reply(self, address: str) -> Reply:
        with self._turn(host_of(address)):
            reply = self._send(address, "HEAD")
            # Some refuse this short way of asking, or do not know it. Whoever says "too often" is left alone.
            wanted = 200 <= reply.status < 400 or reply.status == 429
            return reply if wanted else self._send(address, "GET")

    def _turn(self, host: str) -> Lock:
        with self.giving_turns:
            return self.turns.setdefault(host, Lock())

    def _send(self, address: str, method: str) -> Reply:
        try:
            request = Request(written(address), method=method, headers=HEADERS)  # noqa: S310 - only web addresses come here
            with self.opener.open(request, timeout=self.seconds) as response:
                return Reply(response.status, response.reason or "")
        except HTTPError as error:
            with error:
                return Reply(error.code, str(error.reason), error.headers.get("Location", ""))
        except URLError as error:
            return Reply(0, _why(error.reason))
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Reply(0, _why(error))


def ask_all(addresses: Iterable[str], *, asker: Asker, workers: int = WORKERS) -> list[Answer]:
    """Return the answers of many addresses, the worst first; several hosts are asked at a time."""
    hosts: dict[str, list[str]] = {}
    for address in addresses:
        hosts.setdefault(host_of(address), []).append(address)
    with ThreadPoolExecutor(workers) as pool:
        try:
            answers = [answer for of_host in pool.map(asker.ask_in_turn, hosts.values()) for answer in of_host]
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    worst_first = list(Verdict)
    return sorted(answers, key=lambda answer: (worst_first.index(answer.verdict), answer.address))


def host_of(address: str) -> str:
    """Return whose turn it is when an address is asked; one that cannot be read stands for itself."""
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:
        return address


def _joined(address: str, location: str) -> str:
    try:
        return urljoin(address, location)
    except ValueError:
        return location


def _answer(address: str, at: str, reply: Reply) -> Answer:
    said = f"{reply.status} {reply.reason}".strip() if reply.status else reply.reason
    if reply.status in MOVED:
        return Answer(address, Verdict.NO_ANSWER, "moves on and on" if reply.location else said)
    moved = "" if _same(at, address) else at
    if 200 <= reply.status < 300:
        return Answer(address, Verdict.MOVED if moved else Verdict.FINE, said, moved)
    return Answer(address, VERDICTS.get(reply.status, Verdict.NO_ANSWER), said, moved)


def _same(one: str, other: str) -> bool:
    return one.partition("#")[0] == other.partition("#")[0]


def written(address: str) -> str:
    """Return an address as it goes over the wire: a name in other letters as `xn--`, other characters as bytes.

    Raises: ValueError, when it has no such form.
    """
    parts = urlsplit(address)
    host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode("ascii")
    path, query = (quote(part, safe=ALLOWED) for part in (parts.path, parts.query))
    return urlunsplit((parts.scheme, host, path, query, ""))


def _why(error: object) -> str:
    if isinstance(error, TimeoutError):
        return "nothing came in time"
    return " ".join(str(getattr(error, "strerror", None) or error).split()) or type(error).__name__
