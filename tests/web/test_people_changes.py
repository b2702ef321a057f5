"""One person's leave, exemptions, jobs and passes: seen in numbers first, then done; a refused form keeps its words."""

from datetime import date

import pytest

from tests.conftest import NOW
from tests.factories import learn
from tests.services.stored import rows
from tests.web.inspector import words
from training.domain.roles import Role
from training.models import Absence, Employment, Exemption, Revocation
from training.services import permissions

LEAVE = {"site_id": "every-job", "starts_on": "10 Mar 2026", "ends_on": "18 Apr 2026"}
EXEMPT = {"item": "every-kind", "starts_on": "2 Mar 2026", "ends_on": "31 Mar 2026", "who": "", "why": "Just back"}


@pytest.fixture
def of(worker):
    """The address of the worker's page, and what is under it."""
    return f"/team/people/{worker.person_id}"


def typed(page):
    return {field.attrs["name"]: field.attrs.get("value", "") for field in page.all("main form input[name]")}


def test_leave_is_shown_in_numbers_first_and_recorded_only_when_confirmed(manager, rooms, of):
    asked = manager.submit(manager.get(f"{of}/absences"), values=LEAVE)
    assert asked.heading == "Record this leave?"
    assert "Forecast for 10 Mar 2026" in asked.main
    assert "3 trainings change, 0 stay as now." in asked.main
    assert "first due by 11 May 2026" in asked.main
    assert rows(rooms, Absence) == []
    done = manager.submit(asked, 0)
    assert "Leave from every job, from 10 Mar 2026 until 18 Apr 2026" in done.main
    assert "Leave recorded" in done.main
    assert "Recorded by manager" in done.main
    assert len(rows(rooms, Absence)) == 1


def test_short_leave_says_that_it_moves_nothing(manager, of):
    asked = manager.submit(manager.get(f"{of}/absences"), values=LEAVE | {"ends_on": "5 Apr 2026"})
    assert "Nothing changes." in asked.main
    assert "Shorter than 28 days, so it moves no due day." in manager.submit(asked, 0).main


def test_what_was_typed_can_be_changed_after_seeing_what_it_does(manager, of):
    asked = manager.submit(manager.get(f"{of}/absences"), values=LEAVE)
    again = manager.submit(asked, 1)
    assert (typed(again)["starts_on"], typed(again)["ends_on"]) == ("10 Mar 2026", "18 Apr 2026")


def test_refused_leave_keeps_what_was_typed_and_says_why_at_its_field(manager, rooms, of):
    for changed, field, said in (
        ({"starts_on": "soon"}, "starts_on", "First day of leave: Write the day like this"),
        ({"starts_on": ""}, "starts_on", "Enter the first day."),
        ({"ends_on": "9 Mar 2026"}, "ends_on", "cannot be before the first, 10 Mar 2026"),
        ({"ends_on": "1 Jan 9999"}, "ends_on", "at most 10 years ahead"),
        ({"starts_on": "1 Jan 99999999999999999999"}, "starts_on", "Write the day like this"),
    ):
        again = manager.submit(manager.get(f"{of}/absences"), values=LEAVE | changed, status=400)
        assert said in words(again.one(f"#{field}-error"))
        kept = {name: typed(again)[name] for name in ("starts_on", "ends_on")}
        assert kept == {name: (LEAVE | changed)[name] for name in kept}
    manager.submit(manager.submit(manager.get(f"{of}/absences"), values=LEAVE), 0)
    again = manager.submit(manager.get(f"{of}/absences"), values=LEAVE, status=400)
    assert "from 10 Mar 2026 until 18 Apr 2026" in words(again.one("#starts_on-error"))
    assert len(rows(rooms, Absence)) == 1


def test_leave_is_put_right_and_withdrawn_after_a_page_that_says_what_it_does(manager, rooms, of):
    done = manager.submit(manager.submit(manager.get(f"{of}/absences"), values=LEAVE), 0)
    changing = manager.get(done.link("Change or end it"))
    asked = manager.submit(changing, ends_on="7 Apr 2026")
    assert "It was from 10 Mar 2026 until 18 Apr 2026. It becomes from 10 Mar 2026 until 7 Apr 2026." in asked.main
    changed = manager.submit(asked, 0)
    assert "Leave put right" in changed.main
    asked = manager.get(changed.link("withdraw it"))
    assert asked.heading == "Withdraw this leave?"
    assert "3 trainings change" in asked.main
    gone = manager.submit(asked, 0)
    assert "No leave is recorded." in gone.main
    assert "Leave withdrawn" in gone.main
    assert [row.withdrawn_at for row in rows(rooms, Absence)] == [NOW, NOW]
    manager.get(asked.address, status=404)


def test_an_exemption_is_recorded_ended_and_withdrawn(manager, rooms, of):
    asked = manager.submit(manager.get(f"{of}/exemptions"), values=EXEMPT)
    assert "1 training changes, 2 stay as now." in asked.main
    done = manager.submit(asked, 0)
    assert "Decided by manager" in done.main
    assert "Exempt until 31 Mar 2026: Just back" in done.main
    ended = manager.submit(manager.submit(manager.get(done.link("Change its last day")), ends_on="15 Mar 2026"), 0)
    assert "from 2 Mar 2026 until 15 Mar 2026" in ended.main
    gone = manager.submit(manager.get(ended.link("withdraw it")), 0)
    assert "No exemption is recorded." in gone.main
    assert len(rows(rooms, Exemption)) == 2


def test_a_refused_exemption_keeps_what_was_typed(manager, rooms, of):
    for changed, field in (
        ({"why": ""}, "why"),
        ({"why": "x" * 5000}, "why"),
        ({"who": "x" * 300}, "who"),
        ({"ends_on": ""}, "ends_on"),
        ({"ends_on": "1 Mar 2026"}, "ends_on"),
        ({"item": ""}, "item"),
    ):
        again = manager.submit(manager.get(f"{of}/exemptions"), values=EXEMPT | changed, status=400)
        assert again.all(f"#{field}-error")
        assert words(again.one("#why")) == (EXEMPT | changed)["why"]
    assert rows(rooms, Exemption) == []


def test_a_new_role_from_a_day_ends_the_job_the_day_before(manager, home, of):
    changing = manager.get(manager.get(of).link("New role or site"))
    same = manager.submit(changing, starts_on="21 Mar 2026", status=400)
    assert "Choose another" in words(same.one("#job_title_id-error"))
    role = str(home.titles[Role.PRESCRIBER])
    asked = manager.submit(changing, starts_on="21 Mar 2026", job_title_id=role)
    assert "Forecast for 21 Mar 2026" in asked.main
    done = manager.submit(asked, 0)
    assert "From 2 Mar 2026 until 20 Mar 2026" in done.main
    assert "From 21 Mar 2026" in done.main


def test_a_first_day_is_put_right_and_a_second_job_added(manager, home, rooms, of):
    asked = manager.submit(manager.get(manager.get(of).link("put the first day right")), starts_on="9 Mar 2026")
    assert "the first day was 2 Mar 2026. It becomes 9 Mar 2026." in asked.main
    assert "From 9 Mar 2026" in manager.submit(asked, 0).main
    adding = manager.get(f"{of}/jobs")
    job = {"site_id": str(home.site_id), "starts_on": "1 Apr 2026"}
    overlapping = manager.submit(
        adding, "form:not([action])[novalidate]", job_title_id=str(home.titles[Role.SOCIAL_CARE]), status=400, **job
    )
    assert "from 9 Mar 2026 already" in words(overlapping.one("#starts_on-error"))
    asked = manager.submit(
        adding, "form:not([action])[novalidate]", job_title_id=str(home.titles[Role.PRESCRIBER]), **job
    )
    assert "From 1 Apr 2026" in manager.submit(asked, 0).main
    assert len(rows(rooms, Employment, withdrawn_at=None)) == 2


def test_a_last_day_says_that_the_person_will_be_in_no_figure(manager, of):
    asked = manager.submit(manager.get(of), "form[action$='/end']", ends_on="20 Mar 2026")
    assert "Forecast for 21 Mar 2026" in asked.main
    assert "Not on file" in asked.main
    assert "until 20 Mar 2026" in manager.submit(asked, 0).main


def test_a_revoked_pass_says_so_to_the_learner_and_to_anybody_with_the_code(
    manager, learner, client, rooms, catalog, worker, of
):
    receipt = learn(rooms, worker, catalog=catalog, slug="every-kind", now=NOW)
    asked = manager.get(manager.get(of).link("Revoke this pass"))
    assert "Then: Revoked: it does not count" in asked.main
    again = manager.submit(asked, why="", status=400)
    assert words(again.one("#why-error")) == "Error: Say why."
    assert rows(rooms, Revocation) == []
    done = manager.submit(again, why="Somebody else answered.")
    assert "Pass revoked" in done.main
    assert "Revoked by manager: Somebody else answered." in done.main
    again = manager.get(asked.address, status=409)
    assert again.heading == "This pass is revoked already"
    assert manager.get(again.link("Marta Kowalska")).heading == "Marta Kowalska"
    record = learner.get("/record")
    assert "Revoked: it does not count" in record.main
    assert "Revoked: Somebody else answered." in record.main
    assert not [link for link in record.links() if link.endswith(".pdf")]
    refused = learner.get(f"/record/{receipt.attempt_id}/certificate.pdf", status=410)
    assert refused.heading == "There is no certificate any more"
    assert not [link for link in learner.get(f"/record/{receipt.attempt_id}").links() if link.endswith(".pdf")]
    checked = client.get(f"/check/{receipt.code}")
    assert checked.heading == "This certificate was revoked"
    assert "Revoked: it does not count" in checked.main
    assert "Somebody else answered" not in checked.text


def test_a_site_manager_sees_the_pages_and_revokes_nothing(make_client, database, home, manager, worker, of, catalog):
    learn(database, worker, catalog=catalog, slug="every-kind", now=NOW)
    permissions.give(database, viewer=home.viewer, person_id=worker.person_id, site_id=home.site_id, now=NOW)
    boss = make_client("worker@home.example")
    assert not [link for link in boss.get(of).links() if link.endswith("/revoke")]
    assert "Record this leave?" in boss.submit(boss.get(f"{of}/absences"), values=LEAVE).heading
    assert [link for link in manager.get(of).links() if link.endswith("/revoke")]


def test_what_belongs_to_somebody_else_is_not_found_under_this_person(manager, database, home, worker, of):
    manager.submit(manager.submit(manager.get(f"{of}/absences"), values=LEAVE), 0)
    (absence,) = rows(database, Absence)
    (job,) = rows(database, Employment, person_id=worker.person_id)
    other = f"/team/people/{home.viewer.person_id}"
    manager.get(f"{other}/absences/{absence.id}", status=404)
    manager.get(f"{other}/jobs/{job.id}/end", status=404)
    assert absence.starts_on == date(2026, 3, 10)
