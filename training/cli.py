"""The `training` command.

What works on the database is imported by the commands that do, as it takes longer to load than all content to check.
"""

import click

from training import clock
from training.audit_command import audit
from training.bench_commands import bench
from training.catalog.faults import ContentFaulty
from training.catalog.library import check_content, load_catalog
from training.commanding import NotWell, open_database, settings
from training.content_commands import content
from training.domain.days import day_in, format_day, read_day
from training.domain.names import NameRefused
from training.domain.refusal import Refusal
from training.domain.roles import Role
from training.keys_command import keys
from training.report_command import report
from training.standing_commands import rebuild_all, standing
from training.trend_commands import trend

REQUIRED_ROLES = (Role.PRESCRIBER, Role.NON_PRESCRIBER, Role.SOCIAL_CARE)


class Commands(click.Group):
    """The commands, with every refusal said in words instead of a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except (Refusal, NameRefused) as refusal:
            raise click.UsageError(str(refusal)) from refusal
        except ContentFaulty as faulty:
            raise NotWell(str(faulty)) from faulty
        except Exception as error:
            check_not_of_database(error)
            raise


def check_not_of_database(error: Exception) -> None:
    """Say in words what a database refused.

    Raises: NotWell, when it was a database that refused.
    """
    from sqlalchemy.exc import DBAPIError

    if isinstance(error, DBAPIError):
        words = "The database does not answer, or has not the tables that it should. Run `training migrate`."
        raise NotWell(f"{words}\n{error.orig}") from error


@click.group(cls=Commands)
def main() -> None:
    """STOMP and STAMP training: serve it, look after it, check its content."""


main.add_command(content)
main.add_command(standing)
main.add_command(trend)
main.add_command(audit)
main.add_command(report)
main.add_command(bench)
main.add_command(keys)


@main.command()
def migrate() -> None:
    """Bring the database's tables up to date, and what is worked out from the facts where a table for it is new."""
    from training.migrate import migrate as migrate_database
    from training.services import counters, organisations, standing_checks

    config = settings()
    database = open_database(config)
    migrate_database(database)
    organisations.ensure_public(database, time_zone=config.time_zone, now=clock.now())
    if not standing_checks.is_built(database, now=clock.now()):
        rebuild_all(database)
    elif not counters.is_due_counted(database):
        counters.recount(database)
    click.echo("The database is up to date.")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
def serve(host: str, port: int) -> None:
    """Serve the pages with gunicorn: one process on SQLite, two on PostgreSQL."""
    from training.server import run

    run(settings(), host=host, port=port)


@main.command()
def demo() -> None:
    """Load the demonstration organisation; refused in production, and harmless when it is there already."""
    from training.demonstration import AlreadyLoaded, load

    config = settings()
    if config.is_production:
        raise NotWell("The demonstration is never loaded in production: its passwords are public.")
    try:
        load(open_database(config), catalog=load_catalog(config.content_dir), config=config, now=clock.now())
    except AlreadyLoaded:
        click.echo("The demonstration is there already; it was left as it is.")
        return
    click.echo("The demonstration organisation is loaded.")


@main.command()
def doctor() -> None:
    """Say whether settings, content and database are well."""
    from training.services import health

    config = settings()
    wrong = [*map(str, check_content(config.content_dir)), *health.what_is_wrong(open_database(config))]
    for line in wrong:
        click.echo(line)
    if wrong:
        raise NotWell("Not well.")
    click.echo("All is well.")


@main.command()
def worker() -> None:
    """Look for work that is due and do it, until stopped; any number on PostgreSQL, none beside `serve` on SQLite."""
    from training.jobs import announcing, distributed, embedded
    from training.jobs.mailing import open_means

    config = settings()
    means = open_means(config, catalog=load_catalog(config.content_dir), database=open_database(config))
    click.echo(announcing.what_is_served(config))
    clock_of = embedded if config.is_sqlite else distributed
    clock_of.run(means)
    click.echo(announcing.HAS_STOPPED)


@main.command()
@click.option("--on", "day", default="", help="The day to bring everything up to; today where it is left out.")
@click.option("--dry-run", is_flag=True, help="Say what is due and change nothing.")
def refresh(day: str, dry_run: bool) -> None:
    """Work out anew every standing that the day has changed."""
    from training.services import roll_over

    config, now = settings(), clock.now()
    database, on = open_database(config), read_day(day) if day else None
    if on is not None and on > day_in(now, config.time_zone) and not dry_run:
        raise click.UsageError("That day is still to come: what is stored speaks of today. Add --dry-run to see ahead.")
    if dry_run:
        found = roll_over.list_due(database, now=now, on=on)
        for due in found:
            click.echo(f"{due.organisation}: {due.people} people as at {format_day(due.day)}")
        if not found:
            click.echo("Nothing is due.")
        return
    done = 0
    for done in roll_over.roll_over(database, now=now, on=on):
        click.echo(f"{done} people done")
    click.echo(f"Everything is up to date; {done} people were worked out anew.")


@main.command()
@click.option("--on", "day", default="", help="Today, or a day to come for a dry run; today where it is left out.")
@click.option("--dry-run", is_flag=True, help="Say what would be sent, and send nothing.")
def remind(day: str, dry_run: bool) -> None:
    """Send the reminders and digests that are due, or say what would be sent."""
    from training import remind_command

    config, now = settings(), clock.now()
    on, today = read_day(day) if day else None, day_in(now, config.time_zone)
    if on is not None and on < today:
        raise click.UsageError("That day is past: what was missed then is sent by a run of today.")
    if dry_run:
        remind_command.preview(open_database(config), config=config, now=now, on=on)
    elif on not in {None, today}:
        raise click.UsageError("Messages are sent for today alone. Add --dry-run to see another day.")
    elif not config.mail_url:
        raise NotWell("No mail server is set up: set TRAINING_MAIL_URL. --dry-run says what would be sent.")
    else:
        remind_command.send(open_database(config), config=config)


@main.group()
def organisation() -> None:
    """Organisations."""


@organisation.command("add")
@click.argument("slug")
@click.option("--name", required=True, help="The organisation's name.")
@click.option("--manager", required=True, help="The first manager's e-mail address.")
def organisation_add(slug: str, name: str, manager: str) -> None:
    """Start an organisation and print the one-time link with which its manager sets a password."""
    from training.services import organisations

    config = settings()
    catalog = load_catalog(config.content_dir)
    now = clock.now()
    try:
        token = organisations.add_organisation(
            open_database(config),
            slug=slug,
            name=name,
            manager_email=manager,
            required={role: catalog.tracks[role].core for role in REQUIRED_ROLES},
            time_zone=config.time_zone,
            today=day_in(now, config.time_zone),
            now=now,
        )
    except (organisations.SlugRefused, organisations.AlreadyThere, Refusal) as refusal:
        raise click.UsageError(str(refusal)) from refusal
    click.echo(f"{name} is ready. Its manager sets a password here, once, within 14 days:")
    click.echo(f"{config.base_url.rstrip('/')}/join/{token}")


@main.group("people")
def people_group() -> None:
    """People who sign in."""


@people_group.command("reset")
@click.argument("sign_in_name")
def people_reset(sign_in_name: str) -> None:
    """Print a one-time link with which somebody sets a new password."""
    from training.services import people
    from training.services.organisations import NotFound

    config = settings()
    try:
        slip = people.reset(open_database(config), sign_in_name=sign_in_name, now=clock.now())
    except NotFound as refusal:
        raise NotWell(str(refusal)) from refusal
    click.echo(f"{config.base_url.rstrip('/')}/join/{slip.token}")


@people_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--organisation", "slug", required=True, help="The organisation's short name.")
@click.option("--apply", "apply_it", is_flag=True, help="Do what the plan says, all of it at once.")
@click.option("--leave-out-faults", "leave_out", is_flag=True, help="Go on without the rows that are wrong.")
@click.option("--create-sites", is_flag=True, help="Make the sites that are not there yet.")
@click.option(
    "--title", "titles", multiple=True, help="A job title to make and its role: 'Night nurse=non-prescriber'."
)
@click.option("--leavers", type=int, help="Whoever is not in the file has left today; type how many people that is.")
def people_import(
    file: str, slug: str, *, apply_it: bool, leave_out: bool, leavers: int | None, **chosen: object
) -> None:
    """Print the plan of a file of people (.xlsx or .csv), and with --apply carry it out."""
    from pathlib import Path

    from training import import_command
    from training.services import import_runs

    database, now = open_database(settings()), clock.now()
    viewer = import_command.operator_in(database, slug)
    page = import_command.plan(database, Path(file), viewer=viewer, leavers=leavers, now=now, **chosen)
    if apply_it:
        import_command.apply(database, page.id, viewer=viewer, leave_out=leave_out, leavers=leavers, now=now)
        return
    import_runs.forget(database, viewer=viewer, import_id=page.id, now=now)
    if page.faults:
        raise NotWell("Some rows are wrong. Nothing was changed.")
    click.echo("Nothing was changed. Add --apply to import.")
