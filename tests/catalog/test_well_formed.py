"""Converting sound YAML in one go gives what the strict reader gives, and leaves every doubt to it."""

import gc

import pytest
from sample_content import module_text

from training.catalog import strict_yaml
from training.catalog.faults import Faults
from training.catalog.front_matter import ModuleFront, read_document
from training.catalog.pausing import collector_paused
from training.catalog.strict_yaml import parse_yaml
from training.catalog.well_formed import read_well

CHANGES = [
    {"minutes": minutes}
    for minutes in (
        "5",
        "05",
        "0x5",
        "5_0",
        '"5"',
        "5.0",
        "true",
        "",
        "null",
        "9",
        "+5",
        "1:30",
        "[5]",
        "99999999999999",
    )
]
CHANGES += [
    {"written_on": day}
    for day in ("2026-1-2", "2026-02-30", '"2026-11-22"', "2026-11-22 10:00:00", "22.11.2026", "2026", "~")
]
CHANGES += [{"material": flag} for flag in ("true", "yes", "on", "TRUE", '"true"', "1", "False", "n")]
CHANGES += [
    {"title": words} for words in ("12", "2026-11-22", "no", '"  two   words "', '""', "null", "{a: b}", ">\n  a\n  b")
]
CHANGES += [
    {"sources": "{mar: {title: R, publisher: P, url: https://example.org, checked_on: 2026-11-22, more: x}}"},
    {"sources": "{mar: {title: R, title: S, publisher: P, url: https://example.org, checked_on: 2026-11-22}}"},
    {"sources": "{Mar: {title: R, publisher: P, url: https://example.org, checked_on: 2026-11-22}}"},
    {"sources": "{1: {title: R, publisher: P, url: https://example.org, checked_on: 2026-11-22}}"},
    {"sources": "{[a]: b}"},
    {"clinical_signoff": "{who: Dr Ada, on: 2026-11-22}"},
    {"clinical_signoff": "null"},
    {"outcomes": "[Say, 12]"},
    {"roles": "[social-care, nobody]"},
    {"surplus": "x"},
    {"version": "1.0"},
    {"outcomes": None},
]


def reading(text: str) -> tuple:
    faults = Faults("sample.md")
    document = read_document(text, ModuleFront, faults)
    return document, faults.found


@pytest.mark.parametrize("changes", CHANGES, ids=str)
def test_reading_in_one_go_and_reading_strictly_come_to_the_same(monkeypatch, changes):
    text = module_text(**changes)
    in_one_go = reading(text)
    monkeypatch.setattr(strict_yaml, "read_well", lambda *_: None)
    assert in_one_go == reading(text)


def test_sound_front_matter_is_read_in_one_go():
    head = module_text().split("---\n")[1]
    assert read_well(parse_yaml(head, Faults("sample.md")), ModuleFront).title == "Spotting side effects"


def test_the_collector_rests_for_a_while_and_goes_back_to_what_it_did():
    assert gc.isenabled()
    with collector_paused():
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_the_collector_goes_back_to_work_after_a_failure():
    with pytest.raises(ZeroDivisionError), collector_paused():
        raise ZeroDivisionError
    assert gc.isenabled()
