"""What a report says of itself, and the name of the rules that it was made by."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from training.domain.compliance import Tally
from training.domain.days import Span, end_of_day
from training.domain.person_record import ContentChange, House
from training.domain.report import Column, Head, Kind, Report, StatusCell, Table, cell_words
from training.domain.requirement import Audience, Requirement, Terms, Version
from training.domain.roles import Role
from training.domain.rule_version import RuleVersion, rule_version
from training.domain.status import Status

LONDON = ZoneInfo("Europe/London")
DAY = date(2026, 7, 1)
HEAD = Head(
    title="Everybody",
    organisation="Home",
    covers="the whole organisation",
    as_at=DAY,
    rule_version=RuleVersion("0a1b2c3d", date(2026, 1, 5)),
)


def version(from_=date(2026, 1, 5), until=None, **changes):
    asked = {"items": ("a", "b"), "audience": Audience(frozenset(Role)), "terms": Terms(12), "due_days": 30}
    return Version(days=Span(from_, until), **(asked | changes))


def house(*versions, **changes):
    return House({"1": Requirement("1", "Core", versions)}, **changes)


def test_a_report_says_everything_of_itself_in_one_order():
    whole = replace(
        HEAD,
        is_forecast=True,
        known_at=end_of_day(date(2026, 6, 1), "Europe/London").astimezone(LONDON),
        shows=("Overdue", "First site"),
        percent="50.0 %",
        denominator="4 people on file = 4 counted.",
        counts=Tally(up_to_date=2, overdue=2),
        notes=("One.", "Two."),
        made_at=datetime(2026, 7, 1, 8, 30, tzinfo=UTC).astimezone(LONDON),
        made_by="Jo",
    )
    assert list(whole.said()) == [
        ("Report", "Everybody"),
        ("Organisation", "Home"),
        ("Covers", "the whole organisation"),
        ("As at", "1 Jul 2026 (forecast)"),
        ("As known at", "the end of 1 Jun 2026"),
        ("Shows", "Overdue; First site"),
        ("Compliant", "50.0 %"),
        ("Denominator", "4 people on file = 4 counted."),
        ("Note", "One."),
        ("Note", "Two."),
        ("Rules", "0a1b2c3d, last changed on 5 Jan 2026"),
        ("Made", "1 Jul 2026 at 09:30 BST by Jo"),
    ]


def test_what_is_not_known_or_not_asked_is_left_out():
    said = dict(HEAD.said())
    assert (said["As known at"], said["Shows"]) == ("now", "Everybody, all training")
    assert not {"Compliant", "Denominator", "Note", "Made"} & said.keys()
    at_noon = replace(HEAD, known_at=datetime(2026, 1, 1, 12, 5, tzinfo=LONDON))
    assert dict(at_noon.said())["As known at"] == "1 Jan 2026 at 12:05 GMT"


@pytest.mark.parametrize(
    ("cell", "kind", "said"),
    [
        (None, Kind.TEXT, ""),
        (None, Kind.PERCENT, "Nobody is counted"),
        (Decimal("99.9"), Kind.PERCENT, "99.9 %"),
        (date(2027, 1, 13), Kind.DAY, "13 Jan 2027"),
        (datetime(2027, 1, 13, 9, 5, tzinfo=LONDON), Kind.INSTANT, "13 Jan 2027 at 09:05 GMT"),
        (12345, Kind.NUMBER, "12,345"),
        (Decimal("1.5"), Kind.NUMBER, "1.5"),
        (StatusCell(Status.OVERDUE, "Overdue since 1 Jul 2026"), Kind.STATUS, "Overdue since 1 Jul 2026"),
        ("as typed", Kind.TEXT, "as typed"),
    ],
)
def test_each_kind_of_cell_has_its_words(cell, kind, said):
    assert cell_words(cell, kind) == said


def test_a_column_has_a_key_for_scripts():
    assert [column.key for column in (Column("In date until"), Column("Re-take"), Column("X", key="y"))] == [
        "in_date_until",
        "re_take",
        "y",
    ]


def test_a_form_that_holds_one_table_has_the_main_one_and_paper_those_that_are_printed():
    tables = tuple(Table(slug, slug.title(), (), ()) for slug in ("one", "two", "three"))
    plain = Report("r", HEAD, tables)
    assert (plain.main_table.slug, len(plain.printed_tables), plain.file_name) == ("one", 3, "r-2026-07-01")
    chosen = Report("r", HEAD, tables, main="three", printed=("one", "two"))
    assert chosen.main_table.slug == "three"
    assert [table.slug for table in chosen.printed_tables] == ["one", "two"]


def test_the_same_rules_have_the_same_name_and_any_other_rule_another():
    first = rule_version(house(version()), DAY)
    assert first == rule_version(house(version()), DAY)
    others = [
        house(version(due_days=31)),
        house(version(items=("a",))),
        house(version(terms=Terms(24))),
        house(version(audience=Audience(frozenset({Role.PRESCRIBER})))),
        house(version(), long_leave_days=30),
        house(version(), changes=(ContentChange("a", DAY, DAY, frozenset({"x"})),)),
        House({}),
    ]
    codes = [rule_version(other, DAY).code for other in others]
    assert len({first.code, *codes}) == len(others) + 1
    assert {len(code) for code in codes} == {8}


def test_what_is_not_in_force_on_the_day_is_no_part_of_the_name():
    later = version(date(2026, 9, 1), due_days=5)
    until = version(until=date(2026, 8, 31))
    assert rule_version(house(until, later), DAY).code == rule_version(house(until), DAY).code
    assert rule_version(house(until, later), date(2026, 9, 1)).code != rule_version(house(until, later), DAY).code


def test_the_rules_changed_last_when_one_began_or_ended():
    changing = house(version(until=date(2026, 3, 31)), version(date(2026, 4, 1)))
    assert rule_version(changing, date(2026, 3, 31)).changed_on == date(2026, 1, 5)
    assert rule_version(changing, DAY).changed_on == date(2026, 4, 1)
    ended = house(version(until=date(2026, 3, 31)))
    assert rule_version(ended, DAY).changed_on == date(2026, 4, 1)
    assert rule_version(House({}), DAY).words.endswith("no rules")
    announced = house(version(), changes=(ContentChange("a", DAY, date(2026, 6, 1), frozenset()),))
    assert rule_version(announced, DAY).changed_on == date(2026, 6, 1)
