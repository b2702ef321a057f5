"""The `training trend` commands: figures of each month's end held against the facts, and made anew."""

import sys

import click

from training import clock
from training.commanding import NotWell, open_database, settings


@click.group()
def trend() -> None:
    """The stored figures of the last 24 months' ends, of which the trend is drawn."""


@trend.command("verify")
def verify() -> None:
    """Compare every stored figure with what the facts come to, as known when it was worked out."""
    from training.services import everybody, trend_checks

    database, found = open_database(settings()), 0
    with click.progressbar(length=everybody.how_many(database), label="Comparing", file=sys.stderr) as bar:
        for people, drifts in trend_checks.verify(database):
            bar.update(people)
            for each in drifts:
                unit = f"{each.item or 'all items'}, site {each.site_id}"
                click.echo(f"{each.organisation}: {each.day}, {unit}: {each.measure} lacks {each.lacking}")
            found += len(drifts)
    if found:
        raise NotWell(f"{found} figures differ from the facts. `training trend rebuild` mends them.")
    click.echo("Every figure of the trend agrees with the facts.")


@trend.command("rebuild")
def rebuild() -> None:
    """Work out every month's end anew from the facts; stopped half-way, the work that runs without a click goes on."""
    from training.services import everybody, trend_checks

    database, done = open_database(settings()), 0
    with click.progressbar(length=everybody.how_many(database), label="Working out", file=sys.stderr) as bar:
        for so_far in trend_checks.rebuild(database, now=clock.now()):
            bar.update(so_far - done)
            done = so_far
    click.echo(f"Worked out anew for {done} people.")
