"""A whole staff whose phones find a signal at the same moment, one reply in ten lost: nothing lost, nothing doubled."""

import json
import random
import socket
import threading
import uuid
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection

import pytest
from sqlalchemy import insert, update

from tests.factories import make_organisation, make_person, make_sent
from tests.services.stored import rows
from tests.serving import serve
from training import clock
from training.app import create_app
from training.bench.people import cookie_of
from training.config import Config
from training.domain.roles import Role
from training.models import Account, Attempt, Completion, Delivery, Draft, Person
from training.services import accounts, passwords, standing_checks

CROWD = {"sqlite": 100, "postgresql": 500}
LOST_REPLIES = 0.1
SLUG = "what-stomp-and-stamp-are"
# Long, as a machine may be busy: nothing that goes well waits for it.
PATIENCE = 300


@dataclass
class Phone:
    """Somebody's phone with a session, and what it has done with no signal."""

    port: int
    cookie: str
    attempt: dict
    receipt: dict | None = None

    def ask(self, method: str, path: str, body: dict | None = None) -> dict:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, json.dumps(body) if body else None, self.headers)
            answer = connection.getresponse()
            said = answer.read()
            assert answer.status == 200, said
            return json.loads(said)
        finally:
            connection.close()

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": self.cookie, "X-Requested-With": "fetch", "Content-Type": "application/json"}

    def send_and_hang_up(self, body: dict) -> None:
        """Send all of it, and be gone before the answer comes."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("POST", "/offline/attempts", json.dumps(body), self.headers)
        connection.sock.shutdown(socket.SHUT_RDWR)
        connection.close()

    def work_off(self, luck: random.Random) -> None:
        """Fetch the ticket, and send what was done until a receipt comes, as the script on the phone does."""
        kept = self.ask("GET", "/offline/me")
        (ticket,) = [one["ticket"] for one in kept["items"] if one["slug"] == SLUG]
        attempts = [{**self.attempt, "ticket": ticket}]
        body = {"person": kept["person"], "device_now": clock.now().isoformat(), "attempts": attempts}
        while luck.random() < LOST_REPLIES:
            self.send_and_hang_up(body)
        (self.receipt,) = self.ask("POST", "/offline/attempts", body)["receipts"]


@pytest.fixture
def learners(database, database_url, catalog):
    """Many people of one organisation, each signed in."""
    now = clock.now()
    home = make_organisation(database, catalog=catalog, now=now)
    people = [make_person(database, home, now=now) for _ in range(CROWD[database.engine.dialect.name])]
    hashed = passwords.hash_password("four green teapots")
    known = {one.person_id: uuid.uuid4() for one in people}
    with database.engine.begin() as connection:
        opened = {"password_hash": hashed, "recorded_at": now}
        connection.execute(
            insert(Account),
            [{"id": account, "sign_in_name": str(person), **opened} for person, account in known.items()],
        )
        for person, account in known.items():
            connection.execute(update(Person).where(Person.id == person).values(account_id=account))
    app = create_app(Config(database_url=database_url), catalog=catalog)
    tokens = {one: accounts.open_session(database, account_id=account, now=now) for one, account in known.items()}
    name = app.config["SESSION_COOKIE_NAME"]
    found = [(one, f"{name}={cookie_of(app, tokens[one.person_id])[0]}") for one in people]
    app.extensions["training"].database.close()
    return found


def done(catalog, number: int) -> dict:
    """Return what one of them did: every seventh failed."""
    began = clock.now() - timedelta(minutes=number % 30)
    sent = make_sent(catalog, SLUG, role=Role.SOCIAL_CARE, now=began, right=number % 7 > 0)
    at = began.isoformat()
    return {
        "attempt_id": str(sent.attempt_id),
        "started_at": at,
        "finished_at": at,
        "answers": {name: {"keys": list(keys), "at": at} for name, keys in sent.answers.items()},
    }


def test_a_crowd_of_phones_is_recorded_once_each(database, database_url, catalog, learners, tmp_path):
    with serve(database_url, output_file=tmp_path / "server.log") as server:
        port = int(server.address.rpartition(":")[2])
        phones = [Phone(port, cookie, done(catalog, number)) for number, (_, cookie) in enumerate(learners)]
        together, failed = threading.Barrier(len(phones)), []

        def work(phone: Phone, luck: random.Random) -> None:
            together.wait()
            try:
                phone.work_off(luck)
            except Exception as error:
                failed.append(error)

        threads = [
            threading.Thread(target=work, args=(phone, random.Random(number)))  # noqa: S311
            for number, phone in enumerate(phones)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failed == []
    wanted = {phone.attempt["attempt_id"] for phone in phones}
    recorded = rows(database, Attempt)
    assert {str(row.id) for row in recorded} == wanted
    assert len(recorded) == len(rows(database, Delivery)) == len(phones)
    by_person = {row.person_id: str(row.id) for row in recorded}
    assert by_person == {
        one.person_id: phone.attempt["attempt_id"] for (one, _), phone in zip(learners, phones, strict=True)
    }
    for row, phone in zip(recorded, sorted(phones, key=in_order(recorded)), strict=True):
        sent = {name: given["keys"] for name, given in phone.attempt["answers"].items()}
        assert row.answers == sent
        assert phone.receipt["passed"] == row.passed
    codes = {str(row.attempt_id): row.code for row in rows(database, Completion)}
    assert codes == {one.attempt["attempt_id"]: one.receipt["code"] for one in phones if one.receipt["passed"]}
    assert len(codes) == sum(number % 7 > 0 for number in range(len(phones)))
    assert rows(database, Draft) == []
    assert standing_checks.verify(database, now=clock.now()) == []


def in_order(recorded: list[Attempt]):
    """Return the key that puts phones in the order of what was recorded."""
    places = {str(row.id): place for place, row in enumerate(recorded)}
    return lambda phone: places[phone.attempt["attempt_id"]]
