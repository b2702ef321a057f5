"""A standing in a few words: the status and the day that goes with it."""

from datetime import date

import pytest

from training.domain.days import Span
from training.domain.need import Exemption
from training.domain.standing import Standing
from training.domain.standing_words import short_words

DAY = date(2026, 7, 1)
NEEDED = {"on_file": Span(date(2026, 1, 1)), "need_begins_on": date(2026, 1, 1)}
PASSED = {**NEEDED, "in_date_in_need": True, "last_passed_on": date(2026, 1, 14)}


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        ({**PASSED, "valid_until": date(2027, 1, 13)}, "Up to date until 13 Jan 2027"),
        ({**PASSED, "never_expires": True}, "Up to date"),
        (
            {**PASSED, "valid_until": date(2026, 8, 1), "window_opens_on": date(2026, 6, 1)},
            "Expiring soon until 1 Aug 2026",
        ),
        ({**NEEDED, "first_due_on": date(2026, 7, 31)}, "Not yet due until 31 Jul 2026"),
        (NEEDED, "Not yet due"),
        ({**NEEDED, "first_due_on": date(2026, 6, 30)}, "Overdue since 1 Jul 2026"),
        ({**PASSED, "valid_until": date(2026, 6, 1), "first_due_on": date(2026, 1, 31)}, "Expired since 2 Jun 2026"),
        ({**PASSED, "valid_until": date(2026, 5, 1), "grace_until": date(2026, 6, 29)}, "Expired since 30 Jun 2026"),
        ({**NEEDED, "on_leave": Span(date(2026, 6, 1))}, "On leave"),
        ({**NEEDED, "on_leave": Span(date(2026, 6, 1), date(2026, 9, 1))}, "On leave until 1 Sep 2026"),
        ({**NEEDED, "exemption": Exemption(Span(date(2026, 6, 1), DAY), "Jo", "why")}, "Exempt until 1 Jul 2026"),
        ({"on_file": Span(date(2026, 1, 1)), "last_passed_on": date(2026, 1, 1)}, "Held"),
        ({"on_file": Span(date(2026, 1, 1))}, "Not needed"),
    ],
)
def test_a_standing_is_said_with_the_day_that_goes_with_it(standing, words):
    assert short_words(Standing(**standing), DAY) == words
