"""What a requirement asks, in the words of the manager who reads or changes it."""

from collections.abc import Sequence

from training.domain.days import MONTHS
from training.domain.language import N_, _, ngettext
from training.domain.numbers import number_words
from training.domain.requirement import Basis, Reach, Terms, months_of
from training.domain.roles import Role

CHOICES = {
    Reach.FROM_NOW_ON: N_("From now on only"),
    Reach.AT_NEXT_RENEWAL: N_("At next renewal"),
    Reach.EVERYONE_AGAIN: N_("Everyone again by a date"),
}


def terms_in_words(terms: Terms, *, due_days: int) -> tuple[str, ...]:
    """Say when it is first due, how long a pass lasts, and from when a renewal counts, a sentence each."""
    return tuple(sentence for sentence in (_first_due(due_days), _lasts(terms), _renewal(terms)) if sentence)


def audience_in_words(roles: Sequence[Role], *, job_titles: Sequence[str] = (), sites: Sequence[str] = ()) -> str:
    """Say who must hold it; no titles or sites named are all of them."""
    words = _either([role.label for role in Role if role in roles])
    if job_titles:
        words = _("%(roles)s, with the job title %(titles)s", roles=words, titles=_either(job_titles))
    if sites:
        words = _("%(people)s, at %(sites)s", people=words, sites=_either(sites))
    return words


def _first_due(due_days: int) -> str:
    if due_days == 0:
        return _("First due on the day the need begins.")
    return ngettext(
        "First due %(number)s day after the need begins.",
        "First due %(number)s days after the need begins.",
        due_days,
        number=number_words(due_days),
    )


def _lasts(terms: Terms) -> str:
    if terms.valid_months is None:
        return _("A pass does not expire.")
    window = terms.window_days
    if terms.basis is Basis.FIXED_DATE:
        return ngettext(
            "A pass can be renewed in its last %(number)s day.",
            "A pass can be renewed in its last %(number)s days.",
            window,
            number=number_words(window),
        )
    return ngettext(
        "A pass lasts %(months)s and can be renewed in its last %(number)s day.",
        "A pass lasts %(months)s and can be renewed in its last %(number)s days.",
        window,
        months=months_of(terms.valid_months),
        number=number_words(window),
    )


def _renewal(terms: Terms) -> str:
    if terms.valid_months is None:
        return ""
    if terms.basis is Basis.COMPLETION:
        return _("A renewal always counts from the day of the pass.")
    if terms.basis is Basis.ANNIVERSARY:
        return _("A renewal in that time runs on from the old date, so no days are lost.")
    leap_day = (terms.fixed_month, terms.fixed_day) == (2, 29)
    day = _("the end of February") if leap_day else f"{terms.fixed_day} {_(MONTHS[terms.fixed_month - 1])}"
    least = months_of(terms.minimum_months)
    return _("Everyone renews by %(day)s each year, and a first pass lasts at least %(months)s.", day=day, months=least)


def _either(words: Sequence[str]) -> str:
    if len(words) == 1:
        return words[0]
    return _("%(some)s or %(last)s", some=", ".join(words[:-1]), last=words[-1])
