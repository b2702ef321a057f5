"""The summary of a pack is read by somebody in a hurry: all that matters stands on its first page, in plain words."""

import io
from datetime import timedelta

from pypdf import PdfReader

from tests.conftest import NOW
from tests.factories import learn, make_person
from tests.services.packing import make_pack
from training.services import organisations, pack_summary

LATER = NOW + timedelta(days=60)


def pages_of(pack) -> list[str]:
    reader = PdfReader(io.BytesIO(pack.files["summary.pdf"]))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def two_late_sites(database, catalog, home, *, names):
    """At each site somebody who has passed one thing of theirs, and somebody who has passed nothing."""
    for number, name in enumerate(names):
        site_id = organisations.add_site(database, viewer=home.viewer, name=name, now=NOW)
        job = {"now": NOW, "site_id": site_id}
        people = [make_person(database, home, **job) for _ in range(2)]
        for person in people[: 1 if number else 2]:
            learn(database, person, catalog=catalog, now=NOW)


def test_the_first_page_says_how_it_stands_what_is_late_and_what_is_worst(database, catalog, home):
    two_late_sites(database, catalog, home, names=("Alder", "Birch"))
    first, *others = pages_of(make_pack(database, home.viewer, as_at=LATER.date(), known_at=LATER))
    assert "4 people on file, 4 of them counted. 0 of these 4 hold everything that is asked of them" in first
    assert "4 people have training that is expired or overdue" in first
    assert "Lowest sites: Birch, 16.6 % (1 of 6); Alder, 33.3 % (2 of 6)." in first
    assert "Lowest training: " in first
    assert "0 reminders of training went out" in first
    assert "manifest.json: every file with its SHA-256" in first
    assert "By site" not in first
    assert "By site" in " ".join(others)


def test_of_very_many_sites_the_lowest_have_a_row_and_the_workbook_has_all(database, catalog, home, monkeypatch):
    monkeypatch.setattr(pack_summary, "MOST_SITES", 1)
    two_late_sites(database, catalog, home, names=("Alder", "Birch"))
    second = pages_of(make_pack(database, home.viewer, as_at=LATER.date(), known_at=LATER))[1]
    assert "The 1 lowest of 3 sites stand here; the workbook has all of them." in second
    assert "Birch" in second
    assert "Alder" not in second


def test_where_nobody_is_counted_no_percentage_is_made_up(database, home):
    first = pages_of(make_pack(database, home.viewer, as_at=LATER.date(), known_at=LATER))[0]
    assert "0 people on file. Nobody is counted on this day, so there is no percentage." in first
    assert "Lowest" not in first
