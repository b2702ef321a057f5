"""The trend: how fast months' ends are worked out from the facts, beside reading the standings of the same people."""

from collections.abc import Iterator
from functools import partial

from training import clock
from training.bench.clocks import seconds
from training.bench.lines import Ground, Line
from training.domain.days import day_in
from training.domain.trend import MONTHS, month_ends
from training.services import everybody, standings, trend_work

SAMPLE = 500


def trend(ground: Ground) -> Iterator[Line]:
    """Measure two years of some people, and what one late fact costs."""
    organisation_id, now = ground.manager.organisation_id, clock.now()
    today = day_in(now, ground.manager.time_zone)
    with ground.database.read(organisation_id) as session:
        people = everybody.people_after(session, everybody.NOBODY, most=SAMPLE)
        known = {"days": month_ends(today), "known_at": now}
        taken = seconds(partial(trend_work.worked_out, session, person_ids=people, **known))
        one_day = seconds(partial(standings.work_out_people, session, person_ids=people, today=today))
        late = seconds(partial(trend_work.worked_out, session, person_ids=people[:1], **known))
    note = f"{MONTHS} months in {taken:.1f} s; the floor is one day of theirs"
    rate, floor = len(people) / taken, len(people) / one_day
    yield Line(what="trend: two years worked out", value=rate, unit="people/s", floor=floor, note=note)
    yield Line(what="trend: one person’s late fact", value=late * 2 * 1000, unit="ms")
