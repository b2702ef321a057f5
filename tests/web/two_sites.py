"""Two sites of one organisation: a manager and an auditor at one, and at the other somebody whom they must not see."""

import uuid
from dataclasses import dataclass, replace
from datetime import timedelta

from tests.conftest import NOW
from tests.factories import Home, learn, let_in, make_person
from tests.services.packing import note_pack
from tests.services.stored import rows
from tests.uploads.making import workbook
from tests.web.client import Client
from tests.web.house import first_requirement, map_esr
from tests.web.test_imports import HEADINGS, send
from tests.web.test_messages import tried
from training.catalog.library import Catalog
from training.db import Database
from training.domain.mail import Outcome, Result
from training.domain.permission import PermissionKind
from training.domain.report_schedule import Recurrence, Rhythm
from training.domain.roles import Role
from training.models import (
    Absence,
    Employment,
    Exemption,
    ImportRun,
    PackLink,
    Permission,
    Person,
    ReportSchedule,
    SavedFilter,
)
from training.services import (
    absences,
    exemptions,
    organisations,
    pack_links,
    people,
    permissions,
    report_orders,
    report_schedules,
    revocations,
    saved_filters,
    tablets,
    tasks,
)
from training.services.people import NewPerson
from training.services.report_orders import Wanted
from training.services.report_schedules import NewSchedule

NAME, EMAIL, NUMBER = "Zebedee Quillfeather", "zq@hidden.example", "ZQ-7731"
KEEPERS = {"boss": PermissionKind.MANAGER, "otto": PermissionKind.AUDITOR}
THEN = NOW - timedelta(days=400)


@dataclass(frozen=True)
class TwoSites:
    """What both sites are, and the ids of everything that is the hidden person's, or was made about them."""

    home: Home
    second: uuid.UUID
    hidden: uuid.UUID
    seen: uuid.UUID
    ids: dict[str, str]


def make_two_sites(database: Database, catalog: Catalog, home: Home, manager: Client) -> TwoSites:
    """Let everything happen to somebody at the second site, and let a manager and an auditor in at the first."""
    second = organisations.add_site(database, viewer=home.viewer, name="Second site", now=THEN)
    job = {"job_title_id": home.titles[Role.SOCIAL_CARE], "site_id": second, "starts_on": THEN.date()}
    new = NewPerson(name=NAME, email=EMAIL, staff_number=NUMBER, **job)
    hidden = people.add_person(database, viewer=home.viewer, new=new, now=THEN)
    him = replace(home.viewer, person_id=hidden, name=NAME, manages_all=False)
    let_in(database, home, him, now=THEN)
    seen = make_person(database, home, now=THEN, name="Marta Kowalska", starts_on=THEN.date())
    for name, kind in KEEPERS.items():
        keeper = make_person(database, home, now=THEN, name=name.title(), email=f"{name}@home.example")
        known = {"person_id": keeper.person_id, "site_id": home.site_id, "kind": kind, "now": NOW}
        permissions.give(database, viewer=home.viewer, **known)
        let_in(database, home, keeper, now=NOW)
    receipt = learn(database, him, catalog=catalog, slug="every-kind", now=NOW - timedelta(days=90))
    happen(database, catalog, home, hidden)
    made = {
        "attempt_id": receipt.attempt_id,
        "code": receipt.code,
        "mapping_id": map_esr(database, home),
        "requirement_id": first_requirement(database, catalog, home),
        **make_about(database, home, manager),
    }
    return TwoSites(home, second, hidden, seen.person_id, ids_of(database, hidden, made))


def happen(database: Database, catalog: Catalog, home: Home, hidden: uuid.UUID) -> None:
    """Let everything happen to somebody: leave, an exemption, a revoked pass, a failed message, leave to manage."""
    known = {"viewer": home.viewer, "person_id": hidden, "now": NOW}
    him = replace(home.viewer, person_id=hidden, name=NAME, manages_all=False)
    absences.add_absence(database, starts_on=NOW.date() - timedelta(days=200), ends_on=NOW.date(), **known)
    reason = {"catalog": catalog, "item": "for-everyone", "who": "", "why": f"{NAME} said so"}
    exemptions.add_exemption(database, starts_on=NOW.date(), ends_on=NOW.date(), **reason, **known)
    gone = learn(database, him, catalog=catalog, slug="for-everyone", now=NOW - timedelta(days=80))
    revocations.revoke(database, attempt_id=gone.attempt_id, why=f"Not {NAME}", **known)
    tried(database, him, Outcome(Result.REFUSED, f"No such mailbox: {EMAIL}"))
    permissions.give(database, viewer=home.viewer, person_id=hidden, site_id=second_of(database, hidden), now=NOW)


def second_of(database: Database, hidden: uuid.UUID) -> uuid.UUID:
    return rows(database, Employment, person_id=hidden)[0].site_id


def make_about(database: Database, home: Home, manager: Client) -> dict[str, object]:
    """Let the manager of everything make what names somebody: an import, a filter, a schedule, a file and a pack."""
    row = (NUMBER, NAME, Role.SOCIAL_CARE.label, "Second site", THEN.date().isoformat())
    send(manager, workbook(HEADINGS, row), name=f"{NAME}.xlsx")
    known = {"viewer": home.viewer, "now": NOW}
    asked = {"search": NAME}
    saved_filters.save_filter(database, name=NAME, page="people", asked=asked, **known)
    weekly = {"form": "csv", "recurrence": Recurrence(Rhythm.WEEKLY), "starts_on": NOW.date()}
    report_schedules.add_schedule(database, new=NewSchedule(report="overdue", asked=asked, **weekly), **known)
    pack_id = note_pack(database, home.viewer, now=NOW)
    pack_links.make_link(database, pack_id=pack_id, days=7, **known)
    wanted = Wanted(report="everybody", form="csv", day=NOW.date(), asked=asked)
    task_id = tasks.order(database, wanted=report_orders.order_of(wanted), **known)
    sites = {"name": f"Tablet of {NAME}", "site_ids": [second_of(database, him_of(database))], "session_token": ""}
    token = tablets.make(database, **sites, **known)
    tablet_id = tablets.find_device(database, token=token).tablet_id
    return {"task_id": task_id, "pack_id": pack_id, "tablet_id": tablet_id}


def him_of(database: Database) -> uuid.UUID:
    return rows(database, Person, name=NAME)[0].id


def ids_of(database: Database, hidden: uuid.UUID, made: dict[str, object]) -> dict[str, str]:
    """Return everything by which somebody may be asked for in an address."""
    theirs = {"job_id": Employment, "absence_id": Absence, "exemption_id": Exemption, "permission_id": Permission}
    others = {"import_id": ImportRun, "filter_id": SavedFilter, "schedule_id": ReportSchedule, "link_id": PackLink}
    found = {name: rows(database, table, person_id=hidden)[0].id for name, table in theirs.items()}
    found |= {name: rows(database, table)[0].id for name, table in others.items()}
    words = {"person_id": hidden, "token": "none", "role": "social-care", "module": "every-kind"}
    return {name: str(value) for name, value in {**found, **words, "scenario": "the-story", **made}.items()}
