"""Entries of the audit log in words: what changed, with names for the ids that still have one."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from training.domain.audit import Entry, Subject
from training.domain.days import format_day
from training.domain.language import N_, _

# What is meant for the chain and says nothing to a reader.
UNTOLD = frozenset({"content_hash", "signoff_id", "message_id", "decision_id", "completion_id", "mapping_id"})
LABELS = {
    "starts_on": N_("from"),
    "starts_on_before": N_("from, before"),
    "ends_on": N_("until"),
    "ends_on_before": N_("until, before"),
    "item": N_("training"),
    "kind": N_("as"),
    "manager_id": N_("manager"),
    "again_by": N_("again by"),
    "reach": N_("reaches"),
}
# What values are called whose keys say it in English, one by one for those who translate.
CALLED = (
    *(N_("as at"), N_("attempts"), N_("content hash"), N_("day"), N_("days"), N_("delivered by"), N_("downloaded")),
    *(N_("edition"), N_("form"), N_("from outside"), N_("items"), N_("job title"), N_("known at"), N_("layout")),
    *(
        N_("left out"),
        N_("link"),
        N_("manifest hash"),
        N_("mapping"),
        N_("name"),
        N_("on day"),
        N_("passed"),
        N_("people"),
    ),
    *(N_("person"), N_("reference"), N_("report"), N_("rhythm"), N_("role"), N_("roles"), N_("rows"), N_("site")),
    *(N_("version"), N_("why"), N_("with effect"), N_("added"), N_("changed"), N_("fault"), N_("item asked")),
    *(N_("is own"), N_("is renumbered"), N_("accredited"), N_("provider"), N_("organisation"), N_("subject")),
    *(N_("from"), N_("now"), N_("change"), N_("retire")),
    *(N_("site asked"), N_("status asked"), N_("role asked"), N_("job-title asked"), N_("within asked"), N_("same")),
)


def read_id(text: object) -> UUID | None:
    """Return an id, or None where the text is none."""
    try:
        return UUID(text) if isinstance(text, str) and len(text) == 36 else None
    except ValueError:
        return None


def ids_of(entry: Entry) -> Iterator[UUID]:
    """Yield every id in an entry that may have a name."""
    yield from (one for one in (entry.actor_id, entry.subject_id) if one is not None)
    for key, value in entry.detail.items():
        if key not in UNTOLD:
            several = value if isinstance(value, list) else [value]
            yield from (found for found in map(read_id, several) if found is not None)


def detail_words(entry: Entry, names: Mapping[UUID, str], *, title: Callable[[str], str]) -> tuple[str, ...]:
    """Return what an entry tells beside who, whom and when: one short text for each value; `title` names training."""
    told = {key: value for key, value in entry.detail.items() if key not in UNTOLD and value not in (None, [], "")}
    if entry.subject_kind == Subject.TRAINING:
        told.pop("item", None)
    return tuple(f"{label(key)}: {worded(key, value, names, title=title)}" for key, value in told.items())


def label(key: str) -> str:
    """Return what a value is called: `job_title_id_before` is `job title, before`."""
    if key in LABELS:
        return _(LABELS[key])
    name, before, _rest = key.partition("_before")
    plain = name.removesuffix("_ids").removesuffix("_id").removesuffix("_on").replace("_", " ")
    return _("%(what)s, before", what=_(plain)) if before else _(plain)


def worded(key: str, value: Any, names: Mapping[UUID, str], *, title: Callable[[str], str]) -> str:  # noqa: ANN401 (whatever JSON holds)
    """Return a value as people read it."""
    if isinstance(value, list):
        return ", ".join(worded(key, one, names, title=title) for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    known = read_id(value)
    if known is not None:
        return names.get(known, str(known))
    if key in {"item", "items"}:
        return title(value)
    return format_day(day) if (day := read_iso_day(value)) else f"{value}"


def read_iso_day(value: object) -> date | None:
    """Return a day written as 2027-01-13, or None where it is none."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 and value[4] == "-" else None
    except ValueError:
        return None
