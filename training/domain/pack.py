"""The inspector pack as data: what it says of itself, what each file in it is, its manifest and its cover note."""

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from training.domain.days import format_day
from training.domain.names import tidy_text
from training.domain.rule_version import RuleVersion

MANIFEST, COVER_NOTE = "manifest.json", "cover-note.txt"
FORMAT = 1
# More than this many certificates are read by nobody, and take the best part of an hour to print.
MOST_CERTIFICATES = 5_000
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a pack says of itself: equal whenever the same is asked again, whoever asks.

    `erased` counts people on file whose name has been cut since. `made_with` is the version of this software.
    """

    organisation: str
    covers: str
    as_at: date
    known_at: datetime
    is_forecast: bool
    rule_version: RuleVersion
    made_with: str
    erased: int = 0
    notes: tuple[str, ...] = ()

    @property
    def known_words(self) -> str:
        """The instant of knowledge whole, as it is asked for again."""
        return full_instant(self.known_at)

    @property
    def folder(self) -> str:
        """What the pack's file is called, without its ending."""
        return f"inspector-pack-{self.as_at.isoformat()}"


@dataclass(frozen=True, slots=True)
class Written:
    """A file as it stands in a pack: its name, what it is, how long, and the SHA-256 of its bytes."""

    name: str
    says: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """Who made a pack and when, which stands in its cover note alone, and the SHA-256 of its manifest."""

    made_by: str
    made_at: datetime
    manifest_hash: str


def full_instant(instant: datetime) -> str:
    """Write an instant in UTC to the last digit, so that it can be asked for again."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def manifest(about: About, files: Sequence[Written]) -> bytes:
    """Return the manifest: what the pack is about, and every file in it with its SHA-256, in the order of names."""
    known = {
        "what": "Inspector pack",
        "format": FORMAT,
        "organisation": about.organisation,
        "covers": about.covers,
        "as_at": about.as_at.isoformat(),
        "forecast": about.is_forecast,
        "known_at": about.known_words,
        "rules": {
            "version": about.rule_version.code,
            "changed_on": about.rule_version.changed_on.isoformat() if about.rule_version.changed_on else None,
        },
        "made_with": about.made_with,
        "people_erased": about.erased,
        "notes": list(notes_of(about)),
        "files": [
            {"name": one.name, "what": one.says, "bytes": one.size, "sha256": one.sha256}
            for one in sorted(files, key=lambda one: one.name)
        ],
    }
    return (json.dumps(known, ensure_ascii=False, indent=2) + "\n").encode("utf-8", errors="replace")


def notes_of(about: About) -> tuple[str, ...]:
    """Return what a reader must know of a pack, with how many people have been erased."""
    if not about.erased:
        return about.notes
    who = "1 person has" if about.erased == 1 else f"{about.erased:,} people have"
    return (*about.notes, f"{who} been erased: the figures count them, and no file names them.")


def cover_note(about: About, sealed: Sealed, *, when: str) -> bytes:
    """Return the note that says who made a pack and when, how to check it, and how to have the same again."""
    lines = [
        f"Inspector pack of {about.organisation}",
        f"Covers: {about.covers}",
        f"As at: {format_day(about.as_at)}" + (" (forecast)" if about.is_forecast else ""),
        f"As known at: {about.known_words}",
        "",
        f"Made on {when} by {sealed.made_by}.",
        "",
        f"SHA-256 of {MANIFEST}:",
        sealed.manifest_hash,
        "",
        f"How to check it: {MANIFEST} lists every other file with its SHA-256.",
        "Work out the SHA-256 of a file and compare:",
        "  Windows (PowerShell):  Get-FileHash summary.pdf -Algorithm SHA256",
        "  Mac:                   shasum -a 256 summary.pdf",
        "  Linux:                 sha256sum summary.pdf",
        "",
        "How to have the same again: ask for a pack with the day and the instant above, the instant whole.",
        f"Every file then has the same SHA-256, and so has {MANIFEST}, whoever asks and whenever.",
        "Names of people, sites, job titles and requirements are as they are when a pack is made: one that",
        "was changed since changes the files that show it. So does another version of this software.",
        f"This note alone says who made the pack and when, and is not in {MANIFEST}.",
    ]
    return ("\r\n".join([*lines, *_notes(about)]) + "\r\n").encode("utf-8", errors="replace")


def _notes(about: About) -> list[str]:
    return ["", "Notes:", *(f"- {note}" for note in notes_of(about))] if notes_of(about) else []


def file_name(*parts: str) -> str:
    """Return a file name made of texts in any script: letters and digits alone, so that any machine can unpack it."""
    return "-".join(word for word in map(_safe, parts) if word)


def _safe(text: str) -> str:
    kept = (one if unicodedata.category(one)[0] in "LMN" else "-" for one in tidy_text(text))
    words = "-".join("".join(kept).split("-")).strip("-")
    while "--" in words:
        words = words.replace("--", "-")
    return _short(words)


def _short(words: str) -> str:
    whole = words.encode("utf-8")[:LONGEST_NAME].decode("utf-8", errors="ignore")
    return whole.strip("-")
