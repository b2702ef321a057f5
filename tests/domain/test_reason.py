"""What is said beside the status: exemptions and leave that are on, ahead, or over."""

from datetime import date

from training.domain.days import Span
from training.domain.need import Exemption
from training.domain.reason import notes_for, reason_for
from training.domain.standing import Standing
from training.domain.status import Status

EXEMPT = Exemption(Span(date(2026, 3, 10), date(2026, 3, 20)), "Dr A.", "trained\nelsewhere.")
STANDING = Standing(exemption=EXEMPT, never_expires=True, valid_reason="it does not expire")


def said(day, status=Status.NOT_YET_DUE):
    return notes_for(STANDING, status, day=date(2026, 3, day))


def test_an_exemption_is_told_before_it_begins_and_while_it_lasts_and_no_longer():
    on = ("Exempt until 20 Mar 2026: trained elsewhere (agreed by Dr A).",)
    assert said(9) == ("Exempt from 10 Mar 2026 until 20 Mar 2026.",)
    assert said(10) == said(20) == on
    assert said(21) == ()


def test_an_exemption_that_is_the_status_is_not_told_again():
    assert said(10, Status.EXEMPT) == ("In date: it does not expire.",)
    assert said(10, Status.ON_LEAVE) == (
        "In date: it does not expire.",
        "Exempt until 20 Mar 2026: trained elsewhere (agreed by Dr A).",
    )


def test_without_a_day_to_be_due_it_says_what_was_passed():
    lapsed = Standing(valid_until=date(2026, 3, 1))
    assert reason_for(lapsed, Status.NOT_YET_DUE) == (
        "Not yet due: no day is set, and not passed since being in date until 1 Mar 2026."
    )
    assert reason_for(Standing(), Status.NOT_YET_DUE) == "Not yet due: no day is set, and not passed yet."
