"""The people whom a report is about, in order of name, some at a time, each with their lines."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice

from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.domain.compliance import Tally, tally
from training.domain.counting import COMPLIANT_HEADS, COUNTED_HEADS
from training.domain.due_soon import due_within
from training.domain.person_record import House
from training.domain.status import Status
from training.models import WHOLE_ID
from training.services import facts, roster_queries, standings
from training.services.accounts import Viewer
from training.services.listings import Listed, PeopleFilter
from training.services.roster_queries import Shape
from training.services.staff import AsOf, Known, PersonLine, Staff, Worker, managed_sites, read_staff, titles_asked
from training.services.status_queries import LATE
from training.services.unit_counts import UnitCounts, count_unit

# So many people at once: enough that no statement is felt, few enough that memory stays flat.
BATCH = 200
NAMES = 5_000

Lines = tuple[Worker, list[PersonLine]]


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody asked for on a day, of those whom the viewer manages; read in one session, so as at one moment.

    With a site, people are judged as that site judges. Everybody who is gone through passes by `watch`.
    """

    session: Session
    viewer: Viewer
    as_of: AsOf
    wanted: PeopleFilter
    sites: tuple[tuple[uuid.UUID, str], ...]
    house: House
    titles: Mapping[str, str]
    listed: Listed = field(default_factory=Listed)
    counted: dict[tuple[uuid.UUID, bool], UnitCounts] = field(default_factory=dict)
    found: dict[tuple[PeopleFilter, Listed], tuple[Known, ...]] = field(default_factory=dict)
    watch: Callable[[Iterable[Known]], Iterator[Known]] = iter

    @property
    def site_ids(self) -> frozenset[uuid.UUID]:
        """The sites by whose posts people are judged."""
        managed = frozenset(dict(self.sites))
        return managed if self.wanted.site_id is None else managed & {self.wanted.site_id}

    @property
    def is_everywhere(self) -> bool:
        """Whether it is about every site there is."""
        return self.viewer.manages_all and self.wanted.site_id is None

    @property
    def items(self) -> Mapping[str, str]:
        """The items asked for, with their titles."""
        item = self.wanted.item
        return {item: self.titles[item]} if item in self.titles else {} if item else self.titles

    @property
    def due_until(self) -> date:
        """The last of the days within which what is listed falls due."""
        return self.as_of.day + timedelta(days=self.listed.within or 0)

    def figure(self) -> Tally:
        """Return how many of these people stand how, over the items asked for, whichever lines are listed.

        The counters hold the present ready, for everybody and for one site; all else is added up.
        """
        if not self.site_ids or not self.items:
            return Tally()
        if not self.is_counted:
            return tally(line.status for _, lines in self.everybody() for line in lines)
        return self.counts().tally(item=self.wanted.item)

    @property
    def is_stored(self) -> bool:
        """Whether the standings hold ready how these people are judged: at present, all together or by one site."""
        return self.as_of.is_present and (self.is_everywhere or len(self.site_ids) == 1)

    @property
    def is_unasked(self) -> bool:
        """Whether it is about everybody whom the viewer manages and every item."""
        return not (self.wanted.is_of_people or self.wanted.site_id or self.wanted.item)

    @property
    def is_counted(self) -> bool:
        """Whether the counters hold ready how these people stand."""
        return self.is_stored and not self.wanted.is_of_people

    def counts(self) -> UnitCounts:
        """Return what the counters say of the unit that these people are, asked once.

        What falls due is said where it is listed.
        """
        unit = WHOLE_ID if self.is_everywhere else next(iter(self.site_ids))
        asked = unit, self.listed.within is not None
        if asked not in self.counted:
            known = {"sites": self.sites, "titles": self.titles, "as_of": self.as_of, "with_sites": False}
            self.counted[asked] = count_unit(self.session, unit=unit, with_due=asked[1], **known)
        return self.counted[asked]

    def count_due(self) -> int | None:
        """Return how many lines are listed of all that falls due, where the counters say so."""
        within = self.listed.within
        if within is None or self.listed.statuses is not None or self.wanted.item or not self.is_counted:
            return None
        return due_within(self.counts().due(day=self.as_of.day), (within,))[within] if self.site_ids else 0

    def everybody(self) -> Iterator[Lines]:
        """Yield all these people with all their lines on the items asked for."""
        return self.with_lines(self.people(Shape.of(self)))

    def people_listed(self, *, first: int = 0, most: int | None = None) -> Iterator[Lines]:
        """Yield those who have a line that is listed, with these lines alone; so many of them, from one on."""
        if self.listed.is_nothing:
            return iter(())
        if self.is_narrowed:
            found = self.found.get((self.wanted, self.listed))
            if found is not None and most is not None:
                return self.only_listed(self.with_lines(iter(found[first : first + most])))
            return self.only_listed(self.with_lines(self.people(Shape.of(self, narrowed=True), first=first, most=most)))
        return islice(self.only_listed(self.everybody()), first, None if most is None else first + most)

    @property
    def is_narrowed(self) -> bool:
        """Whether the database can say whose lines are listed: it knows the present, of everybody and of one site.

        Whoever never needed an item has no row that could say so.
        """
        return self.listed.is_all or (self.is_stored and Status.NOT_NEEDED not in (self.listed.statuses or ()))

    def only_listed(self, people: Iterable[Lines]) -> Iterator[Lines]:
        """Yield people with the lines that are listed, where they have any."""
        for worker, lines in people:
            found = lines if self.listed.is_all else [line for line in lines if self.listed.fits(line)]
            if found:
                yield worker, found

    def lines(self) -> Iterator[PersonLine]:
        """Yield every line that is listed."""
        for _, lines in self.people_listed():
            yield from lines

    def count_people(self) -> int:
        """Return how many people are listed."""
        if not self.site_ids or not self.items or self.listed.is_nothing:
            return 0
        counted = self.counted_people()
        if counted is not None:
            return counted
        if not self.is_narrowed:
            return sum(1 for _ in self.people_listed())
        shape = Shape.of(self, narrowed=True)
        if self.wanted.search:
            return sum(1 for _ in self.people(shape))
        if not (self.is_everywhere or self.listed.is_all):
            return len(self.narrowed())
        return self.session.scalar(roster_queries.count_query(shape), roster_queries.asked(self)) or 0

    def narrowed(self) -> tuple[Known, ...]:
        """Find who at a site is listed, and keep them: to count them takes as long as to name them."""
        query = roster_queries.people_query(Shape.of(self, narrowed=True))
        found = tuple(map(tuple, self.session.execute(query, roster_queries.asked(self))))
        return self.found.setdefault((self.wanted, self.listed), found)

    def counted_people(self) -> int | None:
        """Return how many people are listed, where the counters say so: all, or those who are late with something.

        Until what the day has changed is stored, the query of the late finds whoever has turned too.
        """
        if self.is_counted and self.listed.is_all:
            return self.counts().heads()
        if not self.is_counted or self.listed != Listed(LATE) or standings.people_due(self.session, day=self.as_of.day):
            return None
        if self.wanted.item:
            figure = self.figure()
            return figure.expired + figure.overdue
        return self.counts().heads(COUNTED_HEADS) - self.counts().heads(COMPLIANT_HEADS)

    def people(self, shape: Shape, *, first: int = 0, most: int | None = None) -> Iterator[Known]:
        """Yield people in order of name; so many of them, from one on."""
        if not self.site_ids or not self.items:
            return iter(())
        if self.wanted.search:
            found = (one for one in self.every(shape) if self.wanted.finds(name=one[1], staff_number=one[2]))
            return islice(found, first, None if most is None else first + most)
        if most is None:
            return islice(self.every(shape), first, None)
        window = {"first": first, "most": most}
        return map(tuple, self.session.execute(roster_queries.page_query(shape), roster_queries.asked(self) | window))

    def every(self, shape: Shape) -> Iterator[Known]:
        """Yield all people of a shape, some thousand names at a time."""
        query, asked = roster_queries.people_query(shape).limit(NAMES), roster_queries.asked(self)
        found = self.session.execute(query, asked).all()
        following = roster_queries.people_query(shape._replace(after=True)).limit(NAMES)
        while found:
            yield from self.watch(map(tuple, found))
            if len(found) < NAMES:
                return
            after = {"after_id": found[-1].id, "after_name": found[-1].name}
            found = self.session.execute(following, asked | after).all()

    def with_lines(self, people: Iterator[Known]) -> Iterator[Lines]:
        """Yield people with all their lines on the items asked for, some hundred at a time."""
        while some := list(islice(people, BATCH)):
            yield from self.staff(some).lines(judged_by=self.site_ids)

    def staff(self, people: list[Known], *, by_site: bool = False) -> Staff:
        """Return some people with all from which their lines follow, together or by each site too."""
        judged_by = [self.site_ids, *(frozenset({site_id}) for site_id in self.site_ids if by_site)]
        known = {"as_of": self.as_of, "house": self.house, "titles": self.items}
        return read_staff(self.session, people, judged_by=judged_by, **known)


def open_roster(
    session: Session,
    *,
    viewer: Viewer,
    catalog: Catalog,
    as_of: AsOf,
    wanted: PeopleFilter | None = None,
) -> Roster:
    """Return the people asked for; an item, a site or a title that the viewer cannot mean finds nobody."""
    house = facts.read_house(session, known_at=as_of.known_at)
    wanted = wanted or PeopleFilter()
    return Roster(
        session=session,
        viewer=viewer,
        as_of=as_of,
        wanted=wanted,
        sites=managed_sites(session, viewer=viewer),
        house=house,
        titles=titles_asked(house, catalog),
        listed=Listed().with_status(wanted.status),
    )
