"""Entries of the audit log in words: what changed, with names for the ids that still have one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from training.domain.audit import Entry, Subject
from training.domain.audit_values import SAID
from training.domain.days import format_day
from training.domain.language import N_, _
from training.domain.report_schedule import Recurrence, Rhythm

# What is meant for the chain and says nothing to a reader.
UNTOLD = frozenset({"content_hash", "signoff_id", "message_id", "decision_id", "completion_id", "mapping_id"})
# What is told already by what an entry is about.
SAID_BY_SUBJECT = {
    Subject.TRAINING: {"item"},
    Subject.IMPORT: {"kind"},
    Subject.REPORT: {"report"},
    Subject.SCHEDULE: {"report", "form"},
}
LABELS = {
    "starts_on": N_("from"),
    "starts_on_before": N_("from, before"),
    "ends_on": N_("until"),
    "ends_on_before": N_("until, before"),
    "item": N_("training"),
    "items": N_("training"),
    "kind": N_("as"),
    "manager_id": N_("manager"),
    "again_by": N_("again by"),
    "reach": N_("reaches"),
    "rhythm": N_("made"),
    "job-title": N_("job title"),
    "act": N_("act"),
    "search": N_("a name was searched for"),
    "within": N_("within so many days"),
    "link_id": N_("link made"),
    "manifest_hash": N_("hash of the manifest"),
    "is_own": N_("reference of its own"),
    "is_renumbered": N_("staff number changed"),
    "delivered_by": N_("code of who delivers it"),
    "reminders_on": N_("messages are sent"),
    "quiet_from": N_("first quiet hour"),
    "quiet_until": N_("first hour after the quiet"),
    "digest_weekday": N_("day of the weekly digest"),
    "create": N_("rows that added something"),
    "change": N_("rows that changed something"),
    "differs": N_("rows added with another expiry"),
    "leaves": N_("people who left"),
    "fault": N_("wrong rows, left out"),
}
# What values are called whose keys say it in English, one by one for those who translate.
CALLED = (
    *(N_("as at"), N_("attempts"), N_("content hash"), N_("day"), N_("days"), N_("downloaded"), N_("edition")),
    *(N_("form"), N_("from outside"), N_("known at"), N_("layout"), N_("left out"), N_("mapping"), N_("name")),
    *(N_("on day"), N_("passed"), N_("people"), N_("person"), N_("reference"), N_("report"), N_("role")),
    *(N_("roles"), N_("rows"), N_("site"), N_("status"), N_("version"), N_("why"), N_("with effect")),
    *(N_("added"), N_("changed"), N_("same"), N_("accredited"), N_("provider"), N_("organisation"), N_("subject")),
    *(N_("now"), N_("retire")),
)


def plainly(text: str) -> str:
    """Return a text as it is."""
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known beside an entry: the names that ids have, the titles of training and reports, and the time zone."""

    names: Mapping[UUID, str] = field(default_factory=dict)
    title: Callable[[str], str] = plainly
    reports: Mapping[str, str] = field(default_factory=dict)
    time_zone: str = "UTC"


def read_id(text: object) -> UUID | None:
    """Return an id, or None where the text is none."""
    try:
        return UUID(text) if isinstance(text, str) and len(text) == 36 else None
    except ValueError:
        return None


def ids_of(entry: Entry) -> Iterator[UUID]:
    """Yield every id in an entry that may have a name."""
    yield from (one for one in (entry.actor_id, entry.subject_id) if one is not None)
    yield from ids_in(entry.detail)


def ids_asked(entry: Entry) -> Iterator[UUID]:
    """Yield every id that somebody only asked for: anybody may ask for anything."""
    yield from ids_in({key: value for key, value in entry.detail.items() if key.endswith("_asked")})


def ids_in(detail: Mapping[str, Any]) -> Iterator[UUID]:
    """Yield every id in the details of an entry that may have a name."""
    for key, value in detail.items():
        if key not in UNTOLD:
            several = value if isinstance(value, list) else [value]
            yield from (found for found in map(read_id, several) if found is not None)


def detail_words(entry: Entry, known: Known) -> tuple[str, ...]:
    """Return what an entry tells beside who, whom and when: one short text for each value."""
    untold = UNTOLD | SAID_BY_SUBJECT.get(entry.subject_kind, set())
    told = {key: value for key, value in entry.detail.items() if key not in untold and value not in (None, [], "")}
    if (rhythm := rhythm_words(told)) is not None:
        told = {key: rhythm if key == "rhythm" else value for key, value in told.items() if key != "on_day"}
    return tuple(f"{label(key)}: {worded(key, value, known)}" for key, value in told.items())


def rhythm_words(detail: Mapping[str, Any]) -> str | None:
    """Say on which days a report is made, where a detail holds that."""
    try:
        return Recurrence(Rhythm(detail["rhythm"]), detail["on_day"]).words
    except (KeyError, ValueError):
        return None


def bare(key: str) -> str:
    """Return what a key is of: `site_id_before` and `site_asked` are of a site."""
    return key.partition("_before")[0].removesuffix("_asked")


def label(key: str) -> str:
    """Return what a value is called: `job_title_id_before` is `job title, before`."""
    if key in LABELS:
        return _(LABELS[key])
    name = bare(key)
    plain = LABELS.get(name) or name.removesuffix("_ids").removesuffix("_id").removesuffix("_on").replace("_", " ")
    return _("%(what)s, before", what=_(plain)) if "_before" in key else _(plain)


def worded(key: str, value: Any, known: Known) -> str:  # noqa: ANN401 (whatever JSON holds)
    """Return a value as people read it."""
    name = bare(key)
    if isinstance(value, list):
        return str(len(value)) if name == "attempts" else ", ".join(worded(key, one, known) for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if (found := read_id(value)) is not None:
        return known.names.get(found, str(found))
    if name in {"item", "items"}:
        return known.title(value)
    if name == "report":
        return known.reports.get(value, str(value))
    if name in SAID:
        return SAID[name](value)
    return when_words(value, time_zone=known.time_zone) or f"{value}"


def when_words(value: object, *, time_zone: str) -> str:
    """Return a day, or an instant as a clock of the time zone shows it, in words; or nothing where it is neither."""
    if (day := read_iso_day(value)) is not None:
        return format_day(day)
    return instant_words(instant, time_zone=time_zone) if (instant := read_iso_instant(value)) is not None else ""


def instant_words(instant: datetime, *, time_zone: str) -> str:
    """Return an instant in words, as a clock of a time zone shows it."""
    local = instant.astimezone(ZoneInfo(time_zone))
    return f"{format_day(local.date())}, {local:%H:%M}"


def read_iso_instant(value: object) -> datetime | None:
    """Return an instant written as 2027-01-13T09:30:00+00:00, or None where it is none."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) and value[10:11] == "T" else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def read_iso_day(value: object) -> date | None:
    """Return a day written as 2027-01-13, or None where it is none."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 and value[4] == "-" else None
    except ValueError:
        return None
