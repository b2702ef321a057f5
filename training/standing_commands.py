"""The `training standing` commands: projections held against the facts, and made anew."""

import sys
from typing import TYPE_CHECKING

import click

from training import clock
from training.commanding import NotWell, open_database, settings

if TYPE_CHECKING:
    from training.db import Database


@click.group()
def standing() -> None:
    """The stored dates that every status comes from, and the counters that add them up."""


@standing.command("verify")
def verify() -> None:
    """Compare every stored standing with the facts, and every counter with the standings."""
    from training.services import counters, everybody, standing_checks

    database, found = open_database(settings()), 0
    with click.progressbar(length=everybody.how_many(database), label="Comparing", file=sys.stderr) as bar:
        for people, drifts in standing_checks.verify_batches(database, now=clock.now()):
            bar.update(people)
            for drift in drifts:
                where = f"requirement {drift.requirement_id}" if drift.requirement_id else "days on file"
                click.echo(f"{drift.organisation}: person {drift.person_id}, {where}: {drift.what}")
            found += len(drifts)
    if found:
        raise NotWell(f"{found} standings differ from the facts. `training standing rebuild` mends them.")
    wrong = counters.verify(database)
    for each in wrong:
        what = each.item if isinstance(each.item, str) else f"titles {', '.join(each.item)}"
        unit = f"{what or 'all items'}, site {each.site_id}"
        click.echo(f"{each.organisation}: {unit}: {each.measure} lacks {each.lacking} of what the standings add up to")
    if wrong:
        raise NotWell(f"{len(wrong)} counters differ from the standings. `training standing rebuild` mends them.")
    click.echo("Every standing agrees with the facts, and every counter with the standings.")


@standing.command("rebuild")
def rebuild() -> None:
    """Work out every standing and counter anew from the facts; stopped half-way, it can be begun again."""
    rebuild_all(open_database(settings()))


def rebuild_all(database: "Database") -> None:
    """Work out every standing and counter anew, and say how far it is."""
    from training.services import everybody, standing_checks

    done = 0
    with click.progressbar(length=everybody.how_many(database), label="Working out", file=sys.stderr) as bar:
        for so_far in standing_checks.rebuild(database, now=clock.now()):
            bar.update(so_far - done)
            done = so_far
    click.echo(f"Worked out anew for {done} people.")
