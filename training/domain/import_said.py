"""What a plan of an import says of a row: kept in English, said again in the language that is spoken.

A plan is made once and read by whoever looks at it, so its words stay English there. Here are the sentences that it can
be made of; what is in other words stays as it is.
"""

import re
from functools import lru_cache

from training.domain import language
from training.domain.days import format_day, read_day
from training.domain.language import N_, _

PLACES = {"number": r"\d+", "day": r"\d{1,2} [A-Z][a-z]{2} \d{4}", "what": "name|job title|site"}
DAYS = {"until", "given", "since"}
# Sentences that may follow another; a name that holds the same words is only read as one where the rest fits too.
FOLLOWING = re.compile(r"(?<=\.) (?=Name becomes |E-mail address becomes |They also work at other sites)")

SENTENCES = (
    N_("As it is."),
    N_("As it is. The file says from %(day)s, the record from %(since)s: left as it is."),
    N_("They have no job here now, and the file's last day is %(day)s: left alone."),
    N_("They are not known here, and the file's last day is %(day)s: left alone."),
    N_("Not in the file. Last day %(day)s: %(name)s."),
    N_("Last day %(day)s: %(name)s."),
    N_("From %(day)s %(name)s; until then %(before)s."),
    N_("New job: %(name)s, from %(day)s until %(until)s."),
    N_("New job: %(name)s, from %(day)s."),
    N_("New here: %(name)s, from %(day)s until %(until)s."),
    N_("New here: %(name)s, from %(day)s."),
    N_("Name becomes %(name)s; it was %(before)s."),
    N_("E-mail address becomes %(name)s."),
    N_("They also work at other sites, so their name and e-mail address are left as they are."),
    N_("They have other jobs here, so it is not clear which of them this row changes."),
    N_("The file ends a job that they do not have. End theirs on their own page."),
    N_("This row changes a job and ends it as well. Import the change first, then the last day."),
    N_("You manage other sites. Leave this row to a manager of the whole organisation."),
    N_("This number belongs to somebody at other sites. Ask a manager of the whole organisation."),
    N_("Somebody else here has this address."),
    N_("Enter a %(what)s."),
    N_("There is no site called %(name)s. Did you mean %(near)s? Mend it in the file, or have it made."),
    N_("There is no site called %(name)s. Mend it in the file, or have it made."),
    N_("There is no job title called %(name)s. Did you mean %(near)s? Mend it in the file, or have it made."),
    N_("There is no job title called %(name)s. Mend it in the file, or have it made."),
    N_("Row %(number)s is about the same person and has a fault."),
    N_("Row %(number)s has the same staff number and another name."),
    N_("Row %(number)s says the same job again."),
    N_("Row %(number)s gives the same address to somebody else."),
    N_("Somebody here has the staff number %(name)s. If it is the same person, write it just so, as text."),
    N_("Somebody here has the staff number %(name)s. If it is they, write it just so."),
    N_("Another row has %(name)s. If it is the same person, write both alike, as text."),
    N_("Nobody here has this staff number. Import people first."),
    N_("This person works at other sites. Ask a manager of the whole organisation."),
    N_("No training here is called %(name)s. Say which one is meant, or mend it in the file."),
    N_("%(name)s, passed on %(day)s. In date until %(until)s by our rule (%(rule)s)."),
    N_("%(name)s, passed on %(day)s. Expiry given %(given)s; our rule gives %(until)s (%(rule)s)."),
    N_("%(name)s, passed on %(day)s. Expiry given %(given)s; our rule gives no expiry (%(rule)s)."),
    N_("%(name)s, passed on %(day)s, expiry given %(given)s. No requirement asks for it, so our rule gives no expiry."),
    N_("%(name)s, passed on %(day)s. No requirement asks for it, so our rule gives no expiry."),
    N_("%(name)s: A pass on %(day)s is on record already."),
)


def said_row(words: str) -> str:
    """Return what was kept of a row in the language that is spoken, or as it is where it is not known again."""
    code = language.current().code
    return words if code == language.ENGLISH.code or not words else _said(words, code)


@lru_cache(maxsize=4096)
def _said(words: str, _code: str) -> str:
    parts = [_sentence(part) for part in FOLLOWING.split(words)]
    # Sentences without anything to put in, such as those of a cell, need no pattern.
    return " ".join(parts) if all(parts) else _sentence(words) or _(words)


def _sentence(words: str) -> str:
    """Return one sentence in the language that is spoken, or nothing where it is not known."""
    for sentence, pattern in _patterns():
        if found := pattern.fullmatch(words):
            values = {name: _value(name, value) for name, value in found.groupdict().items()}
            return _(sentence, **values)
    return ""


def _value(name: str, value: str) -> str:
    if name == "day" or name in DAYS:
        return format_day(read_day(value))
    return _(value) if name == "what" else value


@lru_cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    def place(found: re.Match[str]) -> str:
        name = found[1]
        return f"(?P<{name}>{PLACES['day'] if name in DAYS else PLACES.get(name, '.+')})"

    return tuple((each, re.compile(re.sub(r"%\\\((\w+)\\\)s", place, re.escape(each)))) for each in SENTENCES)
