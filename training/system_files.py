"""How `training report` writes files for other systems, ASC-WDS and ESR: of today, whole or not at all."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import click

from training import clock
from training.catalog.library import load_catalog
from training.commanding import NotWell
from training.config import Config
from training.db import Database
from training.domain.audit import Actor
from training.domain.days import count_of
from training.domain.refusal import Refusal
from training.exports.asc_wds import encode_asc_wds
from training.exports.esr import encode_esr
from training.report_writing import site_named
from training.services import asc_wds, audit, esr, esr_mappings
from training.services.accounts import Viewer
from training.services.esr_mappings import Saved
from training.services.organisations import NotFound

ASC_WDS, ESR = "asc-wds", "esr"
FORMS: Final = (ASC_WDS, ESR)


class FileMisnamed(Refusal):
    """A file for another system cannot be made of the report, or for the day, that was named."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: rows that cannot stand left out or not, the mapping's name, and one site by its name."""

    leave_out: bool = False
    mapping: str = ""
    site: str = ""


def write(database: Database, *, config: Config, viewer: Viewer, form: str, wanted: Wanted, output: Path) -> None:
    """Write a file for another system, as the operator.

    Raises:
        NotFound: when there is no such site or mapping.
        Refusal: when the file cannot be made, in words.
    """
    if wanted.site:
        site_id = site_named(database, viewer=viewer, site=wanted.site)
        viewer = replace(viewer, manages_all=False, site_ids=frozenset({site_id}))
    pieces = PIECES[form](database, config, viewer, wanted)
    part = output.with_name(output.name + ".part")
    try:
        with part.open("wb") as file:
            rows = sum(file.write(piece) and piece.count(b"\r\n") for piece in pieces)
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)
    click.echo(f"{output}: {count_of(rows - 1, 'row')}.")


def refuse_misnamed(name: str, form: str, *, others: tuple[str, ...]) -> None:
    """Refuse a form of another report, and whatever else a report can be asked: a file is of today and of everybody.

    Raises:
        FileMisnamed: saying what to write instead.
    """
    if name != form:
        raise FileMisnamed(f"Write `training report {form} --format {form}`: that form is of no other report.")
    if any(others):
        raise FileMisnamed(f"A file for {form} is of everybody on file today. Leave out days and people.")


def known_to(config: Config, viewer: Viewer) -> dict:
    """Return what both files are made with."""
    operator = audit.Source(kind=Actor.OPERATOR, organisation_id=viewer.organisation_id)
    return {"viewer": viewer, "catalog": load_catalog(config.content_dir), "now": clock.now(), "by": operator}


def asc_wds_pieces(database: Database, config: Config, viewer: Viewer, wanted: Wanted) -> Iterator[bytes]:
    """Yield the pieces of the ASC-WDS file."""
    if not wanted.leave_out:
        refuse_incomplete(database, config=config, viewer=viewer)
    with asc_wds.open_file(database, leave_out=wanted.leave_out, **known_to(config, viewer)) as file:
        yield from encode_asc_wds(file.records, file.layout, today=file.today)


def refuse_incomplete(database: Database, *, config: Config, viewer: Viewer) -> None:
    """Refuse the ASC-WDS file where rows cannot stand in it.

    Raises:
        NotWell: naming everything that is to be mended.
    """
    catalog = load_catalog(config.content_dir)
    found = asc_wds.check(database, viewer=viewer, catalog=catalog, now=clock.now())
    if not found.is_complete:
        lacking = (*found.sites, *found.people, *found.items, *found.passes)
        lines = [f"{one.name}: {one.words} {count_of(one.rows, 'row')}." for one in lacking]
        left_out = (
            f"{count_of(found.left_out, 'row')} cannot stand in the file. Mend this, or leave it out: --leave-out"
        )
        raise NotWell("\n".join([left_out, *lines]))


def esr_pieces(database: Database, config: Config, viewer: Viewer, wanted: Wanted) -> Iterator[bytes]:
    """Yield the pieces of the ESR file of a mapping."""
    saved = mapping_named(database, viewer=viewer, name=wanted.mapping)
    with esr.open_file(database, mapping_id=saved.id, **known_to(config, viewer)) as file:
        yield from encode_esr(headings=file.headings, rows=file.rows)


def mapping_named(database: Database, *, viewer: Viewer, name: str) -> Saved:
    """Return a mapping by its name.

    Raises:
        NotFound: naming those there are.
    """
    saved = {one.mapping.name: one for one in esr_mappings.list_mappings(database, viewer=viewer)}
    if name not in saved:
        raise NotFound(f"There is no mapping {name!r}. There are: {', '.join(sorted(saved)) or 'none'}.")
    return saved[name]


PIECES: Final[dict[str, Callable[[Database, Config, Viewer, Wanted], Iterator[bytes]]]] = {
    ASC_WDS: asc_wds_pieces,
    ESR: esr_pieces,
}
