"""The kinds of long work, each with what does it."""

from collections.abc import Mapping

from training.jobs.import_files import make_import, undo_import
from training.jobs.long_work import Kind
from training.jobs.pack_files import make_pack
from training.jobs.report_files import make_report
from training.jobs.slip_files import make_slips
from training.services import import_orders, packs, report_orders, slip_lists

KINDS: Mapping[str, Kind] = {
    import_orders.KIND: Kind(make_import, locks=True),
    import_orders.UNDOING: Kind(undo_import, locks=True),
    packs.KIND: Kind(make_pack),
    report_orders.KIND: Kind(make_report),
    slip_lists.KIND: Kind(make_slips),
}
