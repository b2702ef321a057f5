"""The first due day where more than one leave or exemption is on record."""

from datetime import date

import pytest

from training.domain.days import Span
from training.domain.need import Exemption, Facts, due_again, first_due, need_on

BEGINS = Span(date(2026, 3, 1))


def span(from_, until):
    return Span(date.fromisoformat(from_), date.fromisoformat(until))


def facts(*, exempt=(), leaves=()):
    exemptions = tuple(Exemption(span(*days), "Dr A", "trained elsewhere") for days in exempt)
    away = tuple(span(*days) for days in leaves)
    return Facts(on_file=(BEGINS,), needs=(BEGINS,), due_days=30, leaves=away, exemptions=exemptions)


def due(known):
    found = first_due(known, BEGINS.from_, first_in_date_on=None, as_at=date(2026, 12, 1))
    return found.on, found.reason


@pytest.mark.parametrize("earlier", [[], [("2025-01-01", "2025-02-01")]])
def test_an_exemption_before_the_need_takes_nothing_from_a_later_one(earlier):
    known = facts(exempt=[*earlier, ("2026-03-10", "2026-03-20")])
    assert due(known) == (date(2026, 4, 20), "30 days from 21 Mar 2026, after the exemption")


@pytest.mark.parametrize("earlier", [[], [("2025-01-01", "2025-02-01")]])
def test_leave_before_the_need_takes_nothing_from_a_later_one(earlier):
    known = facts(leaves=[*earlier, ("2026-03-11", "2026-04-19")])
    assert due(known) == (
        date(2026, 5, 10),
        "30 days from 1 Mar 2026, when the need began, moved on by 40 days of leave",
    )


def test_nothing_is_due_again_where_nothing_was_paused():
    assert due_again(facts(), valid_until=date(2026, 4, 1), first_due_on=None, as_at=date(2026, 6, 1)) is None


def test_a_day_without_need_has_none():
    assert need_on(facts(), date(2026, 2, 28)) is None
    assert need_on(facts(), date(2026, 3, 1)) == BEGINS
