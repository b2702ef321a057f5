"""The documents of a pack in plain words: why each track, and what becomes of a pass in time."""

from collections.abc import Iterator
from dataclasses import dataclass

from training.domain.days import format_day
from training.domain.paper import Paper, Section
from training.domain.report import Column, Kind, Row, Table
from training.services.organisations import ALWAYS
from training.services.pack_duties import (
    Duties,
    Duty,
    by_role,
    decision_words,
    numbers_words,
    reach_words,
    track_words,
)

Said = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Papers:
    """What every document of a pack has in common."""

    organisation: str
    said: Said

    def paper(self, title: str, *sections: Section) -> Paper:
        """Return a document of the pack."""
        return Paper(title, self.organisation, self.said, sections)


PSEUDONYMS = (
    "People who decided something stand here as the ids that the audit log knows them by. "
    "A manager can look an id up there."
)
EXPIRY = (
    "A period that starts on the 1st lasts to the end of a month; any other ends on the day before the same day of "
    "the month, or on that month's last day where there is no such day. The last day still counts.",
    "Where a requirement runs on from the old date, a pass inside the window loses no days. An extra pass never "
    "leaves anybody with an earlier date than without it.",
    "After expiry a pass counts from the day of the pass: being late is not punished twice.",
    "A pass that was made before a requirement existed counts by the requirement's first terms, and a period keeps "
    "the terms that were in force on the day of its pass.",
    "A pass that was revoked never counted, on any day, once that is known.",
    "Training brought from another system keeps the expiry that came with it.",
)
REFRESHERS = (
    "When a window opens, people take a refresher and not the whole module again: the questions that nobody may "
    "pass without, what they got wrong before, and what was changed since the version that they passed.",
    "After two failed refreshers in one renewal the whole module is due.",
    "A refresher is enough until a year after expiry; later, and after an import without a version of ours, the "
    "whole module is due.",
)
LEAVE = (
    "Long leave and exemptions never lengthen a pass. What ran out meanwhile is due again some days after they end.",
    "An exemption is a recorded decision about one person and one piece of training. It never counts as training.",
)
REMINDERS = (
    "People are reminded when a need begins or a window opens, 30 and 7 days before the last day, on that day, and "
    "then every week for four weeks. Steps that lie before the need are left out.",
    "Nobody is reminded on long leave or while exempt, of what their present role does not need, or of an import.",
    "Nobody is sent more than one message a day. Managers are sent one summary a week.",
)


def why_each_track(papers: Papers, duties: Duties) -> Paper:
    """Return what is asked of each role, since when, and the decision behind it."""
    return papers.paper(
        "Why each track",
        Section("What is asked of each role", words=(PSEUDONYMS,), tables=(roles_table(duties),)),
        Section("The decision behind each requirement"),
        *(decision_section(one) for one in duties.asked),
        Section("New versions of training", **versions_section(duties)),
        Section("The role of each job title", tables=(titles_table(duties),)),
    )


def roles_table(duties: Duties) -> Table:
    """Return a row for each role and each requirement that means it."""
    columns = (Column("Role"), Column("Requirement"), Column("Training"), Column("Since", Kind.DAY))
    rows = [Row((role.label, one.name, track_words(one.shown), one.first_on)) for role, one in by_role(duties.asked)]
    return Table("roles", "", columns, rows)


def decision_section(duty: Duty) -> Section:
    """Return what one requirement asks, and how that was decided."""
    words = [f"Asked of: {duty.shown.audience}.", " ".join(duty.shown.terms)]
    since = (
        f"In force like this since {format_day(duty.shown.starts_on)}; asked at all since {format_day(duty.first_on)}."
    )
    words += [since, decision_words(duty), numbers_words(duty.numbers)]
    return Section(duty.name, words=tuple(filter(None, words)), points=duty.shown.titles, level=3)


def versions_section(duties: Duties) -> dict[str, tuple[str, ...]]:
    """Return the decisions on new versions as points."""
    points = tuple(
        f"{one.title}: from {format_day(one.starts_on)}, decided by person {one.decided_by} on "
        f"{format_day(one.decided_on)}. {reach_words(one.reach, one.again_by)}"
        for one in duties.decided
    )
    return (
        {"points": points} if points else {"words": ("No decision on a new version of training counts by this day.",)}
    )


def titles_table(duties: Duties) -> Table:
    """Return a row for each job title; its first role is held to be as old as time."""
    columns = (Column("Job title"), Column("Role"), Column("Since"))
    rows = [
        Row((name, role.label, "Always" if since <= ALWAYS else format_day(since)))
        for name, role, since in duties.titles
    ]
    return Table("titles", "", columns, rows)


def refresher_policy(papers: Papers, duties: Duties) -> Paper:
    """Return what the rules in force do, in plain words."""
    return papers.paper(
        "Refresher policy",
        Section("How long each pass lasts here", tables=(terms_table(duties),)),
        Section("From a pass to a date", points=EXPIRY),
        Section("Refreshers", points=REFRESHERS),
        Section("Leave and exemptions", points=LEAVE),
        Section("Reminders", points=REMINDERS),
    )


def terms_table(duties: Duties) -> Table:
    """Return the terms of each requirement in words."""
    columns = (Column("Requirement", key="name"), Column("Terms", key="what"))
    return Table("terms", "", columns, [Row((one.name, " ".join(one.shown.terms))) for one in duties.asked])


def asked_sections(duties: Duties) -> Iterator[Section]:
    """Yield what the organisation asks, a requirement at a time."""
    for one in duties.asked:
        words = (f"Asked of: {one.shown.audience}.", " ".join(one.shown.terms))
        yield Section(one.name, words=words, points=one.shown.titles, level=3)
