"""Reasons that are worked out and kept in English, said again in the language that is spoken.

A reason is kept with a standing, a draft or a completion for whoever reads it, so its words stay English there. Here is
every clause that one can be made of; what is not made of them, as what people wrote themselves, is said as it is.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from training.domain import language
from training.domain.days import MONTHS, format_day, read_day
from training.domain.language import N_, _, ngettext

DAY, COUNT = r"\d{1,2} [A-Z][a-z]{2} \d{4}", r"[\d,]+"
PLACES = {"count": COUNT, "why": ".+", "title": ".+"}
FIXED = rf"the first (?P<on>end of February|\d{{1,2}} [A-Z][a-z]{{2}}) at least (?P<count>{COUNT}) months? on"

SENTENCES = (
    N_("A refresher is owed: in date until %(until)s, and the window to renew opened on %(day)s."),
    N_("A refresher is owed: in date until %(until)s, and a refresher is enough until %(day)s."),
    N_("The full module is owed: not passed yet."),
    N_("The whole story is owed: not passed yet."),
    N_("The whole story is owed: in date until %(until)s, and a story has no parts to ask on their own."),
    N_("The full module is owed: in date until %(until)s, and no version of it was passed here."),
    N_("The full module is owed: in date until %(until)s, and a refresher was enough until %(day)s."),
    N_("The full module is owed: in date until %(until)s, and %(count)s tries since %(day)s did not pass."),
    N_("The full module is owed: “%(title)s” asks nothing in this role, so there is nothing to refresh."),
    N_("Nothing is owed: no organisation asks for it."),
    N_("Nothing is owed: no employment covers this day."),
    N_("Nothing is owed: the present role does not need it."),
    N_("Nothing is owed: on leave."),
    N_("Nothing is owed: on leave until %(until)s."),
    N_("Nothing is owed: exempt."),
    N_("Nothing is owed: exempt until %(until)s."),
    N_("Nothing is owed: it does not expire."),
    N_("Nothing is owed: in date until %(until)s, and the window to renew opens on %(day)s."),
    N_("This is one of a few questions from across the module."),
    N_("revoked with the pass that it rested on"),
    N_("revoked: %(why)s"),
    N_("no organisation asks for it to be renewed"),
)
CLAUSES = (
    N_("passed on %(day)s"),
    N_("renewed late on %(day)s (it was in date until %(until)s)"),
    N_("renewed on %(day)s"),
    N_("before the window opened"),
    N_("and it does not expire"),
    N_("so it runs to %(fixed)s"),
    N_("so it counts from the day of the pass"),
    N_("renewed early on %(day)s"),
    N_("renewed on its last day, %(day)s"),
    N_("so it runs on from %(day)s"),
    N_("so it runs on from %(day)s to %(fixed)s"),
    N_("so it runs on from there"),
    N_("so it runs on from there to %(fixed)s"),
    N_("as imported, from a pass on %(day)s"),
    N_("passed again on %(day)s, which moved nothing because the pass on %(until)s already gave this date"),
    N_("everyone passes again, and earlier passes count no later than %(day)s"),
    N_("that was the training which this one replaced"),
    N_("when the need began"),
    N_("after the exemption"),
    N_("after leave until %(until)s"),
    N_("after exemption until %(until)s"),
    N_("after leave and exemption until %(until)s"),
    N_("this is a safety question"),
    N_("you had this wrong on %(day)s"),
    N_("this is new since you passed"),
    N_("this has changed since you passed"),
    N_("its card has changed since you passed"),
)
COUNTED: dict[str, Callable[[int, str], str]] = {
    "and it lasts %(count)s months?": lambda count, _day: ngettext(
        "and it lasts %(count)s month", "and it lasts %(count)s months", count
    ),
    "%(count)s days? from %(day)s": lambda count, day: ngettext(
        "%(count)s day from %(day)s", "%(count)s days from %(day)s", count, day=day
    ),
    "moved on by %(count)s days? of leave": lambda count, _day: ngettext(
        "moved on by %(count)s day of leave", "moved on by %(count)s days of leave", count
    ),
}
ENDS = r"(?P<end>, |; | and |$)"


def said(reason: str) -> str:
    """Return a reason in the language that is spoken; one that is in other words than ours stays as it is."""
    code = language.current().code
    return reason if code == language.ENGLISH.code else _said(reason, code)


def said_sentence(reason: str) -> str:
    """Return a reason as a sentence of its own."""
    words = said(reason)
    return f"{words[:1].upper()}{words[1:]}."


def until_words(until: date | None) -> str:
    """Say until when a pass counts."""
    return _("In date until %(until)s", until=format_day(until)) if until else _("Does not expire")


@lru_cache(maxsize=8192)
def _said(reason: str, _code: str) -> str:
    for words, pattern in _patterns(SENTENCES, end="$"):
        if found := pattern.match(reason):
            return _(words, **_values(found))
    if reason.endswith("."):
        return said_sentence(_clauses(reason[:1].lower() + reason[1:-1]) or reason[:-1])
    return _clauses(reason) or reason


def _clauses(reason: str) -> str:
    """Return clauses in the language that is spoken, or nothing where one of them is not known."""
    parts, at = [], 0
    while at < len(reason):
        part, end, at = _clause(reason, at)
        if not part:
            return ""
        parts += [part, _(" and ") if end == " and " else end]
    return "".join(parts)


def _clause(reason: str, at: int) -> tuple[str, str, int]:
    for words, pattern in _patterns(CLAUSES, end=ENDS):
        if found := pattern.match(reason, at):
            return _(words, **_values(found)), found["end"], found.end()
    for words, say in COUNTED.items():
        if found := _pattern(words, ENDS).match(reason, at):
            values = _values(found)
            return say(int(values["count"].replace(",", "")), values.get("day", "")), found["end"], found.end()
    return "", "", at


def _values(found: re.Match[str]) -> dict[str, str]:
    given = {name: value for name, value in found.groupdict().items() if name not in {"end", "on"}}
    if "fixed" in given:
        given = {**given, "fixed": _fixed(given["fixed"])}
        given.pop("count")
    return {name: format_day(read_day(value)) if name in {"day", "until"} else value for name, value in given.items()}


def _fixed(words: str) -> str:
    found = re.fullmatch(FIXED, words)
    count, (day, *month) = int(found["count"].replace(",", "")), found["on"].split(" ")
    if day == "end":
        return ngettext(
            "the first end of February at least %(count)s month on",
            "the first end of February at least %(count)s months on",
            count,
        )
    return ngettext(
        "the first %(day)s at least %(count)s month on",
        "the first %(day)s at least %(count)s months on",
        count,
        day=f"{day} {_(MONTHS[MONTHS.index(month[0])])}",
    )


@lru_cache
def _patterns(every: tuple[str, ...], *, end: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (words, _pattern(re.escape(words).replace(r"%\(", "%(").replace(r"\)s", ")s"), end)) for words in every
    )


@lru_cache
def _pattern(words: str, end: str) -> re.Pattern[str]:
    def place(found: re.Match[str]) -> str:
        name = found[1]
        return f"(?P<{name}>{FIXED if name == 'fixed' else PLACES.get(name, DAY)})"

    return re.compile(re.sub(r"%\((\w+)\)s", place, words) + end)
