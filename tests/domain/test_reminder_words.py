"""A run that stops is put to a manager in numbers."""

from datetime import date

import pytest

from training.domain.reminder_run import Flood, Limit
from training.domain.reminder_words import flood_question

DUE = date(2027, 1, 13)


@pytest.mark.parametrize(
    ("limit", "agreed", "expected"),
    [
        (Limit.MANY_PEOPLE, None, "more than 200 people. Nothing is sent until you approve it."),
        (
            Limit.MOST_OF_THEM,
            250,
            "more than half of the organisation. Nothing is sent until you approve it. "
            "A run of 250 was approved for that day.",
        ),
    ],
)
def test_a_flood_is_put_to_a_manager_as_a_question_with_numbers(limit, agreed, expected):
    asked = Flood(day=DUE, people=1300, on_file=2000, limit=limit, agreed=agreed)
    assert flood_question(asked) == (f"Reminders on 13 Jan 2027 would go to 1,300 people of 2,000 on file, {expected}")
