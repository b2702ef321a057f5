"""How a line runs, worked out on few days, is how it runs day by day; and nobody who is moved is passed over."""

import uuid
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from training.domain.certification import Pass
from training.domain.days import Span
from training.domain.need import Exemption
from training.domain.person_record import ContentChange, House, Leave, PersonRecord, Post
from training.domain.requirement import Audience, Basis, Reach, Requirement, Terms, Version
from training.domain.roles import Role
from training.domain.standing import status_on, strictest
from training.domain.status import Status
from training.services import standings
from training.services.courses import PersonSeen, Question, Side

ITEM = "every-kind"
TODAY = date(2026, 7, 1)
DAYS = [TODAY + timedelta(days=day) for day in range(366)]
NAMES = {"care": uuid.UUID(int=1), "all": uuid.UUID(int=2)}
ROLES = (Role.SOCIAL_CARE, Role.PRESCRIBER)

days = st.integers(-500, 200).map(lambda far: TODAY + timedelta(days=far))
past = st.integers(-500, 0).map(lambda far: TODAY + timedelta(days=far))
spans = st.builds(
    lambda from_, length: Span(from_, None if length is None else from_ + timedelta(days=length)),
    days,
    st.none() | st.integers(0, 300),
)
roles = st.sampled_from(ROLES)
posts = st.builds(
    lambda site, worked, role: Post(site, "title", worked, ((role, worked),)), st.sampled_from("NS"), spans, roles
)
passes = st.builds(Pass, past, content_hash=st.sampled_from(["old", "new"]))
leaves = st.builds(Leave, spans, st.none() | st.just("N"))
records = st.builds(
    lambda posts, leaves, passes, exempt: PersonRecord(
        posts, leaves, {ITEM: passes} if passes else {}, {ITEM: [Exemption(span, "A", "B") for span in exempt]}
    ),
    st.lists(posts, min_size=1, max_size=2),
    st.lists(leaves, max_size=1),
    st.lists(passes, max_size=2),
    st.lists(spans, max_size=1),
)
bases = st.sampled_from([Basis.ANNIVERSARY, Basis.COMPLETION])
terms = st.builds(Terms, st.sampled_from([None, 6, 12]), st.just(60), bases)
audiences = st.builds(Audience, st.sets(roles, min_size=1).map(frozenset))


@st.composite
def versions(draw) -> tuple[Version, ...]:
    """One version, or one that was closed and another after it."""
    first = Version(
        days=Span(TODAY - timedelta(days=draw(st.integers(100, 400)))),
        items=(ITEM,),
        audience=draw(audiences),
        terms=draw(terms),
        due_days=draw(st.sampled_from([0, 30])),
    )
    return draw(st.just((first,)) | changed((first,)))


@st.composite
def changed(draw, made: tuple[Version, ...]) -> tuple[Version, ...]:
    """Versions with the last one changed from a day on, in some of what it asks, or ended."""
    last = made[-1]
    if last.days.until is not None:
        return made  # What has ended changes no more.
    from_ = max(last.days.from_ + timedelta(days=1), TODAY + timedelta(days=draw(st.integers(0, 40))))
    closed = replace(last, days=Span(last.days.from_, from_ - timedelta(days=1)))
    if draw(st.integers(0, 5)) == 0:
        return (*made[:-1], closed)
    reach = draw(st.sampled_from(list(Reach)))
    again = {"again_by": from_ + timedelta(days=60), "announced_on": TODAY} if reach is Reach.EVERYONE_AGAIN else {}
    what = {"terms": terms, "audience": audiences, "due_days": st.sampled_from([0, 30])}
    chosen = {name: draw(each) for name, each in what.items() if draw(st.booleans())}
    return (*made[:-1], closed, replace(last, days=Span(from_, last.days.until), reach=reach, **again, **chosen))


@st.composite
def decisions(draw) -> tuple[House, House]:
    """A house, and the same after a decision of some kind."""
    every = {
        str(key): Requirement(str(key), name, draw(versions()))
        for name, key in NAMES.items()
        if name == "care" or draw(st.booleans())
    }
    before = House(every)
    kind = draw(st.sampled_from(["requirement", "new", "content", "leave"]))
    if kind == "content":
        change = ContentChange(ITEM, TODAY + timedelta(days=60), TODAY, frozenset({"old"}))
        return before, replace(before, changes=(change,))
    if kind == "leave":
        return before, replace(before, long_leave_days=draw(st.sampled_from([10, 60])))
    key = str(NAMES["all"] if kind == "new" else NAMES["care"])
    made = draw(versions()) if kind == "new" else draw(changed(every[key].versions))
    return before, replace(before, requirements={**every, key: Requirement(key, "changed", made)})


def day_by_day(record: PersonRecord, house: House, day: date) -> Status:
    """Return the status as the standings have it, worked out for that very day."""
    lines = [line.standing for line in standings.lines_of({"": record}, house=house, today=day, items=[ITEM])]
    if lines:
        return status_on(strictest(lines, day=day), day)
    return Status.NOT_NEEDED if any(day in post.worked for post in record.posts) else Status.NOT_ON_FILE


@settings(max_examples=150, deadline=None)
@given(records, decisions())
def test_a_course_is_what_each_day_gives_by_itself(record, decided):
    person = PersonSeen(uuid.uuid4(), "A", record)
    for house in decided:
        course = person.course(Side.of(ITEM, house), from_=TODAY)
        turning = sorted(day for day in course.days if TODAY <= day <= DAYS[-1])
        for day in {*DAYS[::23], *turning, *(day - timedelta(days=1) for day in turning if day > TODAY)}:
            assert course.status(day) is day_by_day(record, house, day), day


@settings(max_examples=150, deadline=None)
@given(records, decisions())
def test_whoever_is_passed_over_stands_the_same_on_every_day(record, decided):
    before, after = decided
    question = Question.of(ITEM, before=before, after=after)
    if not PersonSeen(uuid.uuid4(), "A", record).may_change(question):
        for day in DAYS[::9]:
            assert day_by_day(record, before, day) is day_by_day(record, after, day), day


def test_the_same_house_twice_differs_for_nobody():
    asked = Version(days=Span(TODAY), items=(ITEM,), audience=Audience(frozenset(ROLES)), terms=Terms(12), due_days=30)
    house = House({"1": Requirement("1", "care", (asked,))})
    person = PersonSeen(
        uuid.uuid4(),
        "A",
        PersonRecord([Post("N", "title", Span(TODAY), ((ROLES[0], Span(TODAY)),))], passes={ITEM: [Pass(TODAY)]}),
    )
    assert not person.may_change(Question.of(ITEM, before=house, after=house))
    other = House({"1": Requirement("1", "care", (replace(asked, due_days=0),))})
    assert person.may_change(Question.of(ITEM, before=house, after=other))
