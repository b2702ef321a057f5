"""An organisation in which every route leads somewhere, and everybody who could ask for it."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from flask import Flask

from tests.conftest import NOW
from tests.factories import Home, learn, let_in, make_organisation, make_person
from tests.services.importing import table as table_of_people
from tests.web.client import Client, Loaded
from tests.web.routes import PEOPLE, address_of, table
from training.domain.esr import NEEDED, Column, EsrMapping
from training.domain.permission import PermissionKind
from training.domain.report_schedule import Recurrence, Rhythm
from training.services import (
    absences,
    esr_mappings,
    exemptions,
    organisations,
    packs,
    people,
    people_import_writing,
    people_imports,
    permission_lists,
    permissions,
    push_devices,
    report_schedules,
    requirements,
    tablets,
    tasks,
)
from training.services.accounts import Viewer
from training.services.pack_contents import Wanted
from training.services.permissions import Outsider
from training.services.push_devices import NewDevice
from training.services.report_schedules import NewSchedule
from training.services.tasks import Order

COPY = Order(kind="copying", title="A copy", wanted={})


@dataclass(frozen=True)
class House:
    """An organisation with two sites, somebody at each, and another organisation beside it."""

    home: Home
    worker: Viewer
    elsewhere: Viewer
    browsers: dict[str, Client]
    ids: dict[str, str]


def pages_of(app: Flask, house: House) -> Iterator[tuple[str, str, Loaded]]:
    """Yield every page of the service for everybody who gets it, with its rule and who that is."""
    for (method, rule), expected in table().items():
        for who, browser in house.browsers.items():
            if method != "GET" or expected[who] != 200:
                continue
            with app.test_request_context():
                loaded = browser.open(method, address_of(rule, house.ids, app))
            if loaded.page is not None and loaded.all("html"):
                yield rule, who, loaded


@pytest.fixture
def house(database, catalog, home, worker, make_client) -> House:
    second = organisations.add_site(database, viewer=home.viewer, name="Second site", now=NOW)
    boss = make_person(database, home, now=NOW, name="Priya Raman", email="boss@home.example")
    elsewhere = make_person(database, home, now=NOW, name="Ryan Secondsite", site_id=second)
    for person in (boss, elsewhere):
        let_in(database, home, person, now=NOW)
    permissions.give(database, viewer=home.viewer, person_id=boss.person_id, site_id=home.site_id, now=NOW)
    leave = {"person_id": worker.person_id, "starts_on": NOW.date(), "ends_on": None}
    absence_id = absences.add_absence(database, viewer=home.viewer, now=NOW, **leave)
    exemption_id = exemptions.add_exemption(
        database,
        viewer=home.viewer,
        catalog=catalog,
        person_id=worker.person_id,
        item="for-everyone",
        starts_on=NOW.date(),
        ends_on=NOW.date(),
        who="",
        why="Just back",
        now=NOW,
    )
    receipt = learn(database, worker, catalog=catalog, slug="every-kind", now=NOW)
    make_organisation(database, catalog=catalog, now=NOW, slug="away")
    newcomer = make_person(database, home, now=NOW, name="Ola Newcomer")
    slip = people.issue_slip(database, viewer=home.viewer, person_id=newcomer.person_id, now=NOW)
    with database.read(home.viewer.organisation_id) as session:
        contact = people.find_contact(session, viewer=home.viewer, person_id=worker.person_id)
    looking = {"viewer": home.viewer, "kind": PermissionKind.AUDITOR, "now": NOW}
    for name, site_id in (("auditor", None), ("site-auditor", home.site_id)):
        outsider = Outsider(name, f"{name}@home.example")
        person_id = permissions.let_in(database, outsider=outsider, site_id=site_id, **looking)
        let_in(database, home, replace(home.viewer, person_id=person_id), now=NOW)
    permissions.give(database, viewer=home.viewer, person_id=newcomer.person_id, site_id=second, now=NOW)
    held = permission_lists.show_holder(database, viewer=home.viewer, person_id=newcomer.person_id)
    managers = ("boss@home.example", "manager@home.example", "manager@away.example")
    signed_in = ("", "worker@home.example", *managers, "auditor@home.example", "site-auditor@home.example")
    return House(
        home=home,
        worker=worker,
        elsewhere=elsewhere,
        browsers={who: make_client(name) for who, name in zip(PEOPLE, signed_in, strict=True)},
        ids={
            "attempt_id": str(receipt.attempt_id),
            "task_id": str(tasks.order(database, viewer=home.viewer, wanted=COPY, now=NOW)),
            "import_id": str(import_nobody(database, home)),
            "mapping_id": str(map_esr(database, home)),
            "filter_id": str(uuid.uuid4()),
            "person_id": str(worker.person_id),
            "job_id": str(contact.jobs[0].id),
            "absence_id": str(absence_id),
            "exemption_id": str(exemption_id),
            "code": receipt.code or "",
            "token": slip.token,
            "role": "social-care",
            "module": "every-kind",
            "scenario": "the-story",
            "site": str(second),
            "permission_id": str(held.grants[0].id),
            "pack_id": str(note_pack(database, home)),
            "link_id": str(uuid.uuid4()),
            "passkey_id": str(uuid.uuid4()),
            "device_id": str(uuid.uuid4()),
            "schedule_id": str(schedule_report(database, home)),
            "requirement_id": str(first_requirement(database, catalog, home)),
            "tablet_id": str(share(database, home, second)),
            "phone_id": str(remind_on_a_phone(database, worker)),
        },
    )


def remind_on_a_phone(database, worker: Viewer) -> uuid.UUID:
    """Have somebody reminded on a phone."""
    phone = NewDevice(endpoint="https://push.example.org/x", p256dh="BA" + "A" * 85, auth="A" * 22, name="Chrome")
    known = {"token": "x", "push_key": "x", "may_be_here": False, "now": NOW}
    return push_devices.add_device(database, viewer=worker, device=phone, **known)


def import_nobody(database, home: Home) -> uuid.UUID:
    """Apply an import in which nothing changes."""
    lines = table_of_people(("1", "", "", "", "", "", ""))
    known = {"viewer": home.viewer, "now": NOW}
    import_id = people_imports.plan_file(database, lines=lines, file_name="staff.csv", **known)
    people_import_writing.apply(database, import_id=import_id, leave_out_faults=True, **known)
    return import_id


def map_esr(database, home: Home) -> uuid.UUID:
    """Save a mapping for ESR."""
    columns = tuple(Column(holds, holds.label) for holds in NEEDED)
    mapping = EsrMapping("Our trust", columns, {"every-kind": "457|LOCAL|Basics|"})
    return esr_mappings.save_mapping(database, viewer=home.viewer, mapping=mapping, now=NOW)


def note_pack(database, home: Home) -> uuid.UUID:
    """Note that the manager made a pack."""
    made = packs.MadePack(covers="the whole organisation", manifest_hash="0" * 64)
    known = {"pack_id": uuid.uuid4(), "wanted": Wanted(NOW.date(), NOW), "made": made, "now": NOW}
    packs.note_made(database, viewer=home.viewer, **known)
    return known["pack_id"]


def schedule_report(database, home: Home) -> uuid.UUID:
    """Have a report made regularly for the manager."""
    weekly = Recurrence(Rhythm.WEEKLY)
    new = NewSchedule(report="overdue", asked={}, form="csv", recurrence=weekly, starts_on=NOW.date())
    return report_schedules.add_schedule(database, viewer=home.viewer, new=new, now=NOW)


def share(database, home: Home, second: uuid.UUID) -> uuid.UUID:
    """Have a shared tablet of both sites."""
    known = {"name": "Staff room", "site_ids": [home.site_id, second], "session_token": "", "now": NOW}
    token = tablets.make(database, viewer=home.viewer, **known)
    return tablets.find_device(database, token=token).tablet_id


def first_requirement(database, catalog, home: Home) -> uuid.UUID:
    page = requirements.list_requirements_page(database, viewer=home.viewer, catalog=catalog, today=NOW.date())
    return page.running[0].id
