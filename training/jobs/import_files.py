"""The work of an import that a page does not wait for: to apply it, or to undo it."""

from training.jobs.means import Means
from training.services import import_orders, on_behalf
from training.services.import_orders import Applied
from training.services.task_claims import Claimed, Made, Progress


def make_import(means: Means, claimed: Claimed, progress: Progress) -> Made:
    """Apply the plan that was ordered, with the reach that whoever ordered it has now.

    Raises:
        NotAllowed, NotFound: when they see to nobody any more, or the plan is not theirs.
        ImportRefused: when it cannot be applied; nothing was written.
    """
    viewer = on_behalf.viewer_for(means.database, organisation_id=claimed.organisation_id, person_id=claimed.asked_by)
    words = import_orders.apply_ordered(
        means.database,
        viewer=viewer,
        catalog=means.catalog,
        wanted=Applied.read(claimed.wanted),
        now=progress.clock(),
        say=progress.say,
    )
    return Made(words)


def undo_import(means: Means, claimed: Claimed, progress: Progress) -> Made:
    """Undo the import that was named, with the reach that whoever ordered it has now.

    Raises:
        NotAllowed, NotFound: when they see to nobody any more, or the import is not theirs.
        ImportRefused: when it cannot be undone; nothing was written.
    """
    viewer = on_behalf.viewer_for(means.database, organisation_id=claimed.organisation_id, person_id=claimed.asked_by)
    known = {"wanted": claimed.wanted, "now": progress.clock(), "say": progress.say}
    return Made(import_orders.undo_ordered(means.database, viewer=viewer, **known))
