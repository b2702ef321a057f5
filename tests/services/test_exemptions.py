"""Exemptions: who, why and until when, what they move, and how they are put right."""

from dataclasses import replace
from datetime import date

import pytest

from tests.conftest import NOW
from tests.factories import learn, make_person
from tests.services.standing_of import ITEM, morning, reason, standing, status
from tests.services.stored import rows
from training.domain.names import NameRefused
from training.domain.status import Status
from training.models import Exemption
from training.services import employments, exemptions, organisations, standing_checks
from training.services.employments import DayRefused, LastDayRefused
from training.services.exemptions import ExemptionOverlaps
from training.services.organisations import NotAllowed, NotFound
from training.services.signoffs import WordsRefused


@pytest.fixture
def let_off(database, catalog, home, learner):
    def add(starts_on=date(2026, 3, 10), ends_on=date(2026, 3, 31), *, viewer=None, person=None, **changed):
        words = {"item": ITEM, "who": "Dr Ruth Adeyemi", "why": "Passed the same course elsewhere."} | changed
        return exemptions.add_exemption(
            database,
            viewer=viewer or home.viewer,
            catalog=catalog,
            person_id=(person or learner).person_id,
            starts_on=starts_on,
            ends_on=ends_on,
            now=NOW,
            **words,
        )

    return add


def test_thirty_days_count_from_the_day_after_an_exemption(database, learner, let_off):
    """The need began on 2 Mar, due by 1 Apr; after an exemption until 31 Mar it is due by 1 Apr and 30 days."""
    let_off()
    assert status(database, learner, date(2026, 3, 9)) is Status.NOT_YET_DUE
    for day in (date(2026, 3, 10), date(2026, 3, 31)):
        assert status(database, learner, day) is Status.EXEMPT
    assert standing(database, learner, date(2026, 4, 1)).first_due_on == date(2026, 5, 1)
    assert status(database, learner, date(2026, 5, 1)) is Status.NOT_YET_DUE
    assert status(database, learner, date(2026, 5, 2)) is Status.OVERDUE
    said = reason(database, learner, date(2026, 3, 31))
    assert said == "Exempt until 31 Mar 2026: Passed the same course elsewhere (agreed by Dr Ruth Adeyemi)."
    assert status(database, learner, date(2026, 3, 20), "for-everyone") is Status.NOT_YET_DUE
    assert standing_checks.verify(database, now=NOW) == []


def test_whoever_was_overdue_when_it_began_is_overdue_again(database, learner, let_off):
    let_off(date(2026, 4, 10), date(2026, 4, 30))
    assert status(database, learner, date(2026, 4, 30)) is Status.EXEMPT
    assert status(database, learner, date(2026, 5, 1)) is Status.OVERDUE


def test_an_exemption_never_lengthens_what_was_passed(database, catalog, learner, let_off):
    """In date until 1 Mar 2027, which falls in an exemption until 31 Mar: due again by 30 Apr 2027."""
    learn(database, learner, catalog=catalog, now=NOW)
    let_off(date(2027, 2, 1), date(2027, 3, 31))
    after = standing(database, learner, date(2027, 4, 1))
    assert (after.valid_until, after.grace_until) == (date(2027, 3, 1), date(2027, 4, 30))
    assert status(database, learner, date(2027, 4, 30)) is Status.NOT_YET_DUE
    assert status(database, learner, date(2027, 5, 1)) is Status.EXPIRED


def test_ending_it_early_is_a_correction(database, home, learner, let_off):
    exemption, now = let_off(), morning(date(2026, 3, 16))
    known = {"viewer": home.viewer, "exemption_id": exemption, "now": now}
    exemptions.end_exemption(database, ends_on=date(2026, 3, 15), **known)
    assert standing(database, learner, date(2026, 3, 16)).first_due_on == date(2026, 4, 15)
    old, new = sorted(rows(database, Exemption), key=lambda row: row.recorded_at)
    assert (old.ends_on, old.withdrawn_at) == (date(2026, 3, 31), now)
    assert (new.ends_on, new.withdrawn_at, new.who, new.why) == (date(2026, 3, 15), None, old.who, old.why)
    with pytest.raises(NotFound):
        exemptions.end_exemption(database, ends_on=date(2026, 3, 20), **known)


def test_a_withdrawn_exemption_never_was(database, home, learner, let_off):
    exemptions.withdraw_exemption(database, viewer=home.viewer, exemption_id=let_off(), now=NOW)
    assert standing(database, learner, date(2026, 4, 1)).first_due_on == date(2026, 4, 1)
    assert [row.withdrawn_at for row in rows(database, Exemption)] == [NOW]
    assert standing_checks.verify(database, now=NOW) == []


def test_the_manager_decided_where_nobody_else_is_named(database, home, let_off):
    let_off(who="  ")
    (row,) = rows(database, Exemption)
    assert (row.who, row.recorded_by) == (home.viewer.name, home.viewer.person_id)


def test_what_cannot_be_kept_is_refused_with_nothing_written(database, let_off):
    for changed, refusal in (
        ({"why": " "}, WordsRefused),
        ({"why": "x" * 5000}, WordsRefused),
        ({"who": "x" * 300}, NameRefused),
        ({"item": "no-such"}, NotFound),
        ({"ends_on": date(2026, 3, 9)}, LastDayRefused),
        ({"ends_on": date.max}, LastDayRefused),
        ({"starts_on": date(1900, 1, 1)}, DayRefused),
    ):
        with pytest.raises(refusal):
            let_off(**changed)
    assert rows(database, Exemption) == []


def test_two_exemptions_from_one_item_do_not_overlap(database, let_off):
    let_off()
    with pytest.raises(ExemptionOverlaps, match="from 10 Mar 2026 until 31 Mar 2026"):
        let_off(date(2026, 3, 31), date(2026, 4, 30))
    let_off(date(2026, 4, 1), date(2026, 4, 30))
    let_off(item="for-everyone")
    assert len(rows(database, Exemption)) == 3


def test_a_site_manager_exempts_only_people_who_work_for_them_alone(database, home, learner, let_off):
    second = organisations.add_site(database, viewer=home.viewer, name="Second site", now=NOW)
    site_manager = replace(home.viewer, manages_all=False, site_ids=frozenset({home.site_id}))
    kept = let_off(viewer=site_manager)
    with pytest.raises(NotFound):
        let_off(viewer=site_manager, person=make_person(database, home, now=NOW, site_id=second))
    employments.add_job(
        database,
        viewer=home.viewer,
        person_id=learner.person_id,
        job_title_id=next(iter(home.titles.values())),
        site_id=second,
        starts_on=date(2026, 3, 2),
        now=NOW,
    )
    with pytest.raises(NotAllowed):
        let_off(date(2026, 5, 1), date(2026, 5, 2), viewer=site_manager)
    with pytest.raises(NotAllowed):
        exemptions.withdraw_exemption(database, viewer=site_manager, exemption_id=kept, now=NOW)


def test_another_organisation_reaches_no_exemption(database, neighbour, let_off):
    exemption = let_off()
    with pytest.raises(NotFound):
        let_off(date(2026, 5, 1), date(2026, 5, 2), viewer=neighbour.viewer)
    with pytest.raises(NotFound):
        exemptions.withdraw_exemption(database, viewer=neighbour.viewer, exemption_id=exemption, now=NOW)
