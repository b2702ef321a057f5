"""The `training bench` commands: seed a large organisation, measure the service on it, and report."""

import json
from pathlib import Path

import click

from training import clock
from training.catalog.library import load_catalog
from training.commanding import NotWell, open_database, settings


@click.group()
def bench() -> None:
    """A large made-up organisation, and what the service takes to serve it."""


@bench.command("seed")
@click.option("--people", default=25_000, show_default=True, type=click.IntRange(min=1), help="How many people.")
@click.option("--requirements", default=10, show_default=True, type=click.IntRange(min=1), help="Items asked of each.")
@click.option("--cast", default=100, show_default=True, type=click.IntRange(min=20), help="People acted out.")
@click.option("--into-existing", is_flag=True, help="Seed beside the organisations that are there.")
def bench_seed(people: int, requirements: int, cast: int, *, into_existing: bool) -> None:
    """Seed an organisation of made-up people into the database of the settings; refused in production."""
    from training.bench.seed import Size, seed
    from training.migrate import migrate

    config = settings()
    if config.is_production:
        raise NotWell("The bench is never seeded in production: its people are made up.")
    database = open_database(config)
    migrate(database)
    seed(
        database,
        catalog=load_catalog(config.content_dir),
        size=Size(people, requirements, cast),
        now=clock.now(),
        say=click.echo,
        into_existing=into_existing,
    )


@bench.command("run")
@click.option("--json", "answer", type=click.Path(path_type=Path), help="File to keep the figures in.")
@click.option("--only", multiple=True, help="Measure this alone; may be given again.")
@click.option("--limit", default=900, show_default=True, type=click.IntRange(min=1), help="Seconds for each.")
def bench_run(answer: Path | None, only: tuple[str, ...], limit: int) -> None:
    """Measure the service on the seeded database of the settings, each thing beside its floor."""
    from training.bench import measure, report
    from training.bench.seed import StrangeDatabase, size_of

    config = settings()
    if config.is_production:
        raise NotWell("The bench is never run in production: it writes what nobody did.")
    unknown = set(only) - set(measure.MEASUREMENTS)
    if unknown:
        raise click.UsageError(f"--only knows {', '.join(measure.MEASUREMENTS)}.")
    database = open_database(config)
    try:
        size = size_of(database)
    except StrangeDatabase as refusal:
        raise NotWell(str(refusal)) from refusal
    on = report.machine(database.engine, day=clock.today(config.time_zone))
    database.close()
    if len(only) == 1:
        lines = [line.as_json() for line in measure.measure(config, name=only[0])]
    else:
        lines = measure.measure_all(only or tuple(measure.MEASUREMENTS), limit=limit, say=click.echo)
    found = {"machine": on, "people": size.people, "requirements": size.requirements, "lines": lines}
    if answer is not None:
        answer.write_text(json.dumps(found, indent=1), encoding="utf-8")
    else:
        click.echo(report.table(found))


@bench.command("report")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--document", required=True, type=click.Path(path_type=Path, exists=True), help="Where tables go.")
def bench_report(files: tuple[Path, ...], document: Path) -> None:
    """Put kept figures into a document, each between its marks."""
    from training.bench import report

    found = [json.loads(path.read_text(encoding="utf-8")) for path in files]
    try:
        for key in report.put(document, found):
            click.echo(f"{document}: {key}")
    except report.NoPlace as refusal:
        raise NotWell(str(refusal)) from refusal


@bench.command("both")
@click.option("--people", default=25_000, show_default=True, type=click.IntRange(min=1), help="How many people.")
@click.option("--requirements", default=10, show_default=True, type=click.IntRange(min=1), help="Items asked of each.")
@click.option("--on", "kinds", multiple=True, type=click.Choice(["sqlite", "postgresql"]), help="One database alone.")
@click.option("--folder", type=click.Path(path_type=Path), help="Where the databases are kept, and the figures.")
@click.option("--document", type=click.Path(path_type=Path, exists=True), help="Document to put the tables into.")
@click.option(
    "--limit", default=900, show_default=True, type=click.IntRange(min=1), help="Seconds for each measurement."
)
def bench_both(
    people: int, requirements: int, kinds: tuple[str, ...], folder: Path | None, document: Path | None, limit: int
) -> None:
    """Seed and measure throw-away databases, SQLite and PostgreSQL; those of the same day are used again."""
    from training.bench import grounds

    if settings().is_production:
        raise NotWell("The bench is never run in production.")
    size = ["--people", str(people), "--requirements", str(requirements)]
    folder = folder or grounds.default_folder()
    folder.mkdir(parents=True, exist_ok=True)
    figures = []
    try:
        for kind in kinds or grounds.KINDS:
            figures.append(folder / f"{kind}-{people}.json")
            grounds.bench_on(kind, size=size, folder=folder, answer=figures[-1], limit=limit, say=click.echo)
    except (grounds.NoServer, grounds.CommandFailed) as refusal:
        raise NotWell(str(refusal)) from refusal
    if document is not None:
        grounds.run(["bench", "report", *map(str, figures), "--document", str(document)], url="")
