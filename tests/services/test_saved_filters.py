"""Filters that people keep: their own alone, and what is asked is asked anew."""

from dataclasses import replace

import pytest

from tests.conftest import NOW
from tests.factories import make_person
from training.domain.names import NameRefused
from training.services import saved_filters
from training.services.organisations import AlreadyThere, NotFound

ASKED = {"status": "overdue", "search": "=cmd|' /C calc'!A0"}


def save(database, viewer, name="Late", **changed):
    wanted = {"page": "people", "asked": ASKED} | changed
    return saved_filters.save_filter(database, viewer=viewer, name=name, now=NOW, **wanted)


def names(database, viewer):
    return [each.name for each in saved_filters.list_filters(database, viewer=viewer)]


def test_a_filter_is_kept_as_it_was_asked_and_found_by_name(database, home):
    save(database, home.viewer, "Zoë’s late ones")
    kept = save(database, home.viewer, "  All\tof them ", asked={})
    assert names(database, home.viewer) == ["All of them", "Zoë’s late ones"]
    found = saved_filters.find_filter(database, viewer=home.viewer, filter_id=kept)
    assert (found.page, found.asked) == ("people", {})
    assert saved_filters.list_filters(database, viewer=home.viewer)[1].asked == ASKED


def test_nobody_sees_opens_or_removes_anothers(database, home, neighbour):
    kept = save(database, home.viewer)
    colleague = replace(make_person(database, home, now=NOW), manages_all=True)
    for other in (colleague, neighbour.viewer):
        assert names(database, other) == []
        for act in (saved_filters.find_filter, saved_filters.remove_filter):
            with pytest.raises(NotFound):
                act(database, viewer=other, filter_id=kept)
    save(database, colleague)
    assert names(database, home.viewer) == ["Late"]


def test_one_that_is_removed_is_gone(database, home):
    saved_filters.remove_filter(database, viewer=home.viewer, filter_id=save(database, home.viewer))
    assert names(database, home.viewer) == []


def test_a_name_is_given_once_and_must_be_one(database, home, monkeypatch):
    save(database, home.viewer)
    with pytest.raises(AlreadyThere, match="Late"):
        save(database, home.viewer)
    for name in ("", " ", "x" * 61):
        with pytest.raises(NameRefused):
            save(database, home.viewer, name)
    monkeypatch.setattr(saved_filters, "MOST", 1)
    with pytest.raises(NameRefused, match="Remove one"):
        save(database, home.viewer, "Another")
    assert names(database, home.viewer) == ["Late"]
