"""What a requirement asks, in the words of the manager who reads or changes it."""

from collections.abc import Sequence

from training.domain.days import MONTHS, count_of
from training.domain.requirement import Basis, Reach, Terms
from training.domain.roles import Role

CHOICES = {
    Reach.FROM_NOW_ON: "From now on only",
    Reach.AT_NEXT_RENEWAL: "At next renewal",
    Reach.EVERYONE_AGAIN: "Everyone again by a date",
}


def terms_in_words(terms: Terms, *, due_days: int) -> tuple[str, ...]:
    """Say when it is first due, how long a pass lasts, and from when a renewal counts, a sentence each."""
    return tuple(sentence for sentence in (_first_due(due_days), _lasts(terms), _renewal(terms)) if sentence)


def audience_in_words(roles: Sequence[Role], *, job_titles: Sequence[str] = (), sites: Sequence[str] = ()) -> str:
    """Say who must hold it; no titles or sites named are all of them."""
    words = _either([role.label for role in Role if role in roles])
    if job_titles:
        words += f", with the job title {_either(job_titles)}"
    if sites:
        words += f", at {_either(sites)}"
    return words


def _first_due(due_days: int) -> str:
    if due_days == 0:
        return "First due on the day the need begins."
    return f"First due {count_of(due_days, 'day')} after the need begins."


def _lasts(terms: Terms) -> str:
    if terms.valid_months is None:
        return "A pass does not expire."
    if terms.basis is Basis.FIXED_DATE:
        return f"A pass can be renewed in its last {count_of(terms.window_days, 'day')}."
    lasts = count_of(terms.valid_months, "month")
    return f"A pass lasts {lasts} and can be renewed in its last {count_of(terms.window_days, 'day')}."


def _renewal(terms: Terms) -> str:
    if terms.valid_months is None:
        return ""
    if terms.basis is Basis.COMPLETION:
        return "A renewal always counts from the day of the pass."
    if terms.basis is Basis.ANNIVERSARY:
        return "A renewal in that time runs on from the old date, so no days are lost."
    leap_day = (terms.fixed_month, terms.fixed_day) == (2, 29)
    day = "the end of February" if leap_day else f"{terms.fixed_day} {MONTHS[terms.fixed_month - 1]}"
    return f"Everyone renews by {day} each year, and a first pass lasts at least {_months(terms.minimum_months)}."


def _months(number: int) -> str:
    return count_of(number, "month")


def _either(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
