"""The `training report` command: a report of a whole organisation, written to a file."""

from pathlib import Path

import click

from training.commanding import NotWell, open_database, settings

FORMS = ("csv", "xlsx", "pdf", "json")
FOR_OTHER_SYSTEMS = ("asc-wds", "esr")


@click.command()
@click.argument("name")
@click.option("--organisation", "slug", metavar="SLUG", required=True, help="Of which organisation.")
@click.option("--as-at", metavar="DAY", default="", help="The day it speaks of; today where it is left out.")
@click.option("--known-at", metavar="INSTANT", default="", help="By what was known then; a day means its end.")
@click.option("--site", metavar="NAME", default="", help="Of one site alone, as it judges.")
@click.option("--person", metavar="STAFF-NUMBER", default="", help="Whom the report of one person is about.")
@click.option("--from", "since", metavar="DAY", default="", help="The first day of what was done.")
@click.option("--until", metavar="DAY", default="", help="The last day of what was done.")
@click.option("--format", "form", type=click.Choice([*FORMS, *FOR_OTHER_SYSTEMS]), required=True, help="In which form.")
@click.option("--leave-out", is_flag=True, help="For ASC-WDS: without the rows that cannot stand in the file.")
@click.option("--mapping", metavar="NAME", default="", help="For ESR: the saved mapping that says how the file looks.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write.")
def report(
    name: str, slug: str, form: str, output: Path, since: str, until: str, leave_out: bool, mapping: str, **asked: str
) -> None:
    """Write a report of an organisation to a file: all its rows, with what it says of itself above them."""
    from training import report_writing, system_files
    from training.services.organisations import NotFound

    config = settings()
    database = open_database(config)
    try:
        viewer = report_writing.operator(database, slug=slug)
        if form in FOR_OTHER_SYSTEMS:
            wanted = system_files.Wanted(leave_out=leave_out, mapping=mapping, site=asked.pop("site"))
            system_files.refuse_misnamed(name, form, others=(*asked.values(), since, until))
            system_files.write(database, config=config, viewer=viewer, form=form, wanted=wanted, output=output)
            return
        question = report_writing.question_asked(database, viewer=viewer, span=(since, until), **asked)
        known = {"config": config, "viewer": viewer, "name": name, "question": question}
        report_writing.write(database, form=form, output=output, **known)
    except NotFound as refusal:
        raise click.UsageError(str(refusal)) from refusal
    except OSError as error:
        raise NotWell(f"The file cannot be written: {error}") from error
