"""Content as it was: every version kept once, and each attempt marked against the one it began with."""

import uuid
from dataclasses import replace
from functools import partial

import pytest

from tests.conftest import NOW
from tests.factories import answer_all, begin, learn
from tests.services.stored import all_at_once, rows
from tests.web.content import write_content
from training.catalog.library import load_catalog
from training.catalog.snapshot import from_json
from training.db import Database
from training.domain.roles import Role
from training.models import Attempt, ContentVersion, Organisation
from training.services import learning, organisations, records, versions

MODULE = "every-kind"


@pytest.fixture(scope="module")
def later_catalog(tmp_path_factory):
    """The same content with one module changed: what was the right answer is the wrong one now."""
    folder = write_content(tmp_path_factory.mktemp("later"))
    path = folder / "modules" / f"{MODULE}.md"
    swapped = {"- [ ] True": "- [x] True", "- [x] False": "- [ ] False", 'version: "1.0"': 'version: "1.1"'}
    text = path.read_text(encoding="utf-8")
    for old, new in swapped.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return load_catalog(folder)


def test_every_item_is_kept_once_and_whole(database, catalog):
    versions.keep_versions(database, catalog=catalog, now=NOW)
    kept = {row.content_hash: from_json(row.kind, row.body) for row in rows(database, ContentVersion)}
    assert kept == {item.content_hash: item for item in catalog.items()}


def test_eight_servers_starting_at_once_keep_each_version_once(database, catalog, later_catalog):
    starts = [partial(versions.keep_versions, database, catalog=later_catalog, now=NOW) for _ in range(8)]
    assert all_at_once(*starts) == [None] * 8
    kept = sorted(row.content_hash for row in rows(database, ContentVersion))
    assert kept == sorted({item.content_hash for each in (catalog, later_catalog) for item in each.items()})


@pytest.fixture
def empty(database_url):
    database = Database(database_url)
    yield database
    database.close()


def test_eight_servers_starting_at_once_make_one_built_in_organisation(empty):
    starts = [partial(organisations.ensure_public, empty, time_zone="Europe/London", now=NOW) for _ in range(8)]
    assert all_at_once(*starts) == [None] * 8
    assert [row.slug for row in rows(empty, Organisation)] == ["public"]


def test_a_version_that_was_never_kept_is_named_as_such(database):
    with database.read("everywhere") as session, pytest.raises(versions.VersionUnknown):
        versions.read_version(session, "f" * 64)


def test_a_draft_keeps_the_version_it_began_with(database, catalog, later_catalog, learner):
    attempt_id = begin(database, learner, catalog=catalog, now=NOW)
    versions.keep_versions(database, catalog=later_catalog, now=NOW)
    assert begin(database, learner, catalog=later_catalog, now=NOW) == attempt_id
    shown = learning.open_attempt(database, viewer=learner, slug=MODULE)
    assert shown.item == catalog.item(MODULE) != later_catalog.item(MODULE)


def test_a_draft_is_marked_against_the_version_it_began_with(database, catalog, later_catalog, learner):
    attempt_id = begin(database, learner, catalog=catalog, now=NOW)
    versions.keep_versions(database, catalog=later_catalog, now=NOW)
    answer_all(database, learner, attempt_id=attempt_id, slug=MODULE, now=NOW)
    receipt = learning.finish(database, viewer=learner, attempt_id=attempt_id, now=NOW)
    assert (receipt.passed, receipt.percent) == (True, 100)
    shown = records.result(database, viewer=learner, attempt_id=attempt_id)
    assert (shown.item.version, shown.wrong, shown.earned.version) == ("1.0", (), "1.0")


def test_the_next_attempt_has_the_new_version(database, catalog, later_catalog, learner):
    first = learn(database, learner, catalog=catalog, now=NOW).attempt_id
    versions.keep_versions(database, catalog=later_catalog, now=NOW)
    second = learn(database, learner, catalog=later_catalog, now=NOW).attempt_id
    kept = {row.id: row.content_hash for row in rows(database, Attempt)}
    assert kept == {
        first: catalog.item(MODULE).content_hash,
        second: later_catalog.item(MODULE).content_hash,
    }


def test_answers_are_marked_by_the_version_they_name(database, catalog, later_catalog, learner):
    versions.keep_versions(database, catalog=later_catalog, now=NOW)
    attempt_id = uuid.uuid4()
    sent = learning.Sent(
        attempt_id=attempt_id,
        item=MODULE,
        content_hash=later_catalog.item(MODULE).content_hash,
        role=Role.SOCIAL_CARE,
        answers={},
        started_at=NOW,
    )
    begin(database, learner, catalog=catalog, now=NOW)
    answer_all(database, learner, attempt_id=begin(database, learner, catalog=catalog, now=NOW), slug=MODULE, now=NOW)
    old_answers = learning.open_attempt(database, viewer=learner, slug=MODULE).answers
    receipt = learning.submit_attempt(database, viewer=learner, sent=replace(sent, answers=old_answers), now=NOW)
    assert receipt.percent == 80
