"""Imports that are too large for a page to wait for: ordered as long work, and done once whatever happens."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from training.catalog.library import Catalog
from training.db import Database
from training.domain.refusal import Refusal
from training.services import completion_imports, import_pages, import_undoing, people_import_writing
from training.services.accounts import Viewer
from training.services.import_pages import ImportPage
from training.services.import_runs import ImportGone, Kind, Overtaken, PlanChanged
from training.services.import_undoing import CannotUndo
from training.services.people_import_writing import FaultsLeft, LeaversNotTyped
from training.services.tasks import Order

KIND, UNDOING = "import", "import-undoing"
# Bringing one person up to date takes about a hundredth of a second.
AT_ONCE = 500
REFUSED = (ImportGone, PlanChanged, Overtaken, FaultsLeft, LeaversNotTyped)


class ImportRefused(Refusal):
    """An import that was ordered cannot be done; what to do about it is said, and nothing was written."""


@dataclass(frozen=True, slots=True)
class Applied:
    """How a plan of some kind is to be applied: what is wrong left out, and the number of leavers that was typed."""

    import_id: str
    kind: str
    leave_out_faults: bool = False
    typed_leavers: int | None = None

    @classmethod
    def read(cls, wanted: Mapping[str, Any]) -> "Applied":
        """Return what was ordered."""
        return cls(**wanted)


def takes_long(page: ImportPage) -> bool:
    """Say whether to apply an import, or to undo it, takes longer than a page may wait."""
    return page.changes > AT_ONCE


def order_of(page: ImportPage, *, wanted: Applied) -> Order:
    """Return the order to apply a plan."""
    return Order(kind=KIND, title=f"Import of {page.file_name}", wanted=asdict(wanted))


def order_to_undo(page: ImportPage) -> Order:
    """Return the order to undo an import."""
    return Order(kind=UNDOING, title=f"Undoing the import of {page.file_name}", wanted={"import_id": str(page.id)})


def apply(
    database: Database,
    *,
    viewer: Viewer,
    catalog: Catalog,
    wanted: Applied,
    now: datetime,
    say: Callable[[int, int], None] = lambda _done, _of: None,
) -> None:
    """Apply a plan, of people or of past training.

    Raises:
        NotFound: when it is not the viewer's.
        ImportGone, PlanChanged, Overtaken, FaultsLeft, LeaversNotTyped: in words, with nothing written.
    """
    import_id = uuid.UUID(wanted.import_id)
    known = {"viewer": viewer, "import_id": import_id, "now": now, "leave_out_faults": wanted.leave_out_faults}
    if wanted.kind == Kind.COMPLETIONS:
        completion_imports.apply(database, catalog=catalog, say=say, **known)
    else:
        people_import_writing.apply(database, typed_leavers=wanted.typed_leavers, say=say, **known)


def apply_ordered(
    database: Database,
    *,
    viewer: Viewer,
    catalog: Catalog,
    wanted: Applied,
    now: datetime,
    say: Callable[[int, int], None],
) -> str:
    """Apply a plan that was ordered, unless that has been done, and say what came of it.

    Raises:
        NotFound: when it is not the viewer's.
        ImportRefused: when it cannot be applied; nothing was written.
    """
    known = {"viewer": viewer, "import_id": uuid.UUID(wanted.import_id), "now": now}
    page = import_pages.read_page(database, **known)
    if page.applied_at is None:
        try:
            apply(database, viewer=viewer, catalog=catalog, wanted=wanted, now=now, say=say)
        except REFUSED as refusal:
            raise ImportRefused(f"{refusal} Open the import again: its plan is as it is now.") from refusal
    return f"{page.changes:,} rows of {page.file_name} are imported."


def undo_ordered(
    database: Database, *, viewer: Viewer, wanted: Mapping[str, Any], now: datetime, say: Callable[[int, int], None]
) -> str:
    """Undo an import as was ordered, unless that has been done, and say what came of it.

    Raises:
        NotFound: when it is not the viewer's.
        ImportRefused: when it cannot be undone; nothing was written.
    """
    known = {"viewer": viewer, "import_id": uuid.UUID(wanted["import_id"]), "now": now}
    page = import_pages.read_page(database, **known)
    if page.undone_at is None:
        try:
            import_undoing.undo(database, say=say, **known)
        except CannotUndo as refusal:
            raise ImportRefused(str(refusal)) from refusal
    return f"The import of {page.file_name} is undone."
