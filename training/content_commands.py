"""The `training content` commands: what authors ask of modules and scenarios."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from training import clock
from training.catalog.authored import glossary_near, item_files, read_authored
from training.catalog.cited import cited_in
from training.catalog.differences import NotComparable, differences
from training.catalog.faults import ContentFaulty, Fault
from training.catalog.gift import read_gift
from training.catalog.hints import hints_for
from training.catalog.importing import CannotImport, Carried, read_foreign, write_import
from training.catalog.library import check_content
from training.catalog.map_drawing import TooLargeToDraw, draw_map
from training.catalog.starters import KINDS, AlreadyWritten, NotASlug, begin
from training.catalog.stats import FORMATS, stats_of
from training.catalog.twee import read_twee
from training.commanding import settings
from training.domain.roles import Role
from training.domain.scenario import Scenario

MOST_LINES = 200
ANY_PATH = click.Path(path_type=Path)
SOME_PATH = click.Path(path_type=Path, exists=True)


@click.group()
def content() -> None:
    """Modules and scenarios."""


@content.command("check")
@click.argument("path", required=False, type=ANY_PATH)
@click.option("--no-hints", is_flag=True, help="List faults alone.")
def content_check(path: Path | None, *, no_hints: bool) -> None:
    """List every fault in the content, or in one file or folder, and then hints; hints are no faults."""
    config = settings()
    target = path or config.content_dir
    if not target.exists():
        raise click.UsageError(f"There is no {target}.")
    faults = check_content(target)
    for fault in faults:
        click.echo(str(fault))
    if not no_hints:
        glossary = glossary_near(target, config.content_dir)
        for hint in hints_for(target, glossary=glossary, today=clock.today(config.time_zone)):
            click.echo(str(hint))
    if faults:
        sys.exit(1)
    click.echo("The content is in order.")


@content.command("stats")
@click.argument("path", required=False, type=SOME_PATH)
@click.option("--format", "shape", default="table", show_default=True, type=click.Choice(list(FORMATS)))
def content_stats(path: Path | None, shape: str) -> None:
    """Show size, minutes, reading ease and days to review, by item and role; faulty files are left out."""
    config = settings()
    target = path or config.content_dir
    glossary = glossary_near(target, config.content_dir)
    rows = stats_of(target, glossary=glossary, today=clock.today(config.time_zone))
    click.echo(FORMATS[shape](rows), nl=False)


@content.command("links")
@click.argument("path", required=False, type=SOME_PATH)
@click.option("--json", "in_json", is_flag=True, help="Give the answers as JSON.")
def content_links(path: Path | None, *, in_json: bool) -> None:
    """Ask every address that the content cites whether it still answers, and tell; never fail for one that does not."""
    from training import link_check, link_report

    cited = cited_in(path or settings().content_dir)
    for file in cited.unread:
        click.echo(f"{file} has faults, so its addresses are left out: see training content check.", err=True)
    click.echo(f"Asking {len(cited.places)} addresses; this can take some minutes.", err=True)
    answers = link_check.ask_all(cited.places, asker=link_check.Asker())
    report = link_report.as_json if in_json else link_report.as_table
    click.echo(report(answers, cited.places), nl=False)


@content.command("preview")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option(
    "--role",
    default=Role.SOCIAL_CARE.value,
    show_default=True,
    type=click.Choice([role.value for role in Role]),
    help="Who to read as first.",
)
def content_preview(port: int, role: str) -> None:
    """Show the content to its authors on this machine alone, as any role reads it, anew with every change."""
    from training.preview import PortTaken, serve

    try:
        serve(settings(), port=port, role=Role(role), started=click.echo)
    except PortTaken as refusal:
        raise click.UsageError(str(refusal)) from refusal


@content.command("graph")
@click.argument("item", required=False, metavar="SLUG|PATH")
@click.option("--output", type=ANY_PATH, help="File to write the map to; with --all a folder.")
@click.option("--all", "every", is_flag=True, help="Draw every scenario into the folder.")
def content_graph(item: str | None, output: Path | None, *, every: bool) -> None:
    """Draw the map of a scenario as SVG: its scenes, and safe, unsafe and critical choices between them."""
    scenarios = settings().content_dir / "scenarios"
    if every:
        if item or output is None:
            raise click.UsageError("--all draws every scenario into a folder: give --output FOLDER, and no scenario.")
        output.mkdir(parents=True, exist_ok=True)
        for path in item_files(scenarios):
            _write(output / f"{path.stem}.svg", _map_of(path))
        return
    if item is None:
        raise click.UsageError("Name a scenario, or give --all.")
    drawn = _map_of(Path(item) if Path(item).is_file() else scenarios / f"{item}.md")
    if output is None:
        click.echo(drawn, nl=False)
    else:
        _write(output, drawn)


def _map_of(path: Path) -> str:
    if not path.is_file():
        raise click.UsageError(f"There is no scenario {path}.")
    authored, faults = read_authored(path)
    if authored is None:
        _stop_with(faults.found)
    if not isinstance(authored.item, Scenario):
        raise click.UsageError(f"{path} is a module: only scenarios have a map.")
    try:
        return draw_map(authored.item)
    except TooLargeToDraw as refusal:
        raise click.ClickException(str(refusal)) from refusal


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"{path} cannot be written ({error.strerror}).") from error
    click.echo(f"Wrote {path}.")


def _stop_with(faults: Sequence[Fault]) -> None:
    for fault in faults:
        click.echo(str(fault))
    sys.exit(1)


@content.command("diff")
@click.argument("before", type=SOME_PATH)
@click.argument("after", type=SOME_PATH)
def content_diff(before: Path, after: Path) -> None:
    """Say what changed between two files, or the items of two folders: cards, questions, scenes and choices."""
    try:
        lines = differences(before, after)
    except NotComparable as refusal:
        raise click.UsageError(str(refusal)) from refusal
    except ContentFaulty as faulty:
        _stop_with(faulty.faults)
    for line in lines or ["No differences."]:
        click.echo(line)


@content.command("new")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("slug")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([role.value for role in Role]),
    help="Who it is for; may be repeated.",
)
def content_new(kind: str, slug: str, roles: tuple[str, ...]) -> None:
    """Begin a module or scenario, for social care unless --role says otherwise, with a file that passes the check."""
    config = settings()
    chosen = [Role(role) for role in roles] or [Role.SOCIAL_CARE]
    try:
        path = begin(config.content_dir, kind=kind, slug=slug, roles=chosen, today=clock.today(config.time_zone))
    except (NotASlug, AlreadyWritten) as refusal:
        raise click.UsageError(str(refusal)) from refusal
    except OSError as error:
        raise click.UsageError(f"{error.filename} cannot be written ({error.strerror}).") from error
    click.echo(f"Wrote {path}. Write over it, and look at it again with: training content check {path}")


@content.command("import-gift")
@click.argument("file", type=SOME_PATH)
@click.option("--output", required=True, type=ANY_PATH, help="Folder to write the module to.")
def content_import_gift(file: Path, output: Path) -> None:
    """Make a module of a quiz in Moodle's GIFT format, and say what could not be carried."""
    _import(file, output, read_gift)


@content.command("import-twee")
@click.argument("file", type=SOME_PATH)
@click.option("--output", required=True, type=ANY_PATH, help="Folder to write the scenario to.")
def content_import_twee(file: Path, output: Path) -> None:
    """Make a scenario of a Twine story in Twee 3 notation, and say what could not be carried."""
    _import(file, output, read_twee)


def _import(file: Path, output: Path, read: Callable[..., Carried]) -> None:
    today = clock.today(settings().time_zone)
    try:
        carried = read(read_foreign(file), title=file.stem.replace("-", " ").replace("_", " ").capitalize())
        report = write_import(carried, source=file, folder=output, today=today)
    except CannotImport as refusal:
        raise click.ClickException(str(refusal)) from refusal
    _tell(report.left, "Not carried")
    _tell(report.to_do, "Still to be done")
    click.echo(f"Wrote {report.path}: {report.amount}.")


def _tell(faults: Sequence[Fault], heading: str) -> None:
    if faults:
        click.echo(f"{heading} ({len(faults)}):")
    for fault in faults[:MOST_LINES]:
        click.echo(str(fault))
    if len(faults) > MOST_LINES:
        click.echo(f"... and {len(faults) - MOST_LINES} more")
