"""Seeding: a database that holds the bench's organisation and nothing else, made in minutes at any size."""

import hashlib
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from time import perf_counter

from sqlalchemy import event, make_url, update
from sqlalchemy.engine.interfaces import DBAPIConnection

from training.bench import multiply, stage
from training.bench.multiply import Whole
from training.catalog.library import Catalog
from training.config import PACKAGE
from training.db import Database
from training.domain.days import day_in
from training.domain.refusal import Refusal
from training.models import Organisation
from training.services import counters, everybody, organisations, standing_checks

CAST = 100
HEADS_EACH_SITE = 500
# Measured with ten requirements, indexes and all; the log of what is being written needs some room beside it.
BYTES_EACH_LINE = {"sqlite": 1_900, "postgresql": 1_800}
UNFINISHED = "Bench, not finished"
NAMED = r"Bench: (?P<people>\d+) people, (?P<items>\d+) items, "
Say = Callable[[str], None]


class StrangeDatabase(Refusal):
    """The bench cannot be put here because others keep their records here."""


class NoRoom(Refusal):
    """The bench cannot be seeded because the disk has no room for it."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large the organisation is: people, items required of each, and those of them who are acted out."""

    people: int
    requirements: int = 10
    cast: int = CAST

    @property
    def sites(self) -> int:
        """How many sites it has."""
        return max(2, self.people // HEADS_EACH_SITE)


def seed(
    database: Database, *, catalog: Catalog, size: Size, now: datetime, say: Say, into_existing: bool = False
) -> bool:
    """Seed the organisation; returns whether anything had to be done.

    Raises:
        StrangeDatabase: when other organisations are there, or a bench of another size or day.
        NoRoom: when the disk has not the room.
    """
    refuse_impossible(size, catalog=catalog)
    name = stamp(size, catalog=catalog, day=day_in(now, stage.ZONE))
    if not into_existing:
        refuse_strangers(database)
    if is_seeded(database, name=name):
        say("The bench is seeded already; it was left as it is.")
        return False
    refuse_full_disk(database, size, say=say)
    make_haste(database)
    began = perf_counter()
    put_on(database, catalog=catalog, size=size, now=now, say=say)
    finish(database, name=name, say=say)
    say(f"Seeded {size.people} people in {perf_counter() - began:.0f} s: {name}.")
    return True


def refuse_impossible(size: Size, *, catalog: Catalog) -> None:
    """Refuse a size that the content or the cast has no way to make."""
    most = min(len(items) for items in stage.items_of(catalog, requirements=1_000).values())
    if not 1 <= size.requirements <= most:
        raise Refusal(f"The content has items for 1 to {most} requirements for each role.")
    if size.people < size.cast:
        raise Refusal(f"The bench needs {size.cast} people or more.")


def stamp(size: Size, *, catalog: Catalog, day: date) -> str:
    """Return the name of the organisation, which says what was seeded, on which day, and by which code."""
    code = hashlib.sha256()
    for path in sorted(PACKAGE.parent.joinpath("migrations", "versions").glob("*.py")):
        code.update(path.name.encode())
    for path in [*sorted(Path(__file__).parent.glob("*.py")), *sorted(PACKAGE.joinpath("models").glob("*.py"))]:
        code.update(path.read_bytes() if path.stem in {"cast", "stage", "multiply", "seed"} else path.name.encode())
    for items in stage.items_of(catalog, requirements=size.requirements).values():
        code.update("".join(catalog.item(slug).content_hash for slug in items).encode())
    return f"Bench: {size.people} people, {size.requirements} items, {day.isoformat()}, {code.hexdigest()[:12]}"


def refuse_strangers(database: Database) -> None:
    """Refuse a database in which anybody but the bench keeps records."""
    others = {slug for _, slug, _ in everybody.list_organisations(database)} - {
        stage.SLUG,
        organisations.PUBLIC,
    }
    if others:
        raise StrangeDatabase(
            f"This database holds other organisations: {', '.join(sorted(others))}. "
            "Give the bench a database of its own, or say --into-existing."
        )


def is_seeded(database: Database, *, name: str) -> bool:
    """Say whether exactly this is there.

    Raises:
        StrangeDatabase: when another bench is.
    """
    try:
        found = organisations.find_organisation(database, stage.SLUG).name
    except organisations.NotFound:
        return False
    if found != name:
        raise StrangeDatabase(f"Another bench is here ({found}). Give this one an empty database.")
    return True


def refuse_full_disk(database: Database, size: Size, *, say: Say) -> None:
    """Say how much room it takes, and refuse where the disk has less."""
    kind = database.engine.dialect.name
    bytes_needed = BYTES_EACH_LINE[kind] * size.people * size.requirements
    say(f"{size.people} people take about {bytes_needed / 1e9:.1f} GB.")
    folder = Path(make_url(str(database.engine.url)).database or "").parent if kind == "sqlite" else Path("/")
    free = shutil.disk_usage(folder).free
    if free < bytes_needed * 1.2:
        raise NoRoom(f"{folder} has {free / 1e9:.1f} GB free. Make room, or seed fewer people.")


def make_haste(database: Database) -> None:
    """Let the system choose when to write to the disk: whoever pulls the plug seeds again."""
    is_sqlite = database.engine.dialect.name == "sqlite"
    words = "PRAGMA synchronous=OFF" if is_sqlite else "SET SESSION synchronous_commit = off"

    def tell(driver: DBAPIConnection, _record: object) -> None:
        driver.execute(words)
        driver.commit()

    database.engine.dispose()
    event.listen(database.engine, "connect", tell)


def put_on(database: Database, *, catalog: Catalog, size: Size, now: datetime, say: Say) -> None:
    """Let the cast live their histories, bring them up to the present day, and multiply them."""
    began = perf_counter()
    set_up = stage.open_stage(
        database, catalog=catalog, name=UNFINISHED, requirements=size.requirements, sites=size.sites, now=now
    )
    say(f"The organisation has {size.sites} sites; {size.cast} people now live their histories.")
    cast = list(stage.play_all(set_up, count=size.cast))
    for _ in standing_checks.rebuild(database, now=now):
        pass
    say(f"They are done in {perf_counter() - began:.0f} s and are multiplied now.")
    began, written = perf_counter(), 0
    for people, rows in multiply.multiply(database, Whole(cast, set_up.sites, size.people)):
        written += rows
        say(f"{people} people, {written} rows, {written / (perf_counter() - began):.0f} rows/s")


def finish(database: Database, *, name: str, say: Say) -> None:
    """Work the counters out, tidy the tables as the database itself would in time, and say that it is all there."""
    recount(database, say=say)
    engine = database.engine
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            say("PostgreSQL gathers its statistics.")
            connection.exec_driver_sql("VACUUM (ANALYZE)")
        else:
            connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with engine.begin() as connection:
        connection.execute(update(Organisation).where(Organisation.slug == stage.SLUG).values(name=name))


def recount(database: Database, *, say: Say) -> None:
    """Work the counters out from the rows."""
    began = perf_counter()
    counters.recount(database)
    say(f"The counters were worked out in {perf_counter() - began:.0f} s.")


def size_of(database: Database) -> Size:
    """Return how large the bench is that was seeded here.

    Raises:
        StrangeDatabase: when none is, or not wholly.
    """
    try:
        name = organisations.find_organisation(database, stage.SLUG).name
    except organisations.NotFound:
        name = ""
    found = re.match(NAMED, name)
    if found is None:
        raise StrangeDatabase("No bench is here, or not all of it: run `training bench seed` on an empty database.")
    return Size(int(found["people"]), int(found["items"]))
