"""Attempts: recorded once, marked by the server, and moving standings in the same commit."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.conftest import NOW
from tests.factories import learn, make_organisation, make_person, make_sent
from training.domain.roles import Role
from training.models import Attempt, Completion
from training.services import learning, standing_checks


@pytest.fixture
def home(database, catalog):
    return make_organisation(database, catalog=catalog, now=NOW)


def counted(database, home, table):
    with database.read(home.viewer.organisation_id) as session:
        return session.scalar(select(func.count()).select_from(table))


def test_a_pass_gives_a_receipt_and_moves_the_standing(database, catalog, home):
    learner = make_person(database, home, now=NOW)
    receipt = learn(database, learner, catalog=catalog, now=NOW + timedelta(days=1))
    assert receipt.passed
    assert receipt.percent == 100
    assert receipt.code is not None
    assert standing_checks.verify(database, now=NOW + timedelta(days=1)) == []


def test_sending_again_returns_the_same_receipt_and_writes_nothing(database, catalog, home):
    learner = make_person(database, home, now=NOW)
    sent = make_sent(catalog, "spotting-side-effects", role=Role.SOCIAL_CARE, now=NOW, attempt_id=uuid.uuid4())
    first = learning.submit_attempt(database, viewer=learner, sent=sent, now=NOW)
    again = learning.submit_attempt(database, viewer=learner, sent=sent, now=NOW + timedelta(days=3))
    assert again == first
    assert (counted(database, home, Attempt), counted(database, home, Completion)) == (1, 1)
