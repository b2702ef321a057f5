"""A pack's manifest is one text for the same pack, and its files have names that any machine can unpack."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.domain.pack import About, Sealed, Written, cover_note, file_name, full_instant, manifest, notes_of
from training.domain.rule_version import RuleVersion

KNOWN_AT = datetime(2026, 3, 2, 10, 0, 0, 123, tzinfo=UTC)
ABOUT = About(
    organisation="Home",
    covers="the whole organisation",
    as_at=date(2026, 3, 1),
    known_at=KNOWN_AT,
    is_forecast=False,
    rule_version=RuleVersion("1a2b3c4d", None),
    made_with="stomp-training 0.1.0",
)
FILES = [Written("b.txt", "second", 1, "22"), Written("a.txt", "first", 2, "11")]


def test_the_manifest_names_the_files_in_order_of_name_however_they_were_written():
    assert manifest(ABOUT, FILES) == manifest(ABOUT, FILES[::-1])
    said = json.loads(manifest(ABOUT, FILES))
    assert [one["name"] for one in said["files"]] == ["a.txt", "b.txt"]
    assert said["rules"] == {"version": "1a2b3c4d", "changed_on": None}


def test_an_instant_is_written_so_that_it_can_be_asked_for_again():
    elsewhere = KNOWN_AT.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert full_instant(elsewhere) == full_instant(KNOWN_AT) == "2026-03-02T10:00:00.000123+00:00"
    assert datetime.fromisoformat(full_instant(elsewhere)) == KNOWN_AT


@pytest.mark.parametrize(
    ("erased", "words"),
    [
        (0, ()),
        (1, ("1 person has been erased: the figures count them, and no file names them.",)),
        (1200, ("1,200 people have been erased: the figures count them, and no file names them.",)),
    ],
)
def test_people_erased_are_counted_in_words(erased, words):
    about = replace(ABOUT, erased=erased)
    assert notes_of(about) == words
    assert json.loads(manifest(about, []))["people_erased"] == erased
    sealed = Sealed("Ann", KNOWN_AT, "ff" * 32)
    assert all(word in cover_note(about, sealed, when="2 Mar 2026 at 10:00 GMT").decode() for word in words)


def test_the_cover_note_says_who_when_and_the_hash_and_nothing_of_it_stands_in_the_manifest():
    note = cover_note(ABOUT, Sealed("Ann Øst", KNOWN_AT, "ff" * 32), when="2 Mar 2026 at 10:00 GMT").decode()
    assert "Made on 2 Mar 2026 at 10:00 GMT by Ann Øst." in note
    assert "ff" * 32 in note
    assert "As known at: 2026-03-02T10:00:00.000123+00:00" in note
    assert "Ann" not in manifest(ABOUT, FILES).decode()
    assert note.count("\n") == note.count("\r\n")


@pytest.mark.parametrize(
    ("typed", "safe"),
    [
        (("Marta O’Leary", "basics", "1P8XY"), "Marta-O-Leary-basics-1P8XY"),
        (("../../etc/passwd", "x"), "etc-passwd-x"),
        (("=cmd|'/C calc'!A0", "x"), "cmd-C-calc-A0-x"),
        (("محمد عبد الله", "x"), "محمد-عبد-الله-x"),
        (("😀", "x"), "x"),
        (("con:\\*?", "x"), "con-x"),
        (("a\u202eb\x00c", "x"), "abc-x"),
        (("N" * 255, "x"), "N" * 80 + "-x"),
    ],
)
def test_a_file_name_keeps_letters_and_digits_of_any_script_alone(typed, safe):
    assert file_name(*typed) == safe


@given(st.text(max_size=300))
def test_no_name_makes_a_file_name_that_leads_elsewhere_or_is_too_long(typed):
    name = file_name(typed, "1P8XY")
    assert name.endswith("1P8XY")
    assert not set(name) & set('/\\:*?"<>|. \0')
    assert len(name.encode()) <= 86


ALL = replace(
    ABOUT,
    organisation="Ann Øst’s",
    is_forecast=True,
    rule_version=RuleVersion("1a2b3c4d", date(2026, 1, 1)),
    notes=("A note of 2.",),
    erased=1,
)


def test_the_manifest_stands_as_it_does_letter_for_letter():
    assert (
        manifest(ALL, FILES[:1]).decode("utf-8")
        == """{
  "what": "Inspector pack",
  "format": 1,
  "organisation": "Ann Øst’s",
  "covers": "the whole organisation",
  "as_at": "2026-03-01",
  "forecast": true,
  "known_at": "2026-03-02T10:00:00.000123+00:00",
  "rules": {
    "version": "1a2b3c4d",
    "changed_on": "2026-01-01"
  },
  "made_with": "stomp-training 0.1.0",
  "people_erased": 1,
  "notes": [
    "A note of 2.",
    "1 person has been erased: the figures count them, and no file names them."
  ],
  "files": [
    {
      "name": "b.txt",
      "what": "second",
      "bytes": 1,
      "sha256": "22"
    }
  ]
}
"""
    )


NOTE = """Inspector pack of Ann Øst’s
Covers: the whole organisation
As at: 1 Mar 2026 (forecast)
As known at: 2026-03-02T10:00:00.000123+00:00

Made on 2 Mar 2026 at 10:00 GMT by Ann.

SHA-256 of manifest.json:
ffff

How to check it: manifest.json lists every other file with its SHA-256.
Work out the SHA-256 of a file and compare:
  Windows (PowerShell):  Get-FileHash summary.pdf -Algorithm SHA256
  Mac:                   shasum -a 256 summary.pdf
  Linux:                 sha256sum summary.pdf

How to have the same again: ask for a pack with the day and the instant above, the instant whole.
Every file then has the same SHA-256, and so has manifest.json, whoever asks and whenever.
Names of people, sites, job titles and requirements are as they are when a pack is made: one that
was changed since changes the files that show it. So does another version of this software.
This note alone says who made the pack and when, and is not in manifest.json.

Notes:
- A note of 2.
- 1 person has been erased: the figures count them, and no file names them.
"""


def test_the_cover_note_stands_as_it_does_letter_for_letter():
    sealed = Sealed("Ann", KNOWN_AT, "ffff")
    said = cover_note(ALL, sealed, when="2 Mar 2026 at 10:00 GMT").decode("utf-8")
    assert said == NOTE.replace("\n", "\r\n")
    bare = cover_note(replace(ALL, is_forecast=False, notes=(), erased=0), sealed, when="2 Mar 2026 at 10:00 GMT")
    expected = NOTE.replace(" (forecast)", "").partition("\nNotes:")[0].replace("\n", "\r\n")
    assert bare.decode("utf-8") == expected


def test_a_name_with_half_a_character_breaks_no_pack():
    half = replace(ALL, organisation="Ann \ud800")
    assert b"Ann ?" in manifest(half, [])
    assert b"Ann ?" in cover_note(half, Sealed("Ann", KNOWN_AT, "ffff"), when="now")
