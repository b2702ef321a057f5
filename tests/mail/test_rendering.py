"""The words of e-mails: golden, valid as HTML, and silent where a lock screen shows them."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from justhtml import JustHTML

from training.domain.mail import (
    DigestCount,
    DigestLine,
    DigestList,
    DigestMail,
    EndedMail,
    FileMail,
    Mail,
    ReminderLine,
    ReminderMail,
)
from training.mail.rendering import render

GOLDEN = Path(__file__).parent.parent / "golden" / "emails"
# What a phone shows of a mail that was not opened, and some more.
PREVIEW = 140
REMINDER = ReminderMail(
    name="Amina O’Connell-Śmigielska",
    organisation_name="Hillside Supported Living",
    written_on=date(2027, 1, 13),
    lines=(
        ReminderLine(
            title="Spotting and recording side effects",
            act="Take the refresher: about 3 minutes.",
            by=date(2027, 1, 6),
            why="It lapsed on 6 Jan 2027: passed on 7 Jan 2026, and it lasts 12 months.",
        ),
        ReminderLine(
            title="What STOMP & STAMP mean",
            act="Take the module: about 6 minutes.",
            by=date(2027, 1, 13),
            why="Needed since 14 Dec 2026, when you began as a support worker.",
        ),
        ReminderLine(
            title="Before a medication review",
            act="Take the module: about 5 minutes.",
            by=date(2027, 2, 12),
            why="Your manager suggested it on 12 Jan 2027.",
            mandated=False,
        ),
    ),
    sign_in_url="https://training.example.org/sign-in",
    stop_url="https://training.example.org/stop/3f2a",
)
DIGEST = DigestMail(
    name="Marek Dąbrowski",
    organisation_name="Hillside Supported Living",
    place="Hillside House",
    written_on=date(2027, 1, 11),
    counts=(
        DigestCount(1, "person overdue"),
        DigestCount(1240, "people in date"),
        DigestCount(0, "mails that could not be delivered"),
    ),
    lists=(
        DigestList(
            heading="Overdue",
            lines=(
                DigestLine(
                    name="Zoë Adeyemi",
                    title="Spotting and recording side effects",
                    why="Lapsed on 6 Jan 2027: passed on 7 Jan 2026, and it lasts 12 months.",
                ),
            ),
            more=1200,
        ),
        DigestList(heading="Mail that could not be delivered", lines=()),
    ),
    overview_url="https://training.example.org/team",
    stop_url="https://training.example.org/stop/77b1",
)
MANDATED = replace(REMINDER, lines=REMINDER.lines[:1], stop_url="")
FILE = FileMail(
    name="Marek Dąbrowski",
    organisation_name="Hillside Supported Living",
    written_on=date(2027, 3, 1),
    title="Expired and missing, as at 1 Mar 2027, Excel",
    came_to="93.1 % compliant at your sites on 1 Mar 2027 (41 of 44): 2 expired, 1 overdue. 3 rows.",
    kept_until=date(2027, 3, 8),
    file_url="https://training.example.org/reports/files/5f0c",
    schedules_url="https://training.example.org/reports/schedules",
    shows="Hillside House; Prescriber",
)
NO_FILE = replace(
    FILE,
    shows="",
    title="Everybody, as at 1 Mar 2027, PDF",
    came_to="A PDF holds at most 5,000 rows, and this report has more.",
    kept_until=None,
    schedules_url="",
)
ENDED = EndedMail(
    name="Marek Dąbrowski",
    organisation_name="Hillside Supported Living",
    written_on=date(2027, 3, 1),
    title="Expired and missing",
    form="Excel",
    when="every Monday",
    why="It has ended by itself: you could not see anybody’s training any more.",
    home_url="https://training.example.org/home",
)
MAILS = {
    "reminder": REMINDER,
    "reminder_of_one_thing": MANDATED,
    "digest": DIGEST,
    "report": FILE,
    "report_that_failed": NO_FILE,
    "report_that_ended": ENDED,
}
HOSTILE = '<script>alert(1)</script> & "x" {{ 7 * 7 }}'


def shown(html: str) -> str:
    """Return the words of a mail's HTML as its reader sees them."""
    return " ".join(JustHTML(html, sanitize=False).root.query_one("body").to_text().split())


@pytest.mark.parametrize("name", MAILS)
def test_the_words_of_an_email_are_the_golden_ones(name):
    words = render(MAILS[name])
    assert f"Subject: {words.subject}\n\n{words.text}" == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    assert words.html == (GOLDEN / f"{name}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("mail", MAILS.values(), ids=MAILS)
def test_the_html_of_an_email_is_valid_and_loads_nothing(mail):
    document = JustHTML(render(mail).html, sanitize=False, collect_errors=True)
    assert document.errors == []
    assert not document.root.query("img, script, link, style, iframe")
    headings = [element.name for element in document.root.query("h1, h2, h3")]
    assert headings[0] == "h1"
    assert set(headings[1:]) == {"h2"}
    assert document.root.query_one("html").attrs["lang"] == "en-GB"
    assert {link.attrs["href"].partition(":")[0] for link in document.root.query("a")} == {"https"}


@pytest.mark.parametrize("mail", MAILS.values(), ids=MAILS)
def test_a_lock_screen_shows_nothing_of_anybodys_work(mail):
    words = render(mail)
    seen = [words.subject, " ".join(words.text.split())[:PREVIEW], shown(words.html)[:PREVIEW]]
    private = {mail.name, *mail.name.split(), mail.organisation_name}
    if isinstance(mail, ReminderMail):
        private |= {text for line in mail.lines for text in (line.title, line.act, line.why)}
    elif isinstance(mail, FileMail):
        private |= {mail.title, mail.came_to, *filter(None, [mail.shows]), "compliant", "Expired", "Everybody"}
    elif isinstance(mail, EndedMail):
        private |= {mail.title, mail.form, mail.when, mail.why}
    else:
        listed = [line for each in mail.lists for line in each.lines]
        private |= {mail.place} | {text for line in listed for text in (line.name, line.title, line.why)}
    for text in seen:
        assert not [word for word in private if word in text]
        assert not re.search(r"medic|side effect|stomp|stamp|psych|overdue", text, re.IGNORECASE)


@pytest.mark.parametrize("mail", MAILS.values(), ids=MAILS)
def test_plain_text_and_html_say_the_same(mail):
    words = render(mail)
    text = set(re.findall(r"[\w’-]{3,}", re.sub(r"https?://\S+", "", words.text)))
    assert text - set(re.findall(r"[\w’-]{3,}", shown(words.html))) == set()


def test_what_somebody_typed_stays_text():
    line = replace(REMINDER.lines[0], title=HOSTILE, act=HOSTILE, why=HOSTILE)
    words = render(replace(REMINDER, name=HOSTILE, organisation_name=HOSTILE, lines=(line,)))
    assert "<script" not in words.html
    assert shown(words.html).count(HOSTILE) == 6
    assert words.text.count(HOSTILE) == 6


def test_an_address_cannot_leave_its_attribute():
    html = render(replace(REMINDER, sign_in_url='https://x.example/"onclick="y')).html
    link = JustHTML(html, sanitize=False).root.query_one("a")
    assert set(link.attrs) == {"href", "style"}


@pytest.mark.parametrize(
    ("by", "words"),
    [
        (date(2027, 1, 12), "It was due by 12 Jan 2027."),
        (date(2027, 1, 13), "By today, 13 Jan 2027."),
        (date(2027, 1, 14), "By 14 Jan 2027."),
    ],
)
def test_the_day_it_is_due_is_neither_late_nor_far(by, words):
    rendered = render(replace(REMINDER, lines=(replace(REMINDER.lines[0], by=by),)))
    assert words in rendered.text
    assert words in shown(rendered.html)


def test_only_what_is_not_required_can_be_stopped():
    suggested = replace(REMINDER, lines=REMINDER.lines[2:])
    cannot, can = "cannot be stopped", "stop reminders of what is not required"
    for mail, expected in ((MANDATED, {cannot}), (suggested, {can}), (REMINDER, {cannot, can})):
        for text in (render(mail).text, shown(render(mail).html)):
            assert {words for words in (cannot, can) if words in text} == expected


def test_an_email_that_lacks_its_data_fails():
    class Without(ReminderMail):
        """Has no template."""

    mail: Mail = Without(name="", organisation_name="", written_on=date(2027, 1, 1), lines=(), sign_in_url="")
    with pytest.raises(KeyError):
        render(mail)
