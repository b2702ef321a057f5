"""The words of an e-mail, from its templates: a subject, plain text and HTML."""

from datetime import date
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from training.domain import language
from training.domain.days import format_day
from training.domain.language import _
from training.domain.mail import DigestMail, EndedMail, FileMail, Mail, ReminderMail, Words
from training.domain.names import tidy_text
from training.domain.numbers import number_words

BODIES = {
    ReminderMail: "emails/reminder/body.html",
    DigestMail: "emails/digest/body.html",
    FileMail: "emails/report/body.html",
    EndedMail: "emails/ended/body.html",
}


def render(mail: Mail) -> Words:
    """Return the words of an e-mail, in the language that is spoken.

    Nothing about anybody's work stands in its subject or in its first sentences.
    """
    html = BODIES[type(mail)]
    folder = html.rpartition("/")[0]
    return Words(
        subject=tidy_text(filled(f"{folder}/subject.txt", mail)),
        text=filled(f"{folder}/body.txt", mail),
        html=filled(html, mail),
    )


def filled(template: str, mail: Mail) -> str:
    """Return a template with the data of an e-mail in it."""
    return environment().get_template(template).render(mail=mail)


@cache
def environment() -> Environment:
    """Return what templates of e-mails know: HTML is escaped, and a typo fails."""
    made = Environment(
        loader=PackageLoader("training"),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"], default_for_string=False),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.add_extension("jinja2.ext.i18n")
    made.install_gettext_callables(language._, language.form_for, newstyle=True)
    made.filters.update(day=format_day, due=due, thousands=number_words)
    made.globals["speech"] = language.current
    return made


def due(by: date, written_on: date) -> str:
    """Say by when, as seen from the day of writing."""
    if by < written_on:
        return _("It was due by %(day)s.", day=format_day(by))
    return _("By today, %(day)s.", day=format_day(by)) if by == written_on else _("By %(day)s.", day=format_day(by))
