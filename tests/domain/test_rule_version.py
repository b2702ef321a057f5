"""The short name of the rules in force on a day, and the day on which they changed last."""

from dataclasses import replace
from datetime import date

import pytest

from training.domain.days import Span
from training.domain.person_record import ContentChange, House
from training.domain.requirement import Audience, Requirement, Terms, Version
from training.domain.roles import Role
from training.domain.rule_version import RuleVersion, last_change, rule_version

DAY = date(2026, 6, 1)
CARERS = Audience(frozenset({Role.SOCIAL_CARE, Role.FAMILY_CARER}), sites=frozenset({"alder", "birch"}))
FIRST = Version(
    days=Span(date(2026, 1, 1), date(2026, 5, 31)), items=("stomp",), audience=CARERS, terms=Terms(36), due_days=30
)
SECOND = replace(FIRST, days=Span(DAY), terms=Terms(12))
AGAIN = ContentChange("stomp", date(2026, 12, 31), DAY, frozenset({"old", "older"}))


def house(*versions, changes=(), key="r", **more):
    return House({key: Requirement("r", "Basics", versions)}, changes=tuple(changes), **more)


def code(house, day=DAY):
    return rule_version(house, day).code


def test_the_same_rules_have_the_same_name_for_ever():
    assert code(house(FIRST, SECOND, changes=[AGAIN])) == "ac556291"
    assert code(House({})) == "38e54236"


@pytest.mark.parametrize(
    "other",
    [
        house(replace(SECOND, terms=Terms(24))),
        house(replace(SECOND, items=("stamp",))),
        house(replace(SECOND, due_days=31)),
        house(replace(SECOND, audience=replace(CARERS, sites=frozenset({"alder"})))),
        house(SECOND, key="other"),
        house(SECOND, changes=[AGAIN]),
        house(SECOND, long_leave_days=29),
        House({}),
    ],
)
def test_any_other_rule_gives_another_name(other):
    assert code(other) != code(house(SECOND))


def test_only_what_is_in_force_or_announced_on_the_day_counts():
    assert code(house(FIRST, SECOND)) == code(house(SECOND))
    assert code(house(FIRST, SECOND), date(2026, 5, 31)) == code(house(FIRST), date(2026, 5, 31)) != code(house(SECOND))
    later = replace(AGAIN, announced_on=date(2026, 6, 2))
    assert code(house(SECOND, changes=[later])) == code(house(SECOND))
    assert code(house(SECOND, changes=[later]), date(2026, 6, 2)) != code(house(SECOND), date(2026, 6, 2))


def test_the_order_in_which_rules_are_read_changes_no_name():
    other = replace(AGAIN, item="stamp")
    sooner = replace(AGAIN, again_by=date(2026, 11, 30))
    changes = [AGAIN, other, sooner]
    assert code(house(SECOND, changes=changes)) == code(house(SECOND, changes=changes[::-1]))
    one, two = Requirement("a", "A", (FIRST,)), Requirement("b", "B", (SECOND,))
    assert code(House({"a": one, "b": two})) == code(House({"b": two, "a": one}))


@pytest.mark.parametrize(
    ("day", "changed_on"),
    [
        ("2025-12-31", None),
        ("2026-01-01", "2026-01-01"),
        ("2026-05-31", "2026-01-01"),
        ("2026-06-01", "2026-06-01"),
        ("2026-07-31", "2026-06-01"),
    ],
)
def test_the_last_change_is_the_first_day_of_a_version_or_the_day_after_its_last(day, changed_on):
    expected = changed_on and date.fromisoformat(changed_on)
    assert last_change(house(FIRST), date.fromisoformat(day)) == expected
    assert last_change(house(SECOND, FIRST), date.fromisoformat(day)) == expected


def test_announcing_that_everyone_passes_again_is_a_change():
    announced = replace(AGAIN, announced_on=date(2026, 6, 9))
    assert last_change(house(SECOND, changes=[announced]), date(2026, 6, 8)) == DAY
    assert rule_version(house(SECOND, changes=[announced]), date(2026, 6, 9)).changed_on == date(2026, 6, 9)


def test_a_version_is_told_with_its_day():
    assert RuleVersion("abc", DAY).words == "abc, last changed on 1 Jun 2026"
    assert RuleVersion("abc", None).words == "abc, no rules"
