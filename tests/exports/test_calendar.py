"""What a calendar takes in of a due day, in any script."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar, Component

from training.domain.names import tidy_text
from training.exports.calendar import DueDay, NotAnInstant, encode_calendar

DUE = DueDay(
    uid="3f2a@training.example.org",
    title="Spotting and recording side effects",
    description="Take the refresher.\nIn date until 13 Jan 2027; then it lapses, \\ or not.",
    day=date(2027, 1, 13),
    made_at=datetime(2026, 12, 1, 9, 30, tzinfo=timezone(timedelta(hours=1))),
    sequence=2,
    url="https://training.example.org/home",
)
GOLDEN = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//STOMP Training//Due days//EN
METHOD:PUBLISH
BEGIN:VEVENT
SUMMARY:Spotting and recording side effects
DTSTART;VALUE=DATE:20270113
DTEND;VALUE=DATE:20270114
DTSTAMP:20261201T083000Z
UID:3f2a@training.example.org
SEQUENCE:2
DESCRIPTION:Take the refresher.\\nIn date until 13 Jan 2027\\; then it lapse
 s\\, \\\\ or not.
TRANSP:TRANSPARENT
URL:https://training.example.org/home
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:Spotting and recording side effects
TRIGGER:-P6DT15H
END:VALARM
END:VEVENT
END:VCALENDAR
"""


def event(due: DueDay) -> Component:
    [found] = Calendar.from_ical(encode_calendar(due)).walk("VEVENT")
    return found


def test_a_due_day_is_the_golden_file_and_always_the_same():
    assert encode_calendar(DUE).decode() == GOLDEN.replace("\n", "\r\n")
    assert encode_calendar(DUE) == encode_calendar(DUE)


def test_the_event_lasts_all_day_and_blocks_nobodys_time():
    found = event(DUE)
    assert (found.decoded("dtstart"), found.decoded("dtend")) == (date(2027, 1, 13), date(2027, 1, 14))
    assert found["transp"] == "TRANSPARENT"


@pytest.mark.parametrize("day", [date(2028, 2, 29), date(2026, 12, 31), date(2027, 3, 28), date(2027, 10, 31)])
def test_the_day_after_a_month_end_or_a_clock_change_is_the_next_one(day):
    found = event(replace(DUE, day=day))
    assert (found.decoded("dtstart"), found.decoded("dtend")) == (day, day + timedelta(days=1))


def test_the_alarm_rings_seven_days_before_at_nine():
    [alarm] = event(DUE).walk("VALARM")
    rings = datetime.combine(DUE.day, datetime.min.time()) + alarm.decoded("trigger")
    assert rings == datetime(2027, 1, 6, 9, 0)  # noqa: DTZ001 - nine wherever the calendar is


@given(title=st.text(max_size=300), description=st.text(max_size=300))
@example(title="日本語" * 60, description="🧑🏽‍⚕️" * 40)
@example(title="a\r\nEND:VEVENT\r\nBEGIN:VEVENT", description="x\r\nATTENDEE:mailto:x@example.org")
@example(title='semi; comma, "quote" \\n back\\slash', description="\\\\n\\;\n,")
def test_text_of_any_script_comes_through_in_short_lines_and_adds_nothing(title, description):
    due = replace(DUE, title=title, description=description)
    content = encode_calendar(due)
    lines = content.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
    for line in lines:
        line.decode("utf-8")  # a character is never cut in two
    found = event(due)
    assert found["summary"] == tidy_text(title)
    assert found["description"] == "\n".join(tidy_text(line) for line in description.splitlines())
    assert set(found) == {
        "SUMMARY", "DESCRIPTION", "DTSTART", "DTEND", "DTSTAMP", "UID", "SEQUENCE", "TRANSP", "URL",
    }  # fmt: skip


def test_a_changed_day_keeps_its_uid_and_counts_on():
    moved = event(replace(DUE, day=date(2028, 1, 13), sequence=3))
    assert (moved["uid"], moved["sequence"]) == (DUE.uid, 3)


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(NotAnInstant):
        encode_calendar(replace(DUE, made_at=datetime(2027, 1, 1)))  # noqa: DTZ001


def test_an_event_without_an_address_has_none():
    assert "URL" not in event(replace(DUE, url="", made_at=datetime(2027, 1, 1, tzinfo=UTC)))
