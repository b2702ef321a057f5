"""A server killed in the middle of its work: whoever saw a receipt is on record, once."""

import http.client
import re
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from tests.factories import PASSWORD, let_in, make_organisation, make_person
from tests.serving import serve
from training import clock
from training.answering import right_answer
from training.db import EVERYWHERE
from training.domain.roles import Role
from training.models import Attempt, Completion
from training.services import learning, standing_checks

LEARNERS = 4
RECEIPTS_BEFORE_THE_END = 25
# Long, as a machine may be busy: nothing that goes well waits for it.
PATIENCE = 300
SLUG = "what-stomp-and-stamp-are"


@dataclass
class Tally:
    """The receipts that were seen, and the moment at which enough of them were."""

    receipts: list[UUID] = field(default_factory=list)
    enough: threading.Event = field(default_factory=threading.Event)
    turn: threading.Lock = field(default_factory=threading.Lock)

    def note(self, attempt_id: UUID) -> None:
        with self.turn:
            self.receipts.append(attempt_id)
            if len(self.receipts) >= RECEIPTS_BEFORE_THE_END:
                self.enough.set()


class Browser:
    """Just enough of a browser: cookies, forms and where a redirect led."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        with self.opener.open(self.address + path, timeout=PATIENCE) as answer:
            return answer.read().decode()

    def post(self, path: str, **fields: str) -> str:
        body = urlencode(fields).encode()
        with self.opener.open(self.address + path, data=body, timeout=PATIENCE) as answer:
            answer.read()
            return answer.geturl()

    def token(self, path: str) -> str:
        return re.search(r'name="csrf_token" value="([^"]+)"', self.get(path))[1]


def answer_everything(database, learner, catalog) -> UUID:
    """Open an attempt and answer every question, so that only sending it is left."""
    attempt_id, now = uuid4(), clock.now()
    learning.begin(
        database, viewer=learner, attempt_id=attempt_id, slug=SLUG, role=Role.SOCIAL_CARE, catalog=catalog, now=now
    )
    for question in catalog.item(SLUG).questions(Role.SOCIAL_CARE):
        learning.save_answer(
            database,
            viewer=learner,
            attempt_id=attempt_id,
            question_id=question.id,
            answer=tuple(right_answer(question)),
            now=now,
        )
    return attempt_id


def keep_sending(browser, token, database, learner, catalog, tally):
    """Send one attempt after another until the server is gone."""
    while True:
        attempt_id = answer_everything(database, learner, catalog)
        try:
            landed = browser.post(f"/modules/{SLUG}/finish", csrf_token=token, attempt_id=str(attempt_id))
        except urllib.error.HTTPError:
            raise  # an answer, and a bad one: the server lives
        except (urllib.error.URLError, ConnectionError, http.client.HTTPException):
            return  # not listened to any more, cut off, or cut in the middle of an answer
        assert landed.endswith(f"/record/{attempt_id}")
        tally.note(attempt_id)


@pytest.fixture
def people(database, catalog):
    home = make_organisation(database, catalog=catalog, now=clock.now())
    learners = [make_person(database, home, now=clock.now()) for _ in range(LEARNERS)]
    return [(learner, let_in(database, home, learner, now=clock.now())) for learner in learners]


def test_no_receipt_is_lost_when_the_server_is_killed(database, database_url, catalog, people, tmp_path):
    tally = Tally()
    with serve(database_url, output_file=tmp_path / "first.log") as server:
        threads = []
        for learner, name in people:
            browser = Browser(server.address)
            browser.post("/sign-in", csrf_token=browser.token("/sign-in"), sign_in_name=name, password=PASSWORD)
            arguments = (browser, browser.token("/home"), database, learner, catalog, tally)
            threads.append(threading.Thread(target=keep_sending, args=arguments))
        for thread in threads:
            thread.start()
        assert tally.enough.wait(timeout=PATIENCE)
        server.kill()
        for thread in threads:
            thread.join(timeout=PATIENCE)
            assert not thread.is_alive()
    with serve(database_url, output_file=tmp_path / "second.log") as server:
        learner, name = people[0]
        browser = Browser(server.address)
        browser.post("/sign-in", csrf_token=browser.token("/sign-in"), sign_in_name=name, password=PASSWORD)
        assert "My record" in browser.get("/record")
    with database.read(EVERYWHERE) as session:
        recorded = session.scalars(select(Attempt.id)).all()
        completions = session.scalar(select(func.count()).select_from(Completion))
    assert len(tally.receipts) >= RECEIPTS_BEFORE_THE_END
    assert set(tally.receipts) <= set(recorded)
    assert len(recorded) == len(set(recorded)) == completions
    assert standing_checks.verify(database, now=clock.now()) == []
