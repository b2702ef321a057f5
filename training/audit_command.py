"""The `training audit` commands: following the chain of an organisation's audit log."""

import sys

import click

from training.commanding import NotWell, open_database, settings


@click.group()
def audit() -> None:
    """The log of administrative acts."""


@audit.command("verify")
@click.option("--organisation", "slug", metavar="SLUG", help="Look at this organisation alone.")
@click.option(
    "--expect", "expected", metavar="HASH", default="", help="A hash printed earlier, which must still stand."
)
def verify(slug: str | None, expected: str) -> None:
    """Follow every chain to its end, and name the first entry that is not as it was written."""
    if expected and not slug:
        raise click.UsageError("A hash is one organisation's: say which with --organisation.")
    from training.services import audit as audits
    from training.services import everybody

    database = open_database(settings())
    asked = [(one, name) for one, name, _ in everybody.list_organisations(database) if slug in {None, name}]
    if not asked:
        raise click.UsageError(f"There is no organisation {slug!r}.")
    broken = []
    for organisation_id, name in asked:
        length = audits.how_many(database, organisation_id=organisation_id)
        with click.progressbar(length=length, label=f"Following {name}", file=sys.stderr) as bar:
            verdict = audits.verify(database, organisation_id=organisation_id, expected=expected, told=bar.update)
        if verdict.broken:
            broken.append(name)
            click.echo(f"{name}: {verdict.broken}")
        elif not verdict.number:
            click.echo(f"{name}: no entries. Nothing was ever done here that leaves one.")
        else:
            click.echo(f"{name}: {verdict.number:,} entries, whole. The last has the hash {verdict.hash}")
    if broken:
        raise NotWell(f"The audit log of {', '.join(broken)} is not as it was written.")
