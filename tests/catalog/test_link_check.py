"""The link check, against real servers on this machine: it tells what became of every address and never fails."""

import json
import os
import socket
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Barrier, BrokenBarrierError, Lock, Thread

import pytest
from click.testing import CliRunner
from sample_content import BODY, easy_read_text, module_text, scenario_text, write, write_easy_read

from tests.serving import refusing_port
from training import link_check
from training.catalog.cited import Place, cited_in
from training.cli import main
from training.link_check import USER_AGENT, Asker, Verdict, ask_all, written

# Long, as a machine may be busy: nothing that goes well waits for it.
PATIENCE = 120
STATUSES = {"/fine": 200, "/gone": 404, "/for-good": 410, "/robots": 403, "/often": 429, "/broken": 500}
MOVES = {"/old": "/fine", "/older": "/old", "/lost": "/gone", "/round": "/round", "/mail": "mailto:a@b.example"}


class _Pages(BaseHTTPRequestHandler):
    """Answers as its path says, and notes what it was asked."""

    def do_HEAD(self):
        self._answer()

    def do_GET(self):
        self._answer()

    def _answer(self):
        self.server.asked.append((self.command, self.path, self.headers["User-Agent"]))
        if self.path == "/get-only" and self.command == "HEAD":
            self.send_response(405)
        elif self.path == "/hangs-up":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        elif self.path in MOVES:
            self.send_response(301)
            self.send_header("Location", MOVES[self.path])
        else:
            self.send_response(STATUSES.get(self.path, 200))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words):
        """Print nothing."""


@contextmanager
def serving(handler=_Pages):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.asked = []
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def server():
    with serving() as started:
        yield started


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")


def at(server, path: str) -> str:
    return f"http://127.0.0.1:{server.server_port}{path}"


def ask(server, path: str):
    return Asker(seconds=PATIENCE).ask(at(server, path))


@pytest.mark.parametrize(
    ("path", "verdict", "said"),
    [
        ("/fine", Verdict.FINE, "200 OK"),
        ("/get-only", Verdict.FINE, "200 OK"),
        ("/caf\u00e9 au lait?q=\u00e9", Verdict.FINE, "200 OK"),
        ("/gone", Verdict.NOT_FOUND, "404 Not Found"),
        ("/for-good", Verdict.NOT_FOUND, "410 Gone"),
        ("/robots", Verdict.REFUSES_ROBOTS, "403 Forbidden"),
        ("/often", Verdict.REFUSES_ROBOTS, "429 Too Many Requests"),
        ("/broken", Verdict.NO_ANSWER, "500 Internal Server Error"),
        ("/round", Verdict.NO_ANSWER, "moves on and on"),
    ],
)
def test_each_answer_has_its_verdict(server, path, verdict, said):
    answer = ask(server, path)
    assert (answer.verdict, answer.said, answer.moved_to) == (verdict, said, "")


@pytest.mark.parametrize(
    ("path", "verdict", "to"),
    [("/old", Verdict.MOVED, "/fine"), ("/older", Verdict.MOVED, "/fine"), ("/lost", Verdict.NOT_FOUND, "/gone")],
)
def test_a_move_is_followed_to_where_it_ends(server, path, verdict, to):
    answer = ask(server, path)
    assert (answer.verdict, answer.moved_to) == (verdict, at(server, to))


def test_a_move_off_the_web_is_told_and_not_followed(server):
    answer = ask(server, "/mail")
    assert (answer.verdict, answer.moved_to) == (Verdict.MOVED, "mailto:a@b.example")


def test_a_server_that_hangs_up_or_is_not_there_gives_no_answer(server):
    assert ask(server, "/hangs-up").verdict is Verdict.NO_ANSWER
    with refusing_port() as port:
        answer = Asker(seconds=PATIENCE).ask(f"http://127.0.0.1:{port}/")
    assert (answer.verdict, answer.said) == (Verdict.NO_ANSWER, "Connection refused")


def test_a_server_that_says_nothing_is_not_waited_for():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        answer = Asker(seconds=0.05).ask(f"http://127.0.0.1:{listener.getsockname()[1]}/")
    assert (answer.verdict, answer.said) == (Verdict.NO_ANSWER, "nothing came in time")


@pytest.mark.parametrize(
    "address", ["http://[bad/", "http://\u2100.example/", "http://a b.example/", "http://127.0.0.1:port/", "http:///x"]
)
def test_an_address_that_cannot_be_asked_gives_no_answer(address):
    assert Asker(seconds=5).ask(address).verdict is Verdict.NO_ANSWER


def test_the_short_way_of_asking_comes_first_and_says_who_asks(server):
    for path in ("/fine", "/gone", "/often"):
        ask(server, path)
    methods = [(method, path) for method, path, _ in server.asked]
    assert methods == [("HEAD", "/fine"), ("HEAD", "/gone"), ("GET", "/gone"), ("HEAD", "/often")]
    assert {agent for _, _, agent in server.asked} == {USER_AGENT}
    assert "STOMP-Training" in USER_AGENT


def test_an_address_in_other_letters_is_written_for_the_wire():
    assert written("https://b\u00fccher.example/\u00e9?a=b&c=%20#d") == "https://xn--bcher-kva.example/%C3%A9?a=b&c=%20"


def test_hosts_are_asked_at_the_same_time_and_each_one_thing_at_a_time():
    both = Barrier(2, timeout=PATIENCE)
    overlapped = []

    class Meeting(_Pages):
        """Answers only once the other host is asked as well."""

        def _answer(self):
            if not self.server.busy.acquire(blocking=False):
                overlapped.append(self.path)
                self.server.busy.acquire()
            try:
                both.wait()
            except BrokenBarrierError:
                overlapped.append("alone")
            finally:
                self.server.busy.release()
            super()._answer()

    with serving(Meeting) as one, serving(Meeting) as other:
        one.busy, other.busy = Lock(), Lock()
        addresses = [at(server, f"/{number}") for server in (one, other) for number in range(6)]
        answers = ask_all(addresses, asker=Asker(seconds=2 * PATIENCE))
    assert overlapped == []
    assert Counter(answer.verdict for answer in answers) == {Verdict.FINE: 12}


@pytest.fixture
def content(tmp_path, server):
    folder = tmp_path / "content"
    sources = f"{{mar: {{title: Records, publisher: CQC, url: {at(server, '/fine')}, checked_on: 2026-11-22}}}}"
    linked = BODY.replace("Report it the same day.", f"Report it [today]({at(server, '/gone')}).")
    write(folder, module_text(linked, sources=sources), "modules/first.md")
    write(folder, scenario_text(sources=sources), "scenarios/story.md")
    entry = "{title: T, publisher: P, audience: [people], format: guide, topic: basics, easy_read: true, language: en, "
    resources = f"one:\n  {entry}\n    url: {at(server, '/old')}, checked_on: 2026-11-22}}\n"
    write(folder, resources, "resources.yaml")
    return folder


@pytest.fixture
def run(content, monkeypatch):
    for name in [name for name in os.environ if name.startswith("TRAINING_")]:
        monkeypatch.delenv(name)

    def runs(*words):
        environ = {"TRAINING_CONTENT_DIR": str(content)}
        return CliRunner().invoke(main, ["content", "links", *map(str, words)], env=environ)

    return runs


def test_each_address_is_told_once_with_every_line_that_cites_it(content, server):
    cited = cited_in(content)
    places = {address: [str(place) for place in found] for address, found in cited.places.items()}
    source_line = (content / "modules/first.md").read_text().split("\n").index("written_on: 2026-11-22")
    assert places == {
        at(server, "/fine"): [
            f"{content}/modules/first.md:{source_line}",
            f"{content}/scenarios/story.md:{source_line}",
        ],
        at(server, "/gone"): [f"{content}/modules/first.md:{line_of_words(content, 'Report it [today]')}"],
        at(server, "/old"): [f"{content}/resources.yaml:3"],
    }


def line_of_words(content, words: str) -> int:
    lines = (content / "modules/first.md").read_text().split("\n")
    return next(number for number, line in enumerate(lines, 1) if words in line)


def test_the_table_tells_the_worst_first_and_is_no_failure(run, content, server):
    told = run()
    assert told.exit_code == 0
    lines = told.stdout.splitlines()
    assert [line.split("  ")[0] for line in lines if not line.startswith(" ")][:3] == [
        "not found",
        "moved",
        "fine",
    ]
    assert f"moved      {at(server, '/old')} -> {at(server, '/fine')}  (200 OK)" in lines
    assert f"{'':9}    {content}/resources.yaml:3" in lines
    assert lines[-1] == "3 addresses: 1 not found, 1 moved, 1 fine."


def test_the_same_comes_as_json(run, content, server):
    rows = json.loads(run("--json").stdout)
    assert [row["verdict"] for row in rows] == ["not found", "moved", "fine"]
    assert rows[0]["address"] == at(server, "/gone")
    assert rows[1]["moved_to"] == at(server, "/fine")
    assert rows[1]["cited_at"] == [f"{content}/resources.yaml:3"]


def test_one_file_can_be_asked_about_and_a_faulty_one_is_named(run, content):
    assert run(content / "resources.yaml").stdout.endswith("1 addresses: 1 moved.\n")
    broken = write(content, module_text(minutes="2"), "modules/broken.md")
    told = run(broken)
    assert (told.exit_code, told.stdout) == (0, "0 addresses: none.\n")
    assert f"{broken} has faults" in told.stderr


def test_the_sources_of_an_easy_read_twin_are_asked_about_too(tmp_path):
    write(tmp_path, module_text(), "modules/first.md")
    twin = write_easy_read(tmp_path, easy_read_text())
    line = next(n for n, words in enumerate(twin.read_text().split("\n"), 1) if "https://example.org/mar" in words)
    assert Place(str(twin), line) in cited_in(tmp_path).places["https://example.org/mar"]
    assert cited_in(twin.parent).unread == ()
    write_easy_read(tmp_path, easy_read_text(title=None))
    assert cited_in(tmp_path).unread == (str(twin),)


def test_a_path_that_is_not_there_is_wrong_usage(run):
    assert run("nowhere").exit_code == 2


def test_an_interruption_leaves_the_rest_unasked(monkeypatch):
    asked = []

    def interrupted(_asker, addresses):
        asked.extend(addresses)
        raise KeyboardInterrupt

    monkeypatch.setattr(Asker, "ask_in_turn", interrupted)
    with pytest.raises(KeyboardInterrupt):
        link_check.ask_all([f"http://{n}.example/" for n in range(50)], asker=Asker(), workers=1)
    assert len(asked) < 50
