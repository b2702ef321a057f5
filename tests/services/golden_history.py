"""One organisation over three years: what was recorded of it, on which day, each line with what it means.

Two sites, North and South. Three requirements: CARE is yearly from the anniversary, EVERYONE ends on one day for all,
STORY counts from the day of the pass and is asked of South alone. "until" names the last day that still counts;
"window" is the first day on which a pass may run on from it.
"""

from dataclasses import replace
from datetime import UTC, date, datetime

from training.domain.requirement import Basis, Reach, Terms
from training.domain.roles import Role

CARE, EVERYONE, STORY = "every-kind", "for-everyone", "the-story"
WORKER, NURSE, DOCTOR = "Care worker", "Nurse", "Doctor"
ROLES = {WORKER: Role.SOCIAL_CARE, NURSE: Role.NON_PRESCRIBER, DOCTOR: Role.PRESCRIBER}
BEGAN = datetime(2024, 1, 1, 9, tzinfo=UTC)
TODAY = date(2026, 12, 1)

YEARLY = Terms(valid_months=12, window_days=90)
EVERY_31_MARCH = Terms(
    valid_months=12, window_days=60, basis=Basis.FIXED_DATE, fixed_month=3, fixed_day=31, minimum_months=3
)
HALF_YEARLY = Terms(valid_months=6, window_days=30, basis=Basis.COMPLETION)

HISTORY = {
    "the house": (
        ("2024-01-01", "require", CARE, [WORKER], YEARLY, 30),  # first due 31 Jan 2024, of those here on 1 Jan
        ("2024-01-01", "require", EVERYONE, [WORKER, NURSE, DOCTOR], EVERY_31_MARCH, 14),  # first due 15 Jan 2024
        ("2024-05-20", "require", STORY, [WORKER], HALF_YEARLY, 28, "2024-06-01", "South"),  # first due 29 Jun 2024
        # From 1 Sep 2025 a pass lasts two years: for everybody from their next pass, those held stay as they were.
        ("2025-08-18", "change", CARE, replace(YEARLY, valid_months=24), "2025-09-01", Reach.AT_NEXT_RENEWAL),
        # From 1 Mar 2026 a pass of the story lasts a year, but only for those whose need begins from that day.
        ("2026-02-09", "change", STORY, replace(HALF_YEARLY, valid_months=12), "2026-03-01", Reach.FROM_NOW_ON),
        # Everyone passes again by 30 Jun 2026, announced 1 May: what was passed before counts no longer than that.
        ("2026-05-01", "change", EVERYONE, EVERY_31_MARCH, "2026-05-11", Reach.EVERYONE_AGAIN, "2026-06-30"),
    ),
    "Ann": (  # at North throughout; renews early, and loses no day by it
        ("2024-01-01", "join", WORKER, "North", "2023-05-02"),  # here before anything was asked: needs begin 1 Jan 2024
        ("2024-01-12", "passes", EVERYONE),  # first 31 Mar from 11 Apr 2024 on: until 31 Mar 2025, window 30 Jan
        ("2024-01-30", "passes", CARE),  # until 29 Jan 2025, window 31 Oct 2024
        ("2024-12-10", "passes", CARE),  # in the window, runs on from 29 Jan: until 29 Jan 2026, window 31 Oct 2025
        ("2025-02-14", "passes", EVERYONE),  # in the window, counts from 1 Apr: until 31 Mar 2026
        ("2025-12-15", "passes", CARE),  # now for two years, from 30 Jan 2026: until 29 Jan 2028
        ("2026-03-31", "passes", EVERYONE),  # on the last valid day, still early: until 31 Mar 2027
        ("2026-06-09T23:30", "passes", EVERYONE),  # 10 June in London; lifts the cap of 30 Jun, back to 31 Mar 2027
    ),
    "Ben": (  # at North throughout; late again and again
        ("2024-01-01", "join", WORKER, "North", "2024-01-01"),
        ("2024-01-22", "away", "2024-01-22", "2024-02-04"),  # a fortnight is no long leave: it moves nothing
        ("2024-02-29", "passes", CARE),  # overdue from 1 Feb; until 28 Feb 2025, window 30 Nov 2024
        ("2024-05-20", "passes", EVERYONE),  # overdue from 16 Jan; first 31 Mar from 19 Aug 2024 on: 31 Mar 2025
        ("2025-03-10", "passes", CARE),  # expired from 1 Mar; from the day of the pass: until 9 Mar 2026
        ("2025-04-02", "passes", EVERYONE),  # expired for one day, 1 Apr; first 31 Mar from 1 Jul on: 31 Mar 2026
        ("2026-04-01", "passes", CARE),  # expired from 10 Mar; begun on a 1st, two years end with a month: 31 Mar 2028
        ("2026-05-04", "passes", EVERYONE),  # expired from 1 Apr; after the announcement, so no cap: 31 Mar 2027
    ),
    "Cat": (  # a leaver, of whom it was heard five weeks late
        ("2024-01-01", "join", WORKER, "North", "2024-01-01"),
        ("2024-01-15", "passes", EVERYONE),  # on the first due day: until 31 Mar 2025
        ("2024-01-20", "passes", CARE),  # until 19 Jan 2025, window 21 Oct 2024; expired from 20 Jan 2025
        ("2025-03-05", "ends", "North", "2025-01-31"),  # last day 31 Jan: off file from 1 Feb, as known from 5 Mar
    ),
    "Dev": (  # moves to South, is a nurse for three months, comes back
        ("2024-01-01", "join", WORKER, "North", "2024-01-01"),
        ("2024-01-08", "passes", EVERYONE),  # until 31 Mar 2025
        ("2024-01-10", "passes", CARE),  # until 9 Jan 2025, window 11 Oct 2024
        ("2024-08-20", "moves", WORKER, "South", "2024-09-02"),  # the story is needed from 2 Sep, first due 30 Sep
        ("2024-09-30", "passes", STORY),  # on the first due day: until 29 Mar 2025, window 27 Feb
        ("2024-11-01", "passes", CARE),  # in the window, runs on from 9 Jan: until 9 Jan 2026, window 11 Oct 2025
        ("2025-01-29", "passes", EVERYONE),  # a day before the window: first 31 Mar from 28 Apr on: 31 Mar 2026
        ("2025-03-01", "passes", STORY),  # in the window, from the day of the pass: until 31 Aug 2025, window 1 Aug
        ("2025-11-03", "moves", NURSE, "South", "2025-11-03"),  # care and story are held; EVERYONE goes on unbroken
        ("2026-02-02", "moves", WORKER, "South", "2026-02-02"),  # needed anew: care first due 4 Mar, story 2 Mar
        ("2026-02-05", "passes", EVERYONE),  # in the window: until 31 Mar 2027, then capped at 30 Jun 2026
        ("2026-02-20", "passes", CARE),  # it had lapsed on 9 Jan while held: from the pass, two years: 19 Feb 2028
        ("2026-05-18", "passes", STORY),  # overdue from 3 Mar; need began before 1 Mar, so six months: 17 Nov 2026
    ),
    "Eve": (  # joins, and is on leave from February to October 2025
        ("2024-02-26", "join", WORKER, "South", "2024-03-01"),  # first due: care 31 Mar, everyone 15 Mar
        ("2024-03-15", "passes", EVERYONE),  # until 31 Mar 2025
        ("2024-03-25", "passes", CARE),  # until 24 Mar 2025, window 24 Dec 2024
        ("2024-06-29", "passes", STORY),  # on the first due day: until 28 Dec 2024, window 28 Nov
        ("2024-12-28", "passes", STORY),  # on the last valid day, from the day of the pass: until 27 Jun 2025
        ("2025-01-27", "away", "2025-02-03", None),  # leave with no end yet: no day is set to be due
        ("2025-10-20", "back", "2025-10-31"),  # all three lapsed in it; due again 30, 14 and 28 Nov (care, all, story)
        ("2025-11-14", "passes", EVERYONE),  # in time: first 31 Mar from 13 Feb on: 31 Mar 2026
        ("2025-12-02", "passes", CARE),  # expired on 1 Dec; two years by the new version: until 1 Dec 2027
        ("2026-01-15", "passes", STORY),  # expired from 29 Nov; until 14 Jul 2026, window 14 Jun
        ("2026-03-02", "passes", EVERYONE),  # in the window: until 31 Mar 2027, then capped at 30 Jun 2026
        ("2026-06-30", "passes", EVERYONE),  # on the last day of the cap, which it lifts: until 31 Mar 2027
        ("2026-07-01", "passes", STORY),  # the new version leaves Eve alone: six months, not twelve: 31 Dec 2026
    ),
    "Fay": (  # away for 77 days, so everything begins again; then leaves for good
        ("2024-01-01", "join", WORKER, "North", "2024-01-01"),  # never passes EVERYONE here: overdue from 16 Jan
        ("2024-01-31", "passes", CARE),  # on the first due day: until 30 Jan 2025, window 1 Nov 2024
        ("2024-06-24", "ends", "North", "2024-06-30"),
        ("2024-09-16", "join", WORKER, "North", "2024-09-16"),  # a new need: EVERYONE due 30 Sep; care is still in date
        ("2024-10-15", "passes", EVERYONE),  # overdue from 1 Oct; first 31 Mar from 14 Jan on: until 31 Mar 2025
        ("2025-01-30", "passes", CARE),  # on the last valid day: until 30 Jan 2026, window 1 Nov 2025; never again
        ("2025-06-02", "passes", EVERYONE),  # expired from 1 Apr; first 31 Mar from 1 Sep on: until 31 Mar 2026
        ("2026-03-20", "ends", "North", "2026-03-31"),
    ),
    "Gus": (  # away for 21 days, so nothing begins again; a pass is revoked
        ("2024-01-01", "join", WORKER, "South", "2024-01-01"),  # care overdue from 1 Feb
        ("2024-01-05", "passes", EVERYONE),  # until 31 Mar 2025
        ("2024-04-08", "ends", "South", "2024-04-14"),
        ("2024-05-06", "join", WORKER, "South", "2024-05-06"),  # the break is 15 Apr to 5 May: overdue at once
        ("2024-05-31", "passes", CARE),  # REVOKED later. Until then: until 30 May 2025, window 1 Mar 2025
        ("2024-06-03", "passes", STORY),  # until 2 Dec 2024, window 2 Nov
        ("2024-09-10", "passes", CARE),  # before the window, or without May the first: until 9 Sep 2025, window 11 Jun
        ("2024-11-05", "passes", STORY),  # in the window, from the day: until 4 May 2025, window 4 Apr
        # In the window of the May pass, runs on from 30 May 2025: until 30 May 2026, window 1 Mar 2026.
        # Without May it is before the window of 9 Sep, so from the pass: until 4 Mar 2026, window 4 Dec 2025.
        ("2025-03-05", "passes", CARE),
        ("2025-03-31", "passes", EVERYONE),  # on the last valid day: until 31 Mar 2026
        ("2025-05-20", "passes", STORY),  # expired from 5 May; until 19 Nov 2025, window 20 Oct
        ("2025-11-19", "passes", STORY),  # on the last valid day: until 18 May 2026, window 18 Apr; never again
        ("2026-01-30", "passes", EVERYONE),  # on the first day of the window: until 31 Mar 2027
        ("2026-02-16", "revoked", CARE, "2024-05-31"),  # it never counted, on any day, as known from 16 Feb 2026
        ("2026-05-01", "passes", EVERYONE),  # on the day of the announcement: already passed again, so no cap
        ("2026-08-03", "passes", CARE),  # expired from 5 Mar; two years: until 2 Aug 2028
    ),
    "Hal": (  # a nurse, who needs EVERYONE alone; exempt twice, the second time for less long than first written
        ("2024-02-12", "join", NURSE, "North", "2024-02-12"),  # first due 26 Feb
        ("2024-02-20", "exempt", EVERYONE, "2024-02-20", "2024-04-30"),  # never in date: 14 days from 1 May, so 15 May
        ("2024-05-16", "passes", EVERYONE),  # a day late: first 31 Mar from 15 Aug on: until 31 Mar 2025
        ("2025-03-10", "exempt", EVERYONE, "2025-03-17", "2025-05-31"),  # what lapses in it is due again by 14 Jun
        ("2025-04-07", "exempt_until", "2025-04-30"),  # a correction: it ends on 30 Apr, so due again by 14 May
        ("2025-07-01", "passes", EVERYONE),  # expired from 15 May; first 31 Mar from 30 Sep on: until 31 Mar 2026
        ("2026-03-15", "passes", EVERYONE),  # in the window: until 31 Mar 2027, then capped at 30 Jun 2026
        ("2026-09-01", "passes", EVERYONE),  # expired from 1 Jul; lifts the cap, so 31 Mar 2027 after all
    ),
    "Ida": (  # at North, and for nine months at South as well
        ("2024-01-15", "join", WORKER, "North", "2024-01-15"),  # first due: care 14 Feb, everyone 29 Jan
        ("2024-01-29", "passes", EVERYONE),  # on the first due day: until 31 Mar 2025
        ("2024-02-14", "passes", CARE),  # on the first due day: until 13 Feb 2025, window 15 Nov 2024
        ("2024-09-23", "join", WORKER, "South", "2024-10-01"),  # the story by the South job alone: first due 29 Oct
        ("2024-11-01", "passes", STORY),  # overdue from 30 Oct; begun on a 1st: until 30 Apr 2025, window 31 Mar
        ("2025-02-20", "passes", CARE),  # expired from 14 Feb; until 19 Feb 2026, window 21 Nov 2025
        ("2025-03-03", "passes", EVERYONE),  # in the window: until 31 Mar 2026
        ("2025-07-14", "ends", "South", "2025-06-30"),  # heard a fortnight late; the story is held from 1 Jul
        ("2026-01-05", "passes", CARE),  # in the window, two years from 20 Feb 2026: until 19 Feb 2028
        ("2026-03-30", "passes", EVERYONE),  # in the window: until 31 Mar 2027
        ("2026-06-01", "passes", EVERYONE),  # lifts the cap: until 31 Mar 2027
    ),
    "Jon": (  # a doctor, who needs EVERYONE alone
        ("2025-06-02", "join", DOCTOR, "South", "2025-06-02"),  # first due 16 Jun
        ("2025-06-09", "away", "2025-06-09", "2025-07-11"),  # 33 days, all before the day they move: first due 19 Jul
        ("2025-07-18", "passes", EVERYONE),  # in time: first 31 Mar from 17 Oct on: until 31 Mar 2026
        ("2026-04-10", "passes", EVERYONE),  # expired from 1 Apr; until 31 Mar 2027, capped at 30 Jun; never again
    ),
    "Kim": (  # a late joiner, the only one whom the new version of the story reaches
        ("2026-02-23", "join", WORKER, "South", "2026-03-09"),  # first due: care 8 Apr, everyone 23 Mar, story 6 Apr
        ("2026-03-20", "passes", CARE),  # two years: until 19 Mar 2028
        ("2026-03-23", "passes", EVERYONE),  # on the first due day: until 31 Mar 2027, then capped at 30 Jun 2026
        ("2026-04-07", "passes", STORY),  # a day late; twelve months: until 6 Apr 2027, window 7 Mar 2027
        ("2026-06-25", "passes", EVERYONE),  # lifts the cap: until 31 Mar 2027
    ),
}
