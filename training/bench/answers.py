"""Answers over real connections: how long one takes to be saved, and whether any of hundreds at once is lost."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from statistics import median, quantiles
from threading import Barrier, Thread
from time import perf_counter
from urllib.parse import urlencode

from sqlalchemy import select

from training import clock
from training.answering import right_answer
from training.app import create_app
from training.bench import people, servers
from training.bench.clocks import processor_of_children
from training.bench.lines import Ground, Line
from training.bench.people import LetIn
from training.bench.servers import PATIENCE, SERVE_BARE, serving
from training.domain.module import Question, QuestionKind
from training.domain.roles import Role
from training.models import Draft
from training.services import learning

ROLE = Role.SOCIAL_CARE
AT_ONCE, ROUNDS = 8, 5
CROWD = {"sqlite": 100, "postgresql": 500}
START_S = 2
MOST_TIMES = 2
FETCH = {"X-Requested-With": "fetch", "Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Post:
    """One form to be sent."""

    address: str
    body: str
    cookie: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a form: the status, none where the connection broke, and how long it took."""

    status: int
    seconds: float


def start_up(ground: Ground) -> Iterator[Line]:
    """Measure how long it takes from the command to the first page, beside a bare server's."""
    taken, worked, bare = [], [], []
    for _ in range(3):
        before = processor_of_children()
        with serving(ground.config) as served:
            taken.append(served.seconds)
        worked.append(processor_of_children() - before)
        with serving(ground.config, code=SERVE_BARE) as served:
            bare.append(served.seconds)
    servers.clear_bare(ground.database)
    note = f"{median(worked):.1f} s of processor time in all its processes"
    yield Line(
        what="start-up to first page", value=median(taken), unit="s", floor=median(bare), most=START_S, note=note
    )


def answers(ground: Ground) -> Iterator[Line]:
    """Measure the saving of answers, some learners at once and one alone, and then a whole crowd."""
    kind = ground.database.engine.dialect.name
    crowd = CROWD[kind]
    now = clock.now()
    learners = people.learners(ground.database, count=crowd, title=ROLE.label, now=now)
    forms = open_all(ground, learners)
    with serving(ground.config) as ours, serving(ground.config, code=SERVE_BARE) as bare:
        for at_once in (AT_ONCE, 1):
            yield from saved(ours.port, bare.port, forms, at_once=at_once)
        yield from crowded(ground, ours.port, [form[-1] for form in forms])
    servers.clear_bare(ground.database)
    people.close_drafts(ground.database, organisation_id=ground.manager.organisation_id)


def open_all(ground: Ground, learners: Sequence[LetIn]) -> list[list[Post]]:
    """Let everybody begin the first module of their track, and return each one's forms, a question each."""
    slug, now = ground.catalog.tracks[ROLE].core[0], clock.now()
    people.close_drafts(ground.database, organisation_id=ground.manager.organisation_id)
    app = create_app(ground.config)
    asked = [
        (number, question)
        for number, card in enumerate(ground.catalog.item(slug).cards[ROLE], start=1)
        for question in card.questions
        if question.kind not in {QuestionKind.ORDER, QuestionKind.MATCH}
    ]
    forms = []
    for learner in learners:
        attempt_id = learning.begin(
            ground.database,
            viewer=learner.viewer,
            attempt_id=uuid.uuid4(),
            slug=slug,
            role=ROLE,
            catalog=ground.catalog,
            now=now,
        )
        cookie, token = people.cookie_of(app, learner.token)
        name = f"{app.config['SESSION_COOKIE_NAME']}={cookie}"
        forms.append(
            [
                Post(f"/modules/{slug}/cards/{number}", body_of(question, attempt_id=attempt_id, token=token), name)
                for number, question in asked
            ]
        )
    return forms


def body_of(question: Question, *, attempt_id: uuid.UUID, token: str) -> str:
    """Return a form with the right answer."""
    fields = {"csrf_token": token, "attempt_id": str(attempt_id), "question": question.id}
    return urlencode([*fields.items(), *(("answer", key) for key in right_answer(question))])


def saved(ours: int, bare: int, forms: Sequence[Sequence[Post]], *, at_once: int) -> Iterator[Line]:
    """Yield how long 95 of 100 answers take at most, by turns with the bare server's."""
    each = len(forms) // ROUNDS
    plain = [Post("/answer", "answer=" + "a" * 200)] * each
    place = 0 if at_once > 1 else 1
    taken, floor = [], []
    for turn in range(ROUNDS):
        some = [form[place] for form in forms[turn * each : (turn + 1) * each]]
        floor += send_all(bare, plain, at_once=at_once)
        taken += send_all(ours, some, at_once=at_once)
    lost = sum(sent.status != 200 for sent in (*taken, *floor))
    values, floors = ([sent.seconds * 1000 for sent in each] for each in (taken, floor))
    who = f"{at_once} at once" if at_once > 1 else "one at a time"
    note = f"median {median(values):.1f} against {median(floors):.1f} ms" + (f"; {lost} failed" if lost else "")
    yield Line(
        what=f"answer saved, {who}: p95",
        value=p95(values),
        unit="ms",
        floor=p95(floors),
        most_times=MOST_TIMES,
        note=note,
    )


def p95(values: Sequence[float]) -> float:
    """Return what 95 of 100 are at most."""
    return quantiles(values, n=20)[-1]


def crowded(ground: Ground, port: int, forms: Sequence[Post]) -> Iterator[Line]:
    """Yield how many of a crowd that answers at the same moment are lost, and how long the last one waits."""
    began = perf_counter()
    sent = send_all(port, forms, at_once=len(forms))
    taken = perf_counter() - began
    kept = count_kept(ground, place=-1)
    lost = len(forms) - min(kept, sum(each.status == 200 for each in sent))
    yield Line(what=f"{len(forms)} learners at the same moment: lost", value=lost, unit="answers", most=0)
    yield Line(what=f"{len(forms)} learners at the same moment: until the last", value=taken, unit="s")


def count_kept(ground: Ground, *, place: int) -> int:
    """Return how many attempts in progress have the answer that was sent last."""
    slug = ground.catalog.tracks[ROLE].core[0]
    asked = [
        question.id
        for card in ground.catalog.item(slug).cards[ROLE]
        for question in card.questions
        if question.kind not in {QuestionKind.ORDER, QuestionKind.MATCH}
    ]
    with ground.database.read(ground.manager.organisation_id) as session:
        given = session.scalars(select(Draft.answers).where(Draft.item == slug)).all()
    return sum(asked[place] in each for each in given)


def send_all(port: int, posts: Sequence[Post], *, at_once: int) -> list[Sent]:
    """Send forms from so many threads that begin together, each over one connection of its own."""
    together, found = Barrier(at_once), []

    def work(some: Sequence[Post]) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        together.wait()
        for post in some:
            found.append(send(connection, post))
        connection.close()

    threads = [Thread(target=work, args=(posts[number::at_once],)) for number in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def send(connection: HTTPConnection, post: Post) -> Sent:
    """Send one form and read all of what comes back."""
    began = perf_counter()
    try:
        connection.request("POST", post.address, post.body, {**FETCH, "Cookie": post.cookie})
        answer = connection.getresponse()
        answer.read()
        status = answer.status
    except (OSError, HTTPException):
        connection.close()
        status = 0
    return Sent(status, perf_counter() - began)
