"""The audit log as a chain: how an entry is written down, how it holds on to the one before it, and what breaks it."""

import hashlib
import ipaddress
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from enum import Enum, StrEnum
from typing import Any, Self
from uuid import UUID

from training.domain.language import N_

FIRST_PREVIOUS = "0" * 64
ALL_GONE = "There are no entries, and setting up an organisation leaves one: all of them were taken out."


class Actor(StrEnum):
    """Who acts: a person who is signed in, the operator at the command line, the service by itself, or a link."""

    PERSON = "person"
    OPERATOR = "operator"
    SERVICE = "service"
    LINK = "link"


class Subject(StrEnum):
    """What an act is about."""

    PERSON = "person"
    ORGANISATION = "organisation"
    SITE = "site"
    JOB_TITLE = "job title"
    REQUIREMENT = "requirement"
    TRAINING = "training"
    IMPORT = "import"
    REPORT = "report"
    PACK = "pack"
    SCHEDULE = "schedule"
    KEY = "key"
    TABLET = "shared tablet"


class Act(StrEnum):
    """Every administrative act, in the words that pages and files show, and what it is about."""

    subject: Subject
    is_reading: bool

    def __new__(cls, words: str, subject: Subject, is_reading: bool = False) -> Self:
        """Make an act; one that only reads, or has reading done for oneself, may be an auditor's."""
        act = str.__new__(cls, words)
        act._value_ = words
        act.subject = subject
        act.is_reading = is_reading
        return act

    PERSON_ADDED = N_("person added"), Subject.PERSON
    LINK_MADE = N_("one-time link made"), Subject.PERSON
    LINK_WITHDRAWN = N_("one-time link withdrawn"), Subject.PERSON
    JOB_ADDED = N_("job added"), Subject.PERSON
    JOB_CHANGED = N_("job changed"), Subject.PERSON
    JOB_ENDED = N_("job ended"), Subject.PERSON
    JOB_CORRECTED = N_("first day of a job put right"), Subject.PERSON
    LEAVE_RECORDED = N_("leave recorded"), Subject.PERSON
    LEAVE_CHANGED = N_("leave changed"), Subject.PERSON
    LEAVE_WITHDRAWN = N_("leave withdrawn"), Subject.PERSON
    EXEMPTION_RECORDED = N_("exemption recorded"), Subject.PERSON
    EXEMPTION_ENDED = N_("last day of an exemption changed"), Subject.PERSON
    EXEMPTION_WITHDRAWN = N_("exemption withdrawn"), Subject.PERSON
    PASS_REVOKED = N_("pass revoked"), Subject.PERSON
    WORK_CARRIED_IN = N_("work from a saved file taken in"), Subject.PERSON
    PERMISSION_GIVEN = N_("permission given"), Subject.PERSON
    PERMISSION_TAKEN = N_("permission taken"), Subject.PERSON
    MESSAGE_AGAIN = N_("message tried again"), Subject.PERSON
    PERSON_REFERENCE_CHANGED = N_("reference of a person changed"), Subject.PERSON
    PIN_CLEARED = N_("PIN cleared"), Subject.PERSON
    ORGANISATION_SET_UP = N_("organisation set up"), Subject.ORGANISATION
    ORGANISATION_RENAMED = N_("organisation renamed"), Subject.ORGANISATION
    LONG_LEAVE_CHANGED = N_("long leave changed"), Subject.ORGANISATION
    MESSAGES_CHANGED = N_("settings of messages changed"), Subject.ORGANISATION
    REMINDERS_APPROVED = N_("reminders approved"), Subject.ORGANISATION
    ASC_WDS_CHANGED = N_("ASC-WDS file changed"), Subject.ORGANISATION
    ESR_MAPPING_SAVED = N_("ESR mapping saved"), Subject.ORGANISATION
    ESR_MAPPING_REMOVED = N_("ESR mapping removed"), Subject.ORGANISATION
    SITE_ADDED = N_("site added"), Subject.SITE
    SITE_REFERENCE_CHANGED = N_("reference of a site changed"), Subject.SITE
    TITLE_ADDED = N_("job title added"), Subject.JOB_TITLE
    REQUIREMENT_ADDED = N_("requirement added"), Subject.REQUIREMENT
    REQUIREMENT_CHANGED = N_("requirement changed"), Subject.REQUIREMENT
    REQUIREMENT_ENDED = N_("requirement ended"), Subject.REQUIREMENT
    VERSION_DECIDED = N_("new version decided"), Subject.TRAINING
    SIGNED_OFF = N_("content signed off"), Subject.TRAINING
    SIGN_OFF_WITHDRAWN = N_("sign-off withdrawn"), Subject.TRAINING
    PEOPLE_IMPORTED = N_("people imported"), Subject.IMPORT
    PASSES_IMPORTED = N_("past training imported"), Subject.IMPORT
    IMPORT_UNDONE = N_("import undone"), Subject.IMPORT
    REPORT_EXPORTED = N_("report exported"), Subject.REPORT, True
    REPORT_ORDERED = N_("scheduled report ordered"), Subject.SCHEDULE
    PACK_MADE = N_("inspector pack made"), Subject.PACK, True
    PACK_LINK_MADE = N_("link to a pack made"), Subject.PACK
    PACK_LINK_WITHDRAWN = N_("link to a pack withdrawn"), Subject.PACK
    PACK_OPENED = N_("pack opened by its link"), Subject.PACK, True
    SCHEDULE_MADE = N_("schedule of a report made"), Subject.SCHEDULE, True
    SCHEDULE_CHANGED = N_("schedule of a report changed"), Subject.SCHEDULE, True
    SCHEDULE_STOPPED = N_("schedule of a report stopped"), Subject.SCHEDULE, True
    KEY_MADE = N_("report key made"), Subject.KEY
    KEY_WITHDRAWN = N_("report key withdrawn"), Subject.KEY
    TABLET_MADE = N_("shared tablet made"), Subject.TABLET
    TABLET_ENDED = N_("shared tablet ended"), Subject.TABLET


class DetailRefused(TypeError):
    """The detail cannot be kept because a value in it would not read back as it was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One act as it stands in the chain; `hash` is that of everything else, the hash before it included."""

    organisation_id: int
    number: int
    recorded_at: datetime
    actor_kind: str
    actor_id: UUID | None
    act: str
    subject_kind: str
    subject_id: UUID | None
    client: str
    detail: Mapping[str, Any]
    previous_hash: str = ""
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends, as it was noted apart from the entries: how many there are, and the hash of the last."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far a chain was followed, the last hash that held, and in words where it first broke, if it did."""

    number: int
    hash: str
    broken: str = ""


def plain(value: object) -> Any:  # noqa: ANN401 (whatever JSON holds)
    """Return a value of a detail as JSON reads it back: ids and days as text.

    A fraction has no place in it, as no two machines need write it alike.

    Raises:
        DetailRefused: for anything else.
    """
    match value:
        case Enum():
            return plain(value.value)
        case None | str() | bool() | int():
            return value
        case UUID():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): plain(one) for key, one in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(one) for one in (sorted(value, key=str) if isinstance(value, set | frozenset) else value)]
    raise DetailRefused(f"{type(value).__name__} has no place in an entry of the audit log")


def canonical(entry: Entry) -> str:
    """Write all of an entry but its hash in the one way: JSON in ASCII, keys sorted, no spaces, instants in UTC."""
    known = {field.name: plain(getattr(entry, field.name)) for field in fields(entry) if field.name != "hash"}
    return json.dumps(known, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def hash_of(entry: Entry) -> str:
    """Return the SHA-256 of an entry's canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(entry).encode("ascii")).hexdigest()


def link(entry: Entry, *, previous_hash: str) -> Entry:
    """Return the entry as it follows the one with that hash."""
    following = replace(entry, previous_hash=previous_hash)
    return replace(following, hash=hash_of(following))


def verify(entries: Iterable[Entry], *, head: Head | None, expected: str = "", has_begun: bool = False) -> Verdict:
    """Follow a chain from its first entry, in the order of numbers, to the head noted apart; stop where it breaks.

    `expected` is a hash that somebody wrote down earlier: the chain must come by it. Without it, nobody can tell a
    chain that was written anew as a whole, its head included, from the one that was there, or one whose end was cut
    off with its head mended. `has_begun` says that something is there that cannot be without an entry.
    """
    last, is_expected_met = Head(0, FIRST_PREVIOUS), not expected
    try:
        for entry in entries:
            words = what_breaks(entry, after=last)
            if words:
                return Verdict(last.number, last.hash, words)
            last = Head(entry.number, entry.hash)
            is_expected_met = is_expected_met or entry.hash == expected
    except (ValueError, TypeError):
        words = f"An entry after {last.number} is not as it was written: what stands in it cannot be read."
        return Verdict(last.number, last.hash, words)
    words = what_is_missing(last, head=head)
    if not words and has_begun and not last.number:
        words = ALL_GONE
    if not words and not is_expected_met:
        words = f"No entry has the hash {expected}: the log was written anew since that was noted, or it is another's."
    return Verdict(last.number, last.hash, words)


def what_breaks(entry: Entry, *, after: Head) -> str:
    """Say what is wrong with an entry that follows another, or nothing."""
    due = after.number + 1
    if entry.number != due:
        gone = f"Entry {due} is" if entry.number == due + 1 else f"Entries {due} to {entry.number - 1} are"
        return f"{gone} missing: after {after.number} comes {entry.number}."
    if entry.hash != hash_of(entry):
        return f"Entry {entry.number} is not as it was written: what stands in it does not give its hash."
    if entry.previous_hash != after.hash:
        what = "was not the first" if due == 1 else f"does not follow entry {after.number}"
        return f"Entry {entry.number} {what}: an entry was put in, taken out, moved or written anew there."
    return ""


def what_is_missing(last: Head, *, head: Head | None) -> str:
    """Say how the end of a chain differs from the head noted apart, or nothing."""
    noted = head or Head(0, FIRST_PREVIOUS)
    if last.number < noted.number:
        return f"The last entries are missing: {noted.number} were written, and the log ends with {last.number}."
    if last.number > noted.number:
        return f"Entry {noted.number + 1} was put in at the end: only {noted.number} were written by the service."
    if last.number and last.hash != noted.hash:
        return f"Entry {last.number} is not the one that was written last: it has another hash than was noted."
    return ""


def network_of(address: str) -> str:
    """Return the network that an address belongs to, which tells an office from elsewhere and no machine from another.

    That is the first 24 bits of an IPv4 address and the first 48 of an IPv6 address.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0].strip())
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    bits = 24 if found.version == 4 else 48
    return str(ipaddress.ip_network((found, bits), strict=False))
