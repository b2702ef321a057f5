"""Notes for reviewers: the figures of `content stats`, worked out once, and never those of another text."""

import os
from datetime import date, timedelta

import pytest

from tests.catalog.sample_content import SCENARIO_BODY, module_text, scenario_text, write
from tests.web.content import EVERY_KIND, write_content
from training.catalog.hints import hints_for
from training.catalog.library import load_catalog
from training.catalog.notes import Grade, Notebook
from training.catalog.stats import stats_of
from training.domain.roles import Role

TODAY = date(2026, 11, 22)
LATER = TODAY + timedelta(days=400)


@pytest.fixture
def folder(tmp_path):
    return write_content(tmp_path / "content")


@pytest.fixture
def catalog(folder):
    return load_catalog(folder)


def test_grades_and_hints_are_those_that_authors_see(folder, catalog):
    notebook = Notebook(folder)
    for item in catalog.items():
        notes = notebook.notes_on(item, catalog=catalog, today=LATER)
        path = folder / f"{item.kind}s" / f"{item.slug}.md"
        rows = stats_of(path, glossary=catalog.glossary, today=LATER)
        assert [(one.role, one.grade) for one in notes.grades] == [(row.role, row.grade) for row in rows]
        assert list(notes.hints) == hints_for(path, glossary=catalog.glossary, today=LATER)
        assert any("review was due" in hint.message for hint in notes.hints)


def test_a_grade_over_its_target_says_so():
    assert Grade(Role.SOCIAL_CARE, 7.1, 7.0).is_over
    assert not Grade(Role.SOCIAL_CARE, 7.0, 7.0).is_over


def test_notes_are_made_once_for_a_catalogue_and_a_day(folder, catalog):
    notebook, item = Notebook(folder), catalog.item("every-kind")
    first = notebook.notes_on(item, catalog=catalog, today=TODAY)
    assert notebook.notes_on(item, catalog=catalog, today=TODAY) is first
    assert notebook.notes_on(item, catalog=catalog, today=LATER) is not first
    again = load_catalog(folder)
    late = notebook.notes_on(item, catalog=catalog, today=LATER)
    assert notebook.notes_on(again.item("every-kind"), catalog=again, today=LATER) is not late


def test_files_that_are_newer_than_the_catalogue_give_it_no_hints(folder, catalog):
    write(folder, module_text(EVERY_KIND, title="Every kind anew"), "modules/every-kind.md")
    os.unlink(folder / "modules" / "for-everyone.md")
    write(folder, scenario_text(SCENARIO_BODY, minutes="800"), "scenarios/the-story.md")
    notebook = Notebook(folder)
    for item in catalog.items():
        notes = notebook.notes_on(item, catalog=catalog, today=LATER)
        assert notes.hints == ()
        assert notes.grades
