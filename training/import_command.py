"""What `training people import` prints, and how it imports: the plan first, and with `--apply` all of it at once."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import click

from training.commanding import NotWell
from training.db import Database
from training.domain import people_rows
from training.domain.days import day_in
from training.domain.people_import import Outcome
from training.domain.roles import Role
from training.domain.upload import fits
from training.services import import_pages, import_runs, organisations, people_import_writing, people_imports
from training.services.import_pages import ImportPage
from training.services.import_runs import Operator
from training.uploads.reading import read_upload
from training.uploads.safety import MOST_BYTES, UploadRefused

WORDS = {
    Outcome.CREATE: "to add",
    Outcome.CHANGE: "to change",
    Outcome.SAME: "to leave alone",
    Outcome.LEAVES: "who leave",
    Outcome.FAULT: "wrong",
}
REFUSED = (
    import_runs.ImportGone,
    import_runs.PlanChanged,
    import_runs.Overtaken,
    people_import_writing.FaultsLeft,
    people_import_writing.LeaversNotTyped,
)


def operator_in(database: Database, slug: str) -> Operator:
    """Return the operator as whoever imports into an organisation.

    Raises:
        NotWell: when there is no such organisation.
    """
    try:
        found = organisations.find_organisation(database, slug)
    except organisations.NotFound as refusal:
        raise NotWell(str(refusal)) from refusal
    return Operator(organisation_id=found.id, time_zone=found.time_zone)


def read_titles(titles: Sequence[str]) -> dict[str, Role]:
    """Return job titles with their roles, written as `Night nurse=non-prescriber`.

    Raises:
        click.UsageError: for a role that there is not.
    """
    found = {}
    for written in titles:
        name, _, slug = written.rpartition("=")
        if not name.strip() or slug not in set(Role):
            roles = ", ".join(role.value for role in Role)
            raise click.UsageError(f"Write a job title and its role like NAME=ROLE. The roles are {roles}.")
        found[name.strip()] = Role(slug)
    return found


def plan(
    database: Database,
    path: Path,
    *,
    viewer: Operator,
    create_sites: bool,
    titles: Sequence[str],
    leavers: int | None,
    now: datetime,
) -> ImportPage:
    """Make the plan of a file with what was chosen, print it, and return it.

    Raises:
        NotWell: when the file cannot be read.
    """
    roles = read_titles(titles)
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        lines = read_upload(data, name=path.name, fits=lambda some: fits(some, people_rows.FIELDS))
    except UploadRefused as refusal:
        raise NotWell(str(refusal)) from refusal
    known = {"viewer": viewer, "now": now}
    import_id = people_imports.plan_file(database, lines=lines, file_name=path.name, **known)
    page = import_pages.read_page(database, import_id=import_id, **known)
    if create_sites or roles or leavers is not None:
        people_imports.choose(
            database,
            import_id=import_id,
            from_day=day_in(now, viewer.time_zone),
            new_sites=list(page.summary["unknown_sites"]) if create_sites else [],
            new_titles=roles,
            leavers=leavers is not None,
            **known,
        )
        page = import_pages.read_page(database, import_id=import_id, **known)
    for line in said(database, page, viewer=viewer):
        click.echo(line)
    return page


def said(database: Database, page: ImportPage, *, viewer: Operator) -> Iterator[str]:
    """Yield the numbers of a plan, and every fault with its row, column and value."""
    for outcome, words in WORDS.items():
        yield f"{page.count(outcome):>7,} {words}"
    for row in import_pages.faults_of(database, viewer=viewer, import_id=page.id):
        for fault in row.faults:
            yield f"row {row.line}, {fault.column}, “{fault.value}”: {fault.words}"


def apply(
    database: Database, import_id: uuid.UUID, *, viewer: Operator, leave_out: bool, leavers: int | None, now: datetime
) -> None:
    """Apply a plan, saying how far it is.

    Raises:
        NotWell: when it is refused; nothing is written then.
    """

    def say(done: int, whole: int) -> None:
        click.echo(f"{done:,} of {whole:,} people done", err=True)

    asked = {"leave_out_faults": leave_out, "typed_leavers": leavers}
    try:
        people_import_writing.apply(database, viewer=viewer, import_id=import_id, now=now, say=say, **asked)
    except REFUSED as refusal:
        raise NotWell(str(refusal)) from refusal
    click.echo("Imported.")
