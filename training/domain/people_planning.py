"""The plan of a people import: what each line would do, and why; nothing here writes anything."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from training.domain.days import format_day
from training.domain.people_import import Choices, End, House, Known, Names, Outcome, Plan, Planned, loose
from training.domain.people_rows import Wanted
from training.domain.person_planning import CannotPlan, PersonPlan
from training.domain.row_reading import Read
from training.domain.upload import Fault

# To look for a name that is like another takes long where there are many.
MOST_GUESSES = 50


def make_plan(rows: Sequence[Read], *, house: House, choices: Choices, today: date) -> Plan:
    """Return what lines would do to what is on record."""
    planner = Planner(house, choices, today, Strangers(rows))
    planned = [each for group in groups(rows) for each in planner.plan(group)]
    planned.sort(key=lambda each: each.line or 0)
    leavers = list(planner.leavers(rows)) if choices.leavers else []
    present = [known for known in house.people if any(today in job.days for job in known.present(today))]
    return Plan(
        rows=(*planned, *leavers),
        unknown_sites=planner.unknown_sites.counts,
        unknown_titles=planner.unknown_titles.counts,
        on_file=len(present),
        without_number=sum(not known.staff_number for known in present),
    )


def groups(rows: Sequence[Read]) -> Iterator[list[Read]]:
    """Yield the lines of each staff number together; a line without one is alone."""
    by_number: dict[str, list[Read]] = defaultdict(list)
    for row in rows:
        by_number[row.wanted.staff_number or f"\0{row.number}"].append(row)
    yield from by_number.values()


class Strangers:
    """What lines of a file have in common that they should not."""

    def __init__(self, rows: Sequence[Read]) -> None:
        self.numbers: dict[str, str] = {}
        self.emails: dict[str, tuple[str, int]] = {}
        for row in rows:
            wanted = row.wanted
            if wanted.staff_number:
                self.numbers.setdefault(loose(wanted.staff_number), wanted.staff_number)
            if wanted.email:
                self.emails.setdefault(wanted.email, (wanted.staff_number, row.number))


class Unknown:
    """Names that the file gives and nothing here has, each as it was first written, with the rows that give it."""

    def __init__(self, what: str, names: Names) -> None:
        self._what, self._names = what, names
        self._found: dict[str, tuple[str, str]] = {}
        self.counts: Counter[str] = Counter()

    def words(self, name: str) -> str:
        """Count a name, and say that it is unknown and which may be meant."""
        key = name.casefold()
        if key not in self._found:
            near = self._names.nearest(name) if len(self._found) < MOST_GUESSES else ""
            meant = f" Did you mean {near}?" if near else ""
            words = f"There is no {self._what} called {name}.{meant} Mend it in the file, or have it made."
            self._found[key] = name, words
        first, words = self._found[key]
        self.counts[first] += 1
        return words


class Planner:
    """Works out what comes of the lines of one person after another."""

    def __init__(self, house: House, choices: Choices, today: date, strangers: Strangers) -> None:
        self.house, self.choices, self.today, self.strangers = house, choices, today, strangers
        self.unknown_sites = Unknown("site", house.sites)
        self.unknown_titles = Unknown("job title", house.titles)

    def plan(self, group: Sequence[Read]) -> Iterator[Planned]:
        """Yield what comes of each line of one person."""
        known = self.house.by_number.get(group[0].wanted.staff_number)
        faults = {row.number: self.faults_of(row, known, group) for row in group}
        if any(faults.values()):
            yield from self.faulty(group, faults)
            return
        try:
            about = {"house": self.house, "choices": self.choices, "today": self.today}
            yield from PersonPlan(known, group, **about).rows()
        except CannotPlan as refusal:
            fault = Fault(refusal.column, refusal.value, str(refusal))
            yield from self.faulty(group, {row.number: (fault,) for row in group})

    def faulty(self, group: Sequence[Read], faults: Mapping[int, tuple[Fault, ...]]) -> Iterator[Planned]:
        """Yield the lines of a person of whom at least one line is wrong: none of them can be gone by."""
        first = next(number for number, found in faults.items() if found)
        for row in group:
            waits = Fault(
                "Staff number", row.wanted.staff_number, f"Row {first} is about the same person and has a fault."
            )
            found = faults[row.number] or (waits,)
            yield Planned(row.number, row.wanted, Outcome.FAULT, " ".join(each.words for each in found), found)

    def faults_of(self, row: Read, known: Known | None, group: Sequence[Read]) -> tuple[Fault, ...]:
        """Return what is wrong with a line, by itself and beside what is on record."""
        wanted = row.wanted
        found = [*row.faults, *self.places_wrong(wanted)]
        if wanted.staff_number:
            found += self.number_wrong(wanted, known)
        if wanted.email:
            found += self.email_wrong(wanted, known)
        first = group[0]
        if row is not first and wanted.name.casefold() != first.wanted.name.casefold() and wanted.name:
            found.append(Fault("Name", wanted.name, f"Row {first.number} has the same staff number and another name."))
        for other in group:
            if other.number < row.number and same_job(other.wanted, wanted):
                found.append(Fault("Staff number", wanted.staff_number, f"Row {other.number} says the same job again."))
        return tuple(found)

    def places_wrong(self, wanted: Wanted) -> Iterator[Fault]:
        """Yield what is wrong with the site and the job title of a line."""
        site, title = self.house.sites.find(wanted.site), self.house.titles.find(wanted.job_title)
        if wanted.site and site is None:
            yield Fault("Site", wanted.site, self.unknown_sites.words(wanted.site))
        elif site is not None and not site.yours:
            yield Fault(
                "Site", wanted.site, "You manage other sites. Leave this row to a manager of the whole organisation."
            )
        if wanted.job_title and title is None:
            yield Fault("Job title", wanted.job_title, self.unknown_titles.words(wanted.job_title))

    def number_wrong(self, wanted: Wanted, known: Known | None) -> Iterator[Fault]:
        """Yield what is wrong with the staff number of a line."""
        number = wanted.staff_number
        written, alike = self.strangers.numbers[loose(number)], self.house.alike.get(loose(number), ())
        other = known or (alike[0] if alike else None)
        if other is not None and not other.yours:
            words = "This number belongs to somebody at other sites. Ask a manager of the whole organisation."
            yield Fault("Staff number", number, words)
        elif known is None and other is not None:
            words = f"Somebody here has the staff number {other.staff_number}."
            yield Fault("Staff number", number, f"{words} If it is the same person, write it just so, as text.")
        elif known is None and written != number:
            words = f"Another row has {written}. If it is the same person, write both alike, as text."
            yield Fault("Staff number", number, words)

    def email_wrong(self, wanted: Wanted, known: Known | None) -> Iterator[Fault]:
        """Yield what is wrong with the e-mail address of a line."""
        other = self.house.by_email.get(wanted.email)
        if other is not None and (known is None or other.id != known.id):
            yield Fault("E-mail", wanted.email, "Somebody else here has this address.")
        number, line = self.strangers.emails[wanted.email]
        if number != wanted.staff_number:
            yield Fault("E-mail", wanted.email, f"Row {line} gives the same address to somebody else.")

    def leavers(self, rows: Sequence[Read]) -> Iterator[Planned]:
        """Yield those whom the viewer manages, who have a staff number, and whom no line names."""
        last_day = self.choices.last_day or self.today
        named = {loose(row.wanted.staff_number) for row in rows}
        for known in self.house.people:
            jobs = [job for job in known.present(self.today) if last_day in job.days and job.days.until != last_day]
            if not jobs or not known.staff_number or known.id == self.house.me or loose(known.staff_number) in named:
                continue
            what = "; ".join(f"{job.title.name}, {job.site.name}" for job in jobs)
            yield Planned(
                None,
                Wanted(known.staff_number, known.name, jobs[0].title.name, jobs[0].site.name),
                Outcome.LEAVES,
                f"Not in the file. Last day {format_day(last_day)}: {what}.",
                person_id=known.id,
                acts=tuple(End(job, last_day) for job in jobs),
            )


def same_job(one: Wanted, other: Wanted) -> bool:
    """Say whether two lines name the same job."""
    return (one.job_title.casefold(), one.site.casefold()) == (other.job_title.casefold(), other.site.casefold())
