"""What somebody asks a report for, and what every report begins with: the people it is about, and its head."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.domain.compliance import PEOPLE, PERSON_MODULES, Tally, denominator_sentence, listed_words, percent_words
from training.domain.language import N_, _
from training.domain.numbers import number_words
from training.domain.report import Head, Row
from training.domain.rule_version import rule_version
from training.domain.status import Status
from training.models import JobTitle
from training.services import off_file
from training.services.accounts import Viewer
from training.services.listings import Listed, PeopleFilter
from training.services.off_file import Named
from training.services.roster_queries import Shape
from training.services.rosters import Lines, Roster, open_roster
from training.services.staff import AsOf, Known

ROWS_A_PAGE = 100
NOT_YOURS = N_("a site that is none of yours")
NEVER_ASKED = N_("training that nobody was ever asked for here")
NO_SUCH_TITLE = N_("a job title that is none of yours")
SOON = (30, 60, 90)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: as at which day, of whom and what; `within` days, `since` and `until` days, or one person."""

    as_of: AsOf
    wanted: PeopleFilter = field(default_factory=PeopleFilter)
    within: int = SOON[-1]
    since: date | None = None
    until: date | None = None
    person_id: uuid.UUID | None = None


@dataclass(slots=True)
class Paging:
    """Which page is read of a report; how many there are is known once the report has been begun."""

    number: int = 1
    last: int = 1
    most: int = ROWS_A_PAGE
    off_file: tuple[Named, ...] = ()

    def window(self, count: int, *, each: int = 1) -> tuple[int, int]:
        """Return the first of so many things on the page, and how many fit on it, if each takes so many rows.

        A page that is not there is the nearest that is.
        """
        fit = max(1, ROWS_A_PAGE // max(each, 1))
        self.last = max(1, ceil(count / fit))
        self.number = min(max(self.number, 1), self.last)
        self.most = fit
        return (self.number - 1) * fit, fit


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with all that is needed to answer it; with `paging` a page is read, else the whole.

    `now` is none for a report that does not say when and by whom it was made. Everybody who is gone through passes by
    `watch`. Lines of the statuses `unexplained` come without a reason, for a page that only counts them.
    """

    session: Session
    viewer: Viewer
    catalog: Catalog
    question: Question
    now: datetime | None = None
    paging: Paging | None = None
    unexplained: frozenset[Status] = frozenset()
    opened: list[Roster] = field(default_factory=list)
    watch: Callable[[Iterable[Known]], Iterator[Known]] = iter

    def roster(self, listed: Listed | None = None) -> Roster:
        """Return the people asked for, with what is to be listed of them."""
        if not self.opened:
            known = {"viewer": self.viewer, "catalog": self.catalog}
            question = self.question
            self.opened.append(open_roster(self.session, as_of=question.as_of, wanted=question.wanted, **known))
        status = self.question.wanted.status
        return replace(self.opened[0], listed=(listed or Listed()).with_status(status), watch=self.watch)

    def people(self, roster: Roster, *, each: int, with_off_file: bool = False) -> Iterator[Lines]:
        """Return the people of the page, or all, with what is listed of them: so many rows for each.

        After them the pages name those who are not on file, where these belong to the list.
        """
        if self.paging is None:
            return roster.people_listed()
        count = roster.count_people()
        others = off_file.count(roster) if with_off_file else 0
        first, most = self.paging.window(count + others, each=each)
        if others and first + most > count:
            left = most - max(count - first, 0)
            self.paging.off_file = off_file.read(roster, first=max(first - count, 0), most=left)
        return roster.people_listed(first=first, most=most) if first < count else iter(())

    def known(self, roster: Roster) -> Iterator[Known]:
        """Return who the people of the page are, or all of them, without their lines."""
        if self.paging is None:
            return roster.people(Shape.of(roster))
        first, most = self.paging.window(roster.count_people())
        return roster.people(Shape.of(roster), first=first, most=most)

    def rows(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Return the rows of the page, or all of them."""
        if self.paging is None:
            return rows
        first, most = self.paging.window(len(rows))
        return rows[first : first + most]

    def head(
        self,
        roster: Roster,
        *,
        title: str,
        shows: tuple[str, ...] = (),
        notes: tuple[str, ...] = (),
        tally: Tally | None = None,
        denominator: str = "",
    ) -> Head:
        """Return what a report says of itself, with the figure of all the people asked for, unless it is known.

        One that is not about compliance has a `denominator` of its own, and says no percentage.
        """
        as_of, zone = roster.as_of, ZoneInfo(self.viewer.time_zone)
        tally = roster.figure() if tally is None else tally
        unit = PEOPLE if len(roster.items) == 1 else PERSON_MODULES
        return Head(
            title=title,
            organisation=self.viewer.organisation_name,
            covers=covers_words(roster),
            as_at=as_of.day,
            is_forecast=as_of.is_forecast,
            known_at=as_of.known_at.astimezone(zone) if as_of.known_at else None,
            rule_version=rule_version(roster.house, as_of.day),
            shows=(*shows, *asked_words(roster)),
            percent="" if denominator else percent_words(tally),
            denominator=denominator or denominator_sentence(tally, unit=unit),
            counts=tally,
            listed=self.listed_words(roster, tally),
            notes=notes,
            made_at=self.now.astimezone(zone) if self.now else None,
            made_by=self.viewer.name if self.now else "",
        )

    def listed_words(self, roster: Roster, figures: Tally) -> str:
        """Say on a page how many lines are listed in all."""
        if roster.listed.within is None:
            return listed_words(figures, roster.listed.statuses or ())
        if self.paging is None:
            return ""
        count = roster.count_due()
        count = sum(1 for _line in roster.lines()) if count is None else count
        return _("%(number)s listed", number=number_words(count))


def asked_of(question: Question) -> dict[str, str]:
    """Return the filters of a question as the words of an address, without the day that it speaks of."""
    wanted = question.wanted
    words = {
        "status": wanted.status,
        "site": wanted.site_id,
        "role": wanted.role,
        "job-title": wanted.job_title_id,
        "item": wanted.item,
        "search": wanted.search,
        "within": question.within if question.within != SOON[-1] else None,
        "from": question.since,
        "until": question.until,
        "person": question.person_id,
    }
    return {name: str(word) for name, word in words.items() if word}


def noted_of(asked: Mapping[str, str]) -> dict[str, Any]:
    """Return filters as the audit log keeps them: of what was searched for, which may be a name, only that it was."""
    noted: dict[str, Any] = {f"{name}_asked": words for name, words in asked.items() if name != "search"}
    return noted | ({"search_asked": True} if "search" in asked else {})


def covers_words(roster: Roster) -> str:
    """Say of which sites a viewer may know."""
    if roster.viewer.manages_all:
        return _("the whole organisation")
    return ", ".join(name for _, name in roster.sites) or _("no site")


def asked_words(roster: Roster) -> tuple[str, ...]:
    """Return what was asked for, in words."""
    wanted = roster.wanted
    parts = (
        wanted.status.label if wanted.status else "",
        dict(roster.sites).get(wanted.site_id, _(NOT_YOURS)) if wanted.site_id else "",
        wanted.role.label if wanted.role else "",
        title_words(roster, wanted.job_title_id) if wanted.job_title_id else "",
        roster.titles.get(wanted.item, _(NEVER_ASKED)) if wanted.item else "",
        _("name or staff number with “%(search)s”", search=wanted.search) if wanted.search else "",
    )
    return tuple(part for part in parts if part)


def title_words(roster: Roster, job_title_id: uuid.UUID) -> str:
    """Return the name of a job title, or say that there is none such."""
    found = roster.session.get(JobTitle, (roster.viewer.organisation_id, job_title_id))
    return found.name if found else _(NO_SUCH_TITLE)
