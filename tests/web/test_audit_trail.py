"""Every form that a manager can send: done, it leaves exactly one entry in the audit log; refused, it leaves none."""

import os
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urljoin

import pytest

from tests.conftest import NOW
from tests.factories import Home, learn, let_in, make_person
from tests.services.packing import note_pack
from tests.services.stored import rows
from tests.uploads.making import workbook
from tests.web.client import Client, Loaded, filled
from tests.web.conftest import ON_SQLITE
from tests.web.routes import routes
from tests.web.test_content_decisions import raise_version
from tests.web.test_imports import HEADINGS
from tests.web.test_imports import send as send_file
from tests.web.test_messages import tried
from tests.web.test_requirements import YEARLY
from training.db import Database
from training.domain.mail import Outcome, Result
from training.domain.permission import PermissionKind
from training.domain.reminder_run import Flood, Limit
from training.domain.roles import Role
from training.models import AuditEntry, Employment, Permission
from training.services import absences, exemptions, pack_links, people, permissions, pins, runs, tablets
from training.services.accounts import Viewer
from training.services.learning import Receipt
from training.web import access

Ready = tuple[str, dict]
SLUG = "every-kind"


@dataclass(frozen=True)
class Stage:
    """An organisation in which all can be done to somebody, the manager's browser, and how a new version comes."""

    manager: Client
    database: Database
    home: Home
    worker: Viewer
    receipt: Receipt
    raise_version: Callable[[], None]

    @property
    def of(self) -> str:
        return f"/team/people/{self.worker.person_id}"

    def job(self) -> Employment:
        return next(row for row in rows(self.database, Employment, person_id=self.worker.person_id))


# How each form is sent, by the name of its page, and the act that it leaves; preparing it may send whatever it likes.
WAYS: dict[str, tuple[str, Callable[[Stage], Ready]]] = {}


def way(endpoint: str, act: str) -> Callable[[Callable[[Stage], Ready]], Callable[[Stage], Ready]]:
    def keep(ready: Callable[[Stage], Ready]) -> Callable[[Stage], Ready]:
        WAYS[endpoint] = (act, ready)
        return ready

    return keep


def as_drawn(page: Loaded, form: str | int = "main form", *, button: str = "", **values: object) -> Ready:
    """Return where a form is sent and what it would send."""
    drawn = page.all("main form")[form] if isinstance(form, int) else page.one(form)
    return urljoin(page.address, drawn.attrs.get("action", page.address)), filled(drawn, values, button=button)


@way("team.link", "one-time link made")
def make_link(stage: Stage) -> Ready:
    return f"{stage.of}/link", {}


@way("slips.withdraw", "one-time link withdrawn")
def withdraw_slip(stage: Stage) -> Ready:
    people.issue_slip(stage.database, viewer=stage.home.viewer, person_id=stage.worker.person_id, now=NOW)
    return f"{stage.of}/slip/withdraw", {}


@way("slips.make", "one-time link made")
def make_slips(stage: Stage) -> Ready:
    make_person(stage.database, stage.home, now=NOW)
    return as_drawn(stage.manager.get("/team/slips/new"), "main form[method=post]")


@way("team.new_person", "person added")
def add_person(stage: Stage) -> Ready:
    job = {"job_title_id": str(stage.home.titles[Role.SOCIAL_CARE]), "site_id": str(stage.home.site_id)}
    return "/team/people/new", {"name": "Ann", "email": "", "staff_number": "", "starts_on": "2 Mar 2026", **job}


@way("team.sites", "site added")
def add_site(_stage: Stage) -> Ready:
    return "/team/sites", {"name": "New site"}


@way("team.job_titles", "job title added")
def add_title(_stage: Stage) -> Ready:
    return "/team/job-titles", {"name": "Driver", "role": "social-care"}


@way("people_jobs.jobs", "job added")
def add_job(stage: Stage) -> Ready:
    job = {"job_title_id": str(stage.home.titles[Role.PRESCRIBER]), "site_id": str(stage.home.site_id)}
    return f"{stage.of}/jobs", {"starts_on": "3 Mar 2026", "confirmed": "yes", **job}


@way("people_jobs.change_job", "job changed")
def change_job(stage: Stage) -> Ready:
    job = {"job_title_id": str(stage.home.titles[Role.PRESCRIBER]), "site_id": str(stage.home.site_id)}
    return f"{stage.of}/jobs/{stage.job().id}/change", {"starts_on": "9 Mar 2026", "confirmed": "yes", **job}


@way("people_jobs.end_job", "job ended")
def end_job(stage: Stage) -> Ready:
    return f"{stage.of}/jobs/{stage.job().id}/end", {"ends_on": "9 Mar 2026", "confirmed": "yes"}


@way("people_jobs.correct_job", "first day of a job put right")
def correct_job(stage: Stage) -> Ready:
    return f"{stage.of}/jobs/{stage.job().id}/correct", {"starts_on": "1 Feb 2026", "confirmed": "yes"}


@way("people_changes.leave", "leave recorded")
def record_leave(stage: Stage) -> Ready:
    days = {"starts_on": "10 Mar 2026", "ends_on": "18 Apr 2026"}
    return f"{stage.of}/absences", {"site_id": "every-job", "confirmed": "yes", **days}


def leave(stage: Stage) -> str:
    known = {"person_id": stage.worker.person_id, "starts_on": date(2026, 3, 2), "ends_on": None, "now": NOW}
    return f"{stage.of}/absences/{absences.add_absence(stage.database, viewer=stage.home.viewer, **known)}"


@way("people_changes.change_leave", "leave changed")
def change_leave(stage: Stage) -> Ready:
    return leave(stage), {"starts_on": "2 Mar 2026", "ends_on": "18 Apr 2026", "confirmed": "yes"}


@way("people_changes.withdraw_leave", "leave withdrawn")
def withdraw_leave(stage: Stage) -> Ready:
    return f"{leave(stage)}/withdraw", {"confirmed": "yes"}


@way("people_changes.exempt", "exemption recorded")
def exempt(stage: Stage) -> Ready:
    days = {"starts_on": "2 Mar 2026", "ends_on": "31 Mar 2026"}
    return f"{stage.of}/exemptions", {"item": SLUG, "who": "", "why": "Just back", "confirmed": "yes", **days}


def exemption(stage: Stage) -> str:
    days = {"starts_on": date(2026, 3, 2), "ends_on": date(2026, 3, 31)}
    known = {"person_id": stage.worker.person_id, "item": SLUG, "who": "", "why": "Ill", "now": NOW, **days}
    catalog = stage.manager.app.extensions["training"].shelf.catalog
    row = exemptions.add_exemption(stage.database, viewer=stage.home.viewer, catalog=catalog, **known)
    return f"{stage.of}/exemptions/{row}"


@way("people_changes.end_exemption", "last day of an exemption changed")
def end_exemption(stage: Stage) -> Ready:
    return f"{exemption(stage)}/end", {"ends_on": "9 Mar 2026", "confirmed": "yes"}


@way("people_changes.withdraw_exemption", "exemption withdrawn")
def withdraw_exemption(stage: Stage) -> Ready:
    return f"{exemption(stage)}/withdraw", {"confirmed": "yes"}


@way("people_changes.revoke", "pass revoked")
def revoke(stage: Stage) -> Ready:
    return f"{stage.of}/passes/{stage.receipt.attempt_id}/revoke", {"why": "It was somebody else"}


@way("requirements.new", "requirement added")
def add_requirement(stage: Stage) -> Ready:
    preview = stage.manager.submit(stage.manager.get("/team/requirements/new"), values=YEARLY)
    return as_drawn(preview, button="confirm")


def requirement(stage: Stage) -> str:
    return stage.manager.get("/team/requirements").link("Social care worker")


@way("requirements.change", "requirement changed")
def change_requirement(stage: Stage) -> Ready:
    page = stage.manager.get(f"{requirement(stage)}/change")
    preview = stage.manager.submit(page, valid_months="24", starts_on="10 Mar 2026")
    return as_drawn(preview, button="confirm", reach="at-next-renewal")


@way("requirements.retire", "requirement ended")
def retire_requirement(stage: Stage) -> Ready:
    page = stage.manager.get(f"{requirement(stage)}/retire")
    return as_drawn(stage.manager.submit(page, last_on="10 Mar 2026"), button="confirm")


@way("content_decisions.decide", "new version decided")
def decide(stage: Stage) -> Ready:
    stage.raise_version()
    page = stage.manager.get(f"/team/requirements/versions/{SLUG}")
    return as_drawn(stage.manager.submit(page, button="numbers"), button="confirm", reach="at-next-renewal")


@way("review.sign", "content signed off")
def sign_off(stage: Stage) -> Ready:
    page = stage.manager.get(f"/team/content/{SLUG}")
    return as_drawn(page, f"form[action='/team/content/{SLUG}']", profession="Nurse", declared="y")


@way("review.withdraw", "sign-off withdrawn")
def withdraw_sign_off(stage: Stage) -> Ready:
    address, fields = sign_off(stage)
    page = stage.manager.follow(stage.manager.send(address, fields))
    return as_drawn(page, f"form[action='/team/content/{SLUG}/withdraw']", reason="A mistake")


@way("settings.every", "organisation renamed")
def rename(_stage: Stage) -> Ready:
    return "/team/settings", {"name": "New Home"}


@way("settings.long_leave", "long leave changed")
def change_long_leave(stage: Stage) -> Ready:
    page = stage.manager.get("/team/settings")
    return as_drawn(
        stage.manager.submit(page, "form[action='/team/settings/long-leave']", days="60"), 0, button="confirm"
    )


@way("messages.every", "settings of messages changed")
def change_messages(_stage: Stage) -> Ready:
    hours = {"quiet_from": "18:00", "quiet_until": "09:00"}
    return "/team/messages", {"switch": "off", "digest_weekday": "5", **hours}


@way("messages.approve", "reminders approved")
def approve(stage: Stage) -> Ready:
    stopped = Flood(day=NOW.date(), people=240, on_file=300, limit=Limit.MANY_PEOPLE)
    runs.record_stop(stage.database, stage.worker.organisation_id, stopped=stopped, now=NOW)
    return "/team/messages/approve", {"people": "240"}


@way("messages.again", "message tried again")
def try_again(stage: Stage) -> Ready:
    message_id = tried(stage.database, stage.worker, Outcome(Result.REFUSED, "No such mailbox (550)."))
    return "/team/messages/again", {"message": str(message_id)}


@way("permissions.give", "permission given")
def give(stage: Stage) -> Ready:
    return f"{stage.of}/permissions", {"kind": "auditor", "place": str(stage.home.site_id)}


@way("permissions.outside", "permission given")
def let_somebody_in(_stage: Stage) -> Ready:
    return "/team/permissions/outside", {"name": "Farah", "email": "", "kind": "auditor", "place": "whole"}


@way("permissions.take", "permission taken")
def take(stage: Stage) -> Ready:
    other = make_person(stage.database, stage.home, now=NOW)
    known = {"person_id": other.person_id, "site_id": stage.home.site_id, "now": NOW}
    permissions.give(stage.database, viewer=stage.home.viewer, **known)
    (row,) = rows(stage.database, Permission, person_id=other.person_id)
    return f"/team/permissions/{row.id}/take", {}


def plan(stage: Stage) -> Loaded:
    job = (Role.SOCIAL_CARE.label, "First site", "5/1/2026")
    return send_file(stage.manager, workbook(HEADINGS, ("00123", "Ann Lee", *job)))


@way("imports.apply", "people imported")
def import_people(stage: Stage) -> Ready:
    return as_drawn(plan(stage), "form[action$='/apply']")


@way("imports.undo", "import undone")
def undo_import(stage: Stage) -> Ready:
    done = stage.manager.submit(plan(stage), "form[action$='/apply']")
    return as_drawn(stage.manager.get(done.link("Undo this import")))


@way("schedules.new", "schedule of a report made")
def make_schedule(stage: Stage) -> Ready:
    return as_drawn(stage.manager.get("/reports/schedules/new/overdue"))


@way("schedules.end", "schedule of a report stopped")
def end_schedule(stage: Stage) -> Ready:
    address, fields = make_schedule(stage)
    listed = stage.manager.follow(stage.manager.send(address, fields))
    (end,) = {link for link in listed.links() if link.endswith("/end")}
    return end, {}


@way("packs.make_link", "link to a pack made")
def make_pack_link(stage: Stage) -> Ready:
    return f"/reports/pack/{note_pack(stage.database, stage.home.viewer, now=NOW)}/links", {"days": "7"}


@way("packs.end_link", "link to a pack withdrawn")
def end_pack_link(stage: Stage) -> Ready:
    known = {"viewer": stage.home.viewer, "now": NOW}
    pack_id = note_pack(stage.database, stage.home.viewer, now=NOW)
    pack_links.make_link(stage.database, pack_id=pack_id, days=1, **known)
    (link,) = pack_links.show_pack(stage.database, pack_id=pack_id, **known).links
    return f"/reports/pack/links/{link.id}/end", {}


@way("esr.new", "ESR mapping saved")
def make_mapping(stage: Stage) -> Ready:
    form = stage.manager.get("/reports/esr/new")
    return as_drawn(form, **{"name": "Our trust", f"item_{SLUG}": "457|LOCAL|STOMP basics|"})


def mapping(stage: Stage) -> Loaded:
    address, fields = make_mapping(stage)
    return stage.manager.follow(stage.manager.send(address, fields))


@way("esr.change", "ESR mapping saved")
def change_mapping(stage: Stage) -> Ready:
    return as_drawn(stage.manager.visit(mapping(stage).link("Change this mapping")), day_form="YYYY-MM-DD")


@way("esr.remove", "ESR mapping removed")
def remove_mapping(stage: Stage) -> Ready:
    return as_drawn(stage.manager.visit(mapping(stage).link("Remove this mapping")))


@way("asc_wds.workplaces", "reference of a site changed")
def refer_to_site(stage: Stage) -> Ready:
    return "/reports/asc-wds/workplaces", {f"site_{stage.home.site_id.hex}": "SITE-01"}


@way("asc_wds.worker", "reference of a person changed")
def refer_to_person(stage: Stage) -> Ready:
    return f"/reports/asc-wds/workers/{stage.worker.person_id}", {"reference": "W0042"}


@way("asc_wds.layout", "ASC-WDS file changed")
def choose_layout(stage: Stage) -> Ready:
    page = stage.manager.get("/reports/asc-wds/layout")
    (other, *_) = [one.attrs["value"] for one in page.all("[name=layout]") if "checked" not in one.attrs]
    return as_drawn(page, layout=other)


@way("asc_wds.training", "ASC-WDS file changed")
def choose_training(stage: Stage) -> Ready:
    page = stage.manager.get("/reports/asc-wds/training")
    menu = page.all("main select")[0]
    return as_drawn(page, **{menu.attrs["name"]: menu.query("option")[-1].attrs["value"]})


@way("tablets.new", "shared tablet made")
def share_tablet(stage: Stage) -> Ready:
    return "/team/tablets/new", {"name": "Staff room", "sites": str(stage.home.site_id)}


@way("tablets.end", "shared tablet ended")
def end_tablet(stage: Stage) -> Ready:
    known = {"name": "Staff room", "site_ids": [stage.home.site_id], "session_token": "", "now": NOW}
    token = tablets.make(stage.database, viewer=stage.home.viewer, **known)
    return f"/team/tablets/{tablets.find_device(stage.database, token=token).tablet_id}/end", {}


@way("tablets.pin", "PIN cleared")
def clear_pin(stage: Stage) -> Ready:
    pins.set_own(stage.database, viewer=stage.worker, pin="7293", now=NOW)
    return f"{stage.of}/pin", {}


# These change nothing by themselves: what somebody keeps for themselves, plans that are not applied yet, and what is
# ordered, which leaves its entry once it has been made.
NO_ACT = {
    "esr.load",
    "filters.remove",
    "filters.save",
    # Its entry is counted in test_hand_carried.py, which signs the file that it needs.
    "hand_carried.upload",
    "imports.choose",
    "imports.completions",
    "imports.people",
    "packs.ask",
    "slips.pdf",
}


@pytest.fixture
def folder(content, tmp_path) -> Path:
    """A copy of the small library that a test may change."""
    return Path(shutil.copytree(content, tmp_path / "content"))


@pytest.fixture
def app(make_app, folder):
    return make_app(content_dir=folder)


@pytest.fixture
def stage(manager, rooms, home, worker, catalog, folder, time) -> Stage:
    def new_version() -> None:
        time.move(hours=1)
        raise_version(folder, "1.1", "Ask about sleep too.")
        path = folder / "modules" / f"{SLUG}.md"
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime + 5))

    receipt = learn(rooms, worker, catalog=catalog, slug=SLUG, now=NOW)
    return Stage(manager, rooms, home, worker, receipt, new_version)


@pytest.fixture
def auditor(make_client, rooms, home) -> Client:
    """The browser of somebody who may look at everything."""
    person = make_person(rooms, home, now=NOW, name="Farah Iqbal", email="auditor@home.example")
    known = {"person_id": person.person_id, "site_id": None, "kind": PermissionKind.AUDITOR, "now": NOW}
    permissions.give(rooms, viewer=home.viewer, **known)
    let_in(rooms, home, person, now=NOW)
    return make_client("auditor@home.example")


def log(stage: Stage) -> list[AuditEntry]:
    return sorted(rows(stage.database, AuditEntry, organisation_id=stage.home.viewer.organisation_id), key=number)


def number(entry: AuditEntry) -> int:
    return entry.number


@ON_SQLITE
def test_every_form_of_a_manager_is_sent_below(app):
    sent = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.methods - access.READING and rule.endpoint.partition(".")[0] in access.MANAGER_BLUEPRINTS
    }
    assert sent - set(WAYS) - NO_ACT == set(), "say above how each is sent, and the act that its service records"
    assert set(WAYS) | NO_ACT <= sent
    assert not set(WAYS) & NO_ACT
    assert {method for method, _ in routes(app)} == {"GET", "POST"}


@pytest.mark.parametrize("endpoint", WAYS)
def test_a_form_leaves_one_entry_where_it_was_done_and_none_where_it_was_refused(stage, auditor, learner, endpoint):
    act, ready = WAYS[endpoint]
    address, fields = ready(stage)
    before = log(stage)
    sent = {name: value for name, value in fields.items() if name != "csrf_token"}
    for refused in (learner, *([] if endpoint in access.AUDITOR_MAY_SEND else [auditor])):
        assert refused.send(address, sent).status == 403
    assert log(stage)[len(before) :] == []
    done = stage.manager.send(address, sent)
    assert done.status in {200, 302}, done.main
    (entry,) = log(stage)[len(before) :]
    assert (entry.act, entry.actor_id) == (act, stage.home.viewer.person_id)
    assert entry.client == "127.0.0.0/24"
    told = " ".join(map(str, entry.detail.values()))
    assert not [name for name in ("Marta", "Ann", "Farah", "Just back", "somebody else", "mistake") if name in told]


REFUSED: dict[str, dict] = {
    "team.new_person": {"name": ""},
    "team.sites": {"name": "First site"},
    "team.job_titles": {"name": "Social care worker", "role": "social-care"},
    "people_jobs.jobs": {"starts_on": "2 Mar 1900"},
    "people_jobs.change_job": {"starts_on": "1 Jan 2026"},
    "people_jobs.end_job": {"ends_on": "1 Jan 2020"},
    "people_jobs.correct_job": {"starts_on": "2 Mar 1900"},
    "people_changes.leave": {"ends_on": "1 Mar 2026"},
    "people_changes.change_leave": {"ends_on": "1 Mar 2026"},
    "people_changes.exempt": {"ends_on": "1 Mar 2026"},
    "people_changes.end_exemption": {"ends_on": "1 Mar 2026"},
    "people_changes.revoke": {"why": " "},
    "review.sign": {"content_hash": "another"},
    "review.withdraw": {"reason": " "},
    "settings.every": {"name": " "},
    "settings.long_leave": {"days": "366"},
    "messages.every": {"digest_weekday": "8"},
    "messages.approve": {"people": "241"},
    "messages.again": {"message": str(uuid.UUID(int=3))},
    "permissions.give": {"place": "whole", "kind": "both"},
    "permissions.outside": {"name": " "},
    "tablets.new": {"name": " "},
}


@ON_SQLITE
@pytest.mark.parametrize("endpoint", REFUSED)
def test_a_form_that_is_refused_in_words_leaves_none(stage, endpoint):
    address, fields = WAYS[endpoint][1](stage)
    before = len(log(stage))
    refused = stage.manager.send(address, {**fields, **REFUSED[endpoint]})
    assert refused.status in {400, 404}
    assert len(log(stage)) == before


@ON_SQLITE
@pytest.mark.parametrize("endpoint", [name for name in WAYS if name.startswith("people_")])
def test_seeing_what_a_form_would_do_leaves_none(stage, endpoint):
    """The pages that say what would change do it for real, and undo it."""
    address, fields = WAYS[endpoint][1](stage)
    before = len(log(stage))
    asked = {name: value for name, value in fields.items() if name != "confirmed"}
    if "confirmed" in fields:
        assert stage.manager.send(address, asked).status == 200
    else:
        stage.manager.get(address)
    assert len(log(stage)) == before
