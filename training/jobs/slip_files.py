"""The work of making many invite slips: each person's, one after another, and then the paper."""

from training.domain.days import count_of, day_in
from training.exports.slips import MEDIA_TYPE, PrintedSlip, encode_slips, file_name
from training.jobs.means import Means
from training.services import on_behalf, slips
from training.services.slip_lists import Wanted
from training.services.slips import Batch
from training.services.task_claims import Claimed, Made, Progress


def make_slips(means: Means, claimed: Claimed, progress: Progress) -> Made:
    """Make the slips that were ordered, with the reach that whoever ordered them has now.

    Begun anew, it makes them all anew, and those before stop working: nobody has seen them.

    Raises:
        NotAllowed: when they may see nobody any more.
    """
    viewer = on_behalf.viewer_for(means.database, organisation_id=claimed.organisation_id, person_id=claimed.asked_by)
    wanted = Wanted.read(claimed.wanted)
    whole = len(wanted.person_ids)
    batch = slips.issue_many(
        means.database,
        viewer=viewer,
        person_ids=wanted.person_ids,
        now=progress.clock,
        told=lambda done: progress.say(done, whole),
    )
    day = day_in(progress.clock(), viewer.time_zone)
    papers = [PrintedSlip(**slips.printed(slip, viewer=viewer, base_url=means.base_url)) for slip in batch.made]
    pdf = encode_slips(papers, a_page=wanted.a_page, day=day)
    return Made(words(batch), file_name=file_name(day), media_type=MEDIA_TYPE, pieces=[pdf], kept_for=slips.KEPT_FOR)


def words(batch: Batch) -> str:
    """Return what came of it."""
    made = f"{count_of(len(batch.made), 'slip')}, working for 14 days. Print them, and delete the file."
    if not batch.left_out:
        return made
    left_out = "1 person was" if batch.left_out == 1 else f"{batch.left_out:,} people were"
    return f"{made} {left_out} left out: they have left, or manage more than you do."
