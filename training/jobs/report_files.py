"""The work of making a report's file that takes a while: the bytes that the direct download gives."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import BinaryIO

from training.domain.days import day_in
from training.domain.report import Report
from training.domain.report_schedule import outcome_words
from training.exports.formats import FORMATS, Format
from training.jobs.means import Means
from training.services import on_behalf, report_kinds, report_making, report_schedules
from training.services.accounts import Viewer
from training.services.organisations import NotAllowed
from training.services.report_orders import Wanted
from training.services.task_claims import Claimed, Made, Progress

PIECE = 256 * 1024


def make_report(means: Means, claimed: Claimed, progress: Progress) -> Made:
    """Make the file that was ordered, with the reach that whoever ordered it has now.

    Raises:
        NotAllowed, NotFound: when they see to nobody, or not to that person; a schedule has ended then.
    """
    wanted = Wanted.read(claimed.wanted)
    try:
        viewer = on_behalf.viewer_for(
            means.database, organisation_id=claimed.organisation_id, person_id=claimed.asked_by
        )
    except NotAllowed:
        report_schedules.stop(means.database, claimed.organisation_id, wanted=wanted, now=progress.clock())
        raise
    form = FORMATS[wanted.form]
    file, words = written(means, wanted, viewer=viewer, form=form, progress=progress)
    now = progress.clock()
    question = wanted.question(today=day_in(now, viewer.time_zone))
    noted = {"by": viewer, "name": wanted.report, "question": question, "form": wanted.form, "now": now}
    report_kinds.note_export(means.database, **noted)
    return Made(words, file_name=wanted.file_name, media_type=form.type, pieces=pieces(file))


def written(means: Means, wanted: Wanted, *, viewer: Viewer, form: Format, progress: Progress) -> tuple[BinaryIO, str]:
    """Write a report into a file without a name, which goes with the process; return it, and what the report came to.

    So the database is let go of before the first part is kept, and the words are those of the whole.
    """
    asked = {"viewer": viewer, "catalog": means.catalog, "wanted": wanted, "now": progress.clock()}
    with ExitStack() as stack:
        file = stack.enter_context(TemporaryFile())
        with report_making.open_ordered(means.database, told=progress.say, **asked) as opened:
            write(file, opened.report, encode=form.encode)
            words = outcome_words(opened.outcome())
        stack.pop_all()  # Whoever reads it closes it.
    return file, words


def write(file: BinaryIO, report: Report, *, encode: Callable[[Report], Iterator[bytes]]) -> None:
    """Write the bytes of a report into a file, piece by piece."""
    for piece in encode(report):
        file.write(piece)


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """Yield what was written from its beginning, and close the file."""
    with file:
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece
