"""Waiting: somebody who would renew before their window opens is told what waiting for it would give them."""

from datetime import UTC, date, datetime

import pytest

from tests.conftest import NOW
from tests.factories import learn
from tests.services.stored import rows
from training.domain.requirement import Reach, Terms
from training.domain.roles import Role
from training.models import RequirementVersion
from training.services import progress, requirement_changes, requirements
from training.services.requirement_changes import Opened
from training.services.requirement_plans import Asked, Choice

ITEM = "every-kind"
EARLY, WINDOW = date(2026, 4, 20), date(2026, 12, 1)
CHANGED = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
WORDS = (
    "You are early. If you wait until 1 Dec 2026 and pass then, you are in date until {}. You may of course do it now."
)


@pytest.fixture
def passed(database, catalog, learner):
    learn(database, learner, catalog=catalog, slug=ITEM, now=NOW)
    return learner


def said(database, catalog, learner, day):
    page = progress.item_page(database, viewer=learner, slug=ITEM, kind="module", catalog=catalog, today=day)
    return page.waiting


def make_it_two_years(database, catalog, home, reach):
    known = {"viewer": home.viewer, "catalog": catalog}
    versions = rows(database, RequirementVersion, organisation_id=home.viewer.organisation_id)
    (version,) = (row for row in versions if row.roles == [Role.SOCIAL_CARE])
    find = {"requirement_id": version.requirement_id, "today": CHANGED.date()}
    page = requirements.show_requirement(database, **find, **known)
    asked = Asked(
        name=page.name,
        items=tuple(version.items),
        roles=(Role.SOCIAL_CARE,),
        terms=Terms(valid_months=24, window_days=90),
        due_days=version.due_days,
        starts_on=CHANGED.date(),
    )
    opened = Opened(version.requirement_id, page.edition)
    requirement_changes.change_requirement(
        database, opened=opened, asked=asked, choice=Choice(reach), now=CHANGED, **known
    )


def test_before_the_window_it_is_said_what_waiting_gives(database, catalog, passed):
    assert said(database, catalog, passed, EARLY) == WORDS.format("1 Mar 2028")


def test_from_the_day_of_the_window_on_nothing_is_gained_by_waiting(database, catalog, passed):
    assert said(database, catalog, passed, WINDOW) == ""


def test_whoever_never_passed_is_not_early(database, catalog, learner):
    assert said(database, catalog, learner, EARLY) == ""


@pytest.mark.parametrize(("reach", "until"), [(Reach.FROM_NOW_ON, "1 Mar 2028"), (Reach.AT_NEXT_RENEWAL, "1 Mar 2029")])
def test_what_waiting_gives_goes_by_the_terms_that_reach_the_person(database, catalog, home, passed, reach, until):
    make_it_two_years(database, catalog, home, reach)
    assert said(database, catalog, passed, EARLY) == WORDS.format(until)
