"""What comes of the lines that an import has about one person, beside the jobs they have on record."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from training.domain.days import Span, format_day
from training.domain.people_import import (
    Act,
    Become,
    Begin,
    Choices,
    End,
    House,
    Known,
    KnownJob,
    Outcome,
    Planned,
    Rename,
)
from training.domain.people_rows import Wanted
from training.domain.row_reading import Read


class CannotPlan(Exception):
    """A person's lines cannot be gone by because what they ask for does not fit what is on record."""

    def __init__(self, words: str, *, column: str, value: str) -> None:
        super().__init__(words)
        self.column, self.value = column, value


class PersonPlan:
    """Works out what comes of the lines of one person, in none of which anything is wrong by itself."""

    def __init__(
        self, known: Known | None, group: Sequence[Read], *, house: House, choices: Choices, today: date
    ) -> None:
        self.house, self.choices, self.today = house, choices, today
        self.known, self.group = known, group
        self.jobs = known.present(today) if known else []

    def rows(self) -> Iterator[Planned]:
        """Yield what comes of each line."""
        found: dict[int, list[tuple[str, Act | None]]] = {row.number: [] for row in self.group}
        left = [row for row in self.group if not self.is_there(row, found)]
        spare = [job for job in self.jobs if not any(self.means(row.wanted, job) for row in self.group)]
        if left and len(spare) == 1 and len(left) == 1:
            found[left[0].number].append(self.becomes(left[0].wanted, spare[0]))
        elif left and spare:
            raise self.cannot(left[0], "They have other jobs here, so it is not clear which of them this row changes.")
        else:
            for row in left:
                found[row.number].append(self.begins(row.wanted))
        found[self.group[0].number] += self.renames()
        for row in self.group:
            yield self.planned(row, found[row.number])

    def planned(self, row: Read, steps: Sequence[tuple[str, Act | None]]) -> Planned:
        """Return a line with all that comes of it."""
        acts = tuple(act for _, act in steps if act is not None)
        outcome = Outcome.SAME
        if acts:
            outcome = Outcome.CHANGE if self.known else Outcome.CREATE
        says = " ".join(words for words, _ in steps) or "As it is."
        person_id = self.known.id if self.known else ""
        return Planned(row.number, row.wanted, outcome, says, person_id=person_id, acts=acts)

    def means(self, wanted: Wanted, job: KnownJob) -> bool:
        """Say whether a line speaks of a job on record."""
        title, site = self.house.titles.find(wanted.job_title), self.house.sites.find(wanted.site)
        return (title, site) == (job.title, job.site)

    def is_there(self, row: Read, found: Mapping[int, list[tuple[str, Act | None]]]) -> bool:
        """Say whether a line needs no new job, noting a last day that it gives to one they have."""
        wanted, steps = row.wanted, found[row.number]
        job = next((job for job in self.jobs if self.means(wanted, job)), None)
        if job is not None:
            if wanted.ends_on and wanted.ends_on != job.days.until:
                steps.append(self.ends(row, job))
            elif wanted.starts_on and wanted.starts_on != job.days.from_:
                words = f"As it is. The file says from {format_day(wanted.starts_on)}, the record from"
                steps.append((f"{words} {format_day(job.days.from_)}: left as it is.", None))
            return True
        if wanted.ends_on and wanted.ends_on < self.today:
            if self.jobs:
                raise self.cannot(row, "The file ends a job that they do not have. End theirs on their own page.")
            who = "They have no job here now" if self.known else "They are not known here"
            steps.append((f"{who}, and the file's last day is {format_day(wanted.ends_on)}: left alone.", None))
            return True
        return False

    def ends(self, row: Read, job: KnownJob) -> tuple[str, Act]:
        """Return the last day that a line gives to a job."""
        on = row.wanted.ends_on
        if on < job.days.from_:
            words = f"The last day comes before the job's first, {format_day(job.days.from_)}."
            raise CannotPlan(words, column="Last day", value=format_day(on))
        self.refuse_overlap(row.wanted, Span(job.days.from_, on), but=job)
        return f"Last day {format_day(on)}: {job.title.name}, {job.site.name}.", End(job, on)

    def becomes(self, wanted: Wanted, job: KnownJob) -> tuple[str, Act]:
        """Return the change of a job that somebody has into the one that a line asks for."""
        given = wanted.starts_on
        day = given if given and given > job.days.from_ else self.choices.from_day
        if day <= job.days.from_ or day not in job.days:
            until = f" until {format_day(job.days.until)}" if job.days.until else ""
            words = (
                f"Their job runs from {format_day(job.days.from_)}{until}, so it cannot change on {format_day(day)}."
            )
            raise CannotPlan(words, column="Start date", value=format_day(given or day))
        if wanted.ends_on:
            words = "This row changes a job and ends it as well. Import the change first, then the last day."
            raise CannotPlan(words, column="Last day", value=format_day(wanted.ends_on))
        self.refuse_overlap(wanted, Span(day, job.days.until), but=job)
        title, site = self.house.titles.find(wanted.job_title), self.house.sites.find(wanted.site)
        before = f"{job.title.name}, {job.site.name}"
        words = f"From {format_day(day)} {title.name}, {site.name}; until then {before}."
        return words, Become(job, title.name, site.name, day)

    def begins(self, wanted: Wanted) -> tuple[str, Act]:
        """Return the job that a line adds."""
        given = wanted.starts_on
        last = max((job.days.until for job in self.known.jobs if job.days.until), default=None) if self.known else None
        day = given if given and (last is None or given > last or self.jobs) else self.choices.from_day
        days = Span(day, wanted.ends_on) if wanted.ends_on is None or wanted.ends_on >= day else None
        if days is None:
            words = f"The last day comes before the job would begin, {format_day(day)}."
            raise CannotPlan(words, column="Last day", value=format_day(wanted.ends_on))
        self.refuse_overlap(wanted, days)
        title, site = self.house.titles.find(wanted.job_title), self.house.sites.find(wanted.site)
        what = f"{title.name}, {site.name}, from {format_day(day)}"
        what += f" until {format_day(days.until)}" if days.until else ""
        words = f"New job: {what}." if self.known else f"New here: {what}."
        return words, Begin(title.name, site.name, days)

    def refuse_overlap(self, wanted: Wanted, days: Span, *, but: KnownJob | None = None) -> None:
        """Refuse days on which they have this job already."""
        for job in self.known.jobs if self.known else ():
            if job != but and self.means(wanted, job) and job.days.common_with(days):
                until = f" until {format_day(job.days.until)}" if job.days.until else ""
                words = f"They have this job from {format_day(job.days.from_)}{until} already."
                raise CannotPlan(words, column="Start date", value=format_day(wanted.starts_on or days.from_))

    def renames(self) -> Iterator[tuple[str, Act | None]]:
        """Yield a new name or e-mail address of somebody on record; what the file leaves empty stays."""
        if self.known is None:
            return
        wanted = self.group[0].wanted
        name = wanted.name if wanted.name.casefold() != self.known.name.casefold() else ""
        email = next((row.wanted.email for row in self.group if row.wanted.email), "")
        email = email if email != self.known.email else ""
        if not (name or email):
            return
        if not self.known.wholly:
            yield "They also work at other sites, so their name and e-mail address are left as they are.", None
            return
        words = [f"Name becomes {name}; it was {self.known.name}."] if name else []
        words += [f"E-mail address becomes {email}."] if email else []
        yield " ".join(words), Rename(name, email)

    def cannot(self, row: Read, words: str) -> CannotPlan:
        """Return why a line cannot be gone by, at its job title."""
        return CannotPlan(words, column="Job title", value=row.wanted.job_title)
