"""What is asked of the three years of one organisation, and the answers, each worked out by hand.

A question is a day and the last day of which we know; None is all that is known by now. An answer says who is in which
group at each site (judged by the jobs there), then the figures of the whole organisation, where Ida, for a while at
both, is counted once. "4 of 6 + 1 exempt" is 4 compliant of 6 counted, and 1 shown apart. The comment behind a
percentage adds up the three items.
"""

from dataclasses import dataclass, replace

from tests.services.golden_history import CARE, EVERYONE, STORY

NOW = None
COLUMNS = ("North", "South", "all")


@dataclass(frozen=True)
class Asked:
    """A day, the last day of which we know, and the answer: heads, at both sites, wholly compliant, and each item."""

    day: str
    known: str | None
    heads: int
    at_both: int
    wholly: str
    percent: str
    care: tuple[str, str, str]
    everyone: tuple[str, str, str]
    story: tuple[str, str, str]

    @property
    def lines(self) -> dict[tuple[str, str], str]:
        """The answer to each item, at each site and altogether."""
        rows = {CARE: self.care, EVERYONE: self.everyone, STORY: self.story}
        return {(item, column): row[COLUMNS.index(column)] for item, row in rows.items() for column in COLUMNS}


def pair(first: Asked, **changed: object) -> tuple[Asked, Asked]:
    """Return a question and the next one, which differs in what is given alone."""
    return first, replace(first, **changed)


# fmt: off
QUESTIONS = (
    # A month's end, and the first due day of care for those who began on 1 January. Ida has until 14 Feb.
    # EVERYONE was due on 15 Jan: Ben and Fay have not passed. The story, asked from June, is needed by nobody yet.
    Asked("2024-01-31", NOW, 7, 0, "5 of 7", "81.8 %",  # 4 + 5 + 0 of 4 + 7 + 0; late: Ben, Fay
        care=("4 of 4 + 2 not-yet-due: up-to-date Ann Cat Dev Fay; not-yet-due Ben Ida",
              "0 of 0 + 1 not-yet-due: not-yet-due Gus",
              "4 of 4 + 3 not-yet-due"),
        everyone=("4 of 6: up-to-date Ann Cat Dev Ida; overdue Ben Fay",
                  "1 of 1: up-to-date Gus",
                  "5 of 7"),
        story=("0 of 0 + 6 not-needed: not-needed Ann Ben Cat Dev Fay Ida",
               "0 of 0 + 1 not-needed: not-needed Gus",
               "0 of 0 + 7 not-needed")),
    # 29 February: Ben passes care on the day itself; Gus, overdue from 1 Feb, has not; Hal is exempt until 30 Apr.
    Asked("2024-02-29", NOW, 8, 0, "4 of 7", "78.5 %",  # 6 + 5 of 7 + 7; late: Gus, Ben, Fay; Hal is not counted
        care=("6 of 6 + 1 not-needed: up-to-date Ann Ben Cat Dev Fay Ida; not-needed Hal",
              "0 of 1: overdue Gus",
              "6 of 7 + 1 not-needed"),
        everyone=("4 of 6 + 1 exempt: up-to-date Ann Cat Dev Ida; overdue Ben Fay; exempt Hal",
                  "1 of 1: up-to-date Gus",
                  "5 of 7 + 1 exempt"),
        story=("0 of 0 + 7 not-needed: not-needed Ann Ben Cat Dev Fay Hal Ida",
               "0 of 0 + 1 not-needed: not-needed Gus",
               "0 of 0 + 8 not-needed")),
    # Gus is back after 21 days, less than 28, so the old need goes on and he is overdue on his first day.
    # Hal's exemption is over, and he has until 15 May.
    Asked("2024-05-06", NOW, 9, 0, "5 of 8", "81.2 %",  # 7 + 6 of 8 + 8; late: Gus, Ben, Fay; Hal is not counted
        care=("6 of 6 + 1 not-needed: up-to-date Ann Ben Cat Dev Fay Ida; not-needed Hal",
              "1 of 2: up-to-date Eve; overdue Gus",
              "7 of 8 + 1 not-needed"),
        everyone=("4 of 6 + 1 not-yet-due: up-to-date Ann Cat Dev Ida; overdue Ben Fay; not-yet-due Hal",
                  "2 of 2: up-to-date Eve Gus",
                  "6 of 8 + 1 not-yet-due"),
        story=("0 of 0 + 7 not-needed: not-needed Ann Ben Cat Dev Fay Hal Ida",
               "0 of 0 + 2 not-needed: not-needed Eve Gus",
               "0 of 0 + 9 not-needed")),
    # As known on the day, Gus passed care on 31 May. South needs the story from 1 June, Eve by the 29th.
    *pair(Asked("2024-06-15", "2024-06-15", 9, 0, "8 of 9", "94.4 %",  # 8 + 8 + 1 of 8 + 9 + 1; late: Fay
        care=("6 of 6 + 1 not-needed: up-to-date Ann Ben Cat Dev Fay Ida; not-needed Hal",
              "2 of 2: up-to-date Eve Gus",
              "8 of 8 + 1 not-needed"),
        everyone=("6 of 7: up-to-date Ann Ben Cat Dev Hal Ida; overdue Fay",
                  "2 of 2: up-to-date Eve Gus",
                  "8 of 9"),
        story=("0 of 0 + 7 not-needed: not-needed Ann Ben Cat Dev Fay Hal Ida",
               "1 of 1 + 1 not-yet-due: up-to-date Gus; not-yet-due Eve",
               "1 of 1 + 1 not-yet-due + 7 not-needed")),
        # As known now, that pass never counted on any day: Gus was overdue.
        known=NOW, wholly="7 of 9", percent="88.8 %",  # 7 + 8 + 1 of 8 + 9 + 1; late: Gus, Fay
        care=("6 of 6 + 1 not-needed: up-to-date Ann Ben Cat Dev Fay Ida; not-needed Hal",
              "1 of 2: up-to-date Eve; overdue Gus",
              "7 of 8 + 1 not-needed")),
    # Fay is back after 77 days: EVERYONE begins again (until 30 Sep), care is still in date. Dev is at South now,
    # with the story to pass by 30 Sep. Gus passed care on 10 Sep.
    Asked("2024-09-16", NOW, 9, 0, "9 of 9", "100.0 %",  # 8 + 8 + 2 of 8 + 8 + 2; nobody is late
        care=("5 of 5 + 1 not-needed: up-to-date Ann Ben Cat Fay Ida; not-needed Hal",
              "3 of 3: up-to-date Dev Eve Gus",
              "8 of 8 + 1 not-needed"),
        everyone=("5 of 5 + 1 not-yet-due: up-to-date Ann Ben Cat Hal Ida; not-yet-due Fay",
                  "3 of 3: up-to-date Dev Eve Gus",
                  "8 of 8 + 1 not-yet-due"),
        story=("0 of 0 + 6 not-needed: not-needed Ann Ben Cat Fay Hal Ida",
               "2 of 2 + 1 not-yet-due: up-to-date Eve Gus; not-yet-due Dev",
               "2 of 2 + 1 not-yet-due + 6 not-needed")),
    # A month's end, and the first day of Ann's window. Ida is at both sites: South needs the story of her, overdue
    # from 30 Oct, North does not; the organisation takes the stricter.
    Asked("2024-10-31", NOW, 9, 1, "8 of 9", "95.2 %",  # 8 + 9 + 3 of 8 + 9 + 4; late: Ida
        care=("5 of 5 + 1 not-needed: up-to-date Ben Fay Ida; expiring-soon Ann Cat; not-needed Hal",
              "4 of 4: up-to-date Eve Gus Ida; expiring-soon Dev",
              "8 of 8 + 1 not-needed"),
        everyone=("6 of 6: up-to-date Ann Ben Cat Fay Hal Ida",
                  "4 of 4: up-to-date Dev Eve Gus Ida",
                  "9 of 9"),
        story=("0 of 0 + 6 not-needed: not-needed Ann Ben Cat Fay Hal Ida",
               "3 of 4: up-to-date Dev Eve Gus; overdue Ida",
               "3 of 4 + 5 not-needed")),
    # As known the day before it was heard that Cat had left: still here, and expired. Eve is on leave, not counted.
    # The window of EVERYONE is open since 30 Jan; Dev passed the day before it, to the same day a year on.
    *pair(Asked("2025-02-10", "2025-03-04", 9, 1, "7 of 8", "94.4 %",  # 6 + 8 + 3 of 7 + 8 + 3; late: Cat
        care=("4 of 5 + 1 not-needed: up-to-date Ann Fay; expiring-soon Ben Ida; expired Cat; not-needed Hal",
              "3 of 3 + 1 on-leave: up-to-date Dev Gus; expiring-soon Ida; on-leave Eve",
              "6 of 7 + 1 on-leave + 1 not-needed"),
        everyone=("6 of 6: expiring-soon Ann Ben Cat Fay Hal Ida",
                  "3 of 3 + 1 on-leave: up-to-date Dev; expiring-soon Gus Ida; on-leave Eve",
                  "8 of 8 + 1 on-leave"),
        story=("0 of 0 + 1 held + 5 not-needed: held Ida; not-needed Ann Ben Cat Fay Hal",
               "3 of 3 + 1 on-leave: up-to-date Dev Gus Ida; on-leave Eve",
               "3 of 3 + 1 on-leave + 5 not-needed")),
        # The day it was heard: Cat was off file from 1 Feb, so in no figure.
        known="2025-03-05", heads=8, wholly="7 of 7", percent="100.0 %",  # 6 + 7 + 3 of 6 + 7 + 3
        care=("4 of 4 + 1 not-needed: up-to-date Ann Fay; expiring-soon Ben Ida; not-needed Hal",
              "3 of 3 + 1 on-leave: up-to-date Dev Gus; expiring-soon Ida; on-leave Eve",
              "6 of 6 + 1 on-leave + 1 not-needed"),
        everyone=("5 of 5: expiring-soon Ann Ben Fay Hal Ida",
                  "3 of 3 + 1 on-leave: up-to-date Dev; expiring-soon Gus Ida; on-leave Eve",
                  "7 of 7 + 1 on-leave"),
        story=("0 of 0 + 1 held + 4 not-needed: held Ida; not-needed Ann Ben Fay Hal",
               "3 of 3 + 1 on-leave: up-to-date Dev Gus Ida; on-leave Eve",
               "3 of 3 + 1 on-leave + 4 not-needed")),
    # The last valid day of EVERYONE for Ben and Fay; Gus renews on it. Hal is exempt, Eve on leave. The window of
    # Ida's story opens on the day.
    *pair(Asked("2025-03-31", NOW, 8, 1, "6 of 6", "100.0 %",  # 6 + 6 + 3 of 6 + 6 + 3; Hal and Eve are not counted
        care=("4 of 4 + 1 not-needed: up-to-date Ann Ben Fay Ida; not-needed Hal",
              "3 of 3 + 1 on-leave: up-to-date Dev Gus Ida; on-leave Eve",
              "6 of 6 + 1 on-leave + 1 not-needed"),
        everyone=("4 of 4 + 1 exempt: up-to-date Ann Ida; expiring-soon Ben Fay; exempt Hal",
                  "3 of 3 + 1 on-leave: up-to-date Dev Gus Ida; on-leave Eve",
                  "6 of 6 + 1 on-leave + 1 exempt"),
        story=("0 of 0 + 1 held + 4 not-needed: held Ida; not-needed Ann Ben Fay Hal",
               "3 of 3 + 1 on-leave: up-to-date Dev Gus; expiring-soon Ida; on-leave Eve",
               "3 of 3 + 1 on-leave + 4 not-needed")),
        # The day after: Ben and Fay have expired; Hal and Eve lapsed too, but nothing is asked of them.
        day="2025-04-01", wholly="4 of 6", percent="86.6 %",  # 6 + 4 + 3 of 6 + 6 + 3; late: Ben, Fay
        everyone=("2 of 4 + 1 exempt: up-to-date Ann Ida; expired Ben Fay; exempt Hal",
                  "3 of 3 + 1 on-leave: up-to-date Dev Gus Ida; on-leave Eve",
                  "4 of 6 + 1 on-leave + 1 exempt")),
    # What was foreseen on 6 April: Hal exempt until 31 May. The stories of Gus (4 May) and Ida (30 Apr) run out.
    *pair(Asked("2025-05-10", "2025-04-06", 8, 1, "3 of 6", "80.0 %",  # 6 + 5 + 1 of 6 + 6 + 3; late: Fay, Gus, Ida
        care=("4 of 4 + 1 not-needed: up-to-date Ann Ben Fay Ida; not-needed Hal",
              "3 of 3 + 1 on-leave: up-to-date Dev Gus Ida; on-leave Eve",
              "6 of 6 + 1 on-leave + 1 not-needed"),
        everyone=("3 of 4 + 1 exempt: up-to-date Ann Ben Ida; expired Fay; exempt Hal",
                  "3 of 3 + 1 on-leave: up-to-date Dev Gus Ida; on-leave Eve",
                  "5 of 6 + 1 on-leave + 1 exempt"),
        story=("0 of 0 + 1 held + 4 not-needed: held Ida; not-needed Ann Ben Fay Hal",
               "1 of 3 + 1 on-leave: up-to-date Dev; expired Gus Ida; on-leave Eve",
               "1 of 3 + 1 on-leave + 4 not-needed")),
        # And on the 7th, when the exemption was cut to 30 April: Hal has until 14 May.
        known="2025-04-07",
        everyone=("3 of 4 + 1 not-yet-due: up-to-date Ann Ben Ida; expired Fay; not-yet-due Hal",
                  "3 of 3 + 1 on-leave: up-to-date Dev Gus Ida; on-leave Eve",
                  "5 of 6 + 1 not-yet-due + 1 on-leave")),
    # Jon and Eve are on leave. The day before it was heard that Ida's job at South ended on 30 June: she is at both,
    # and her story is expired.
    *pair(Asked("2025-07-05", "2025-07-13", 9, 1, "6 of 7", "93.7 %",  # 6 + 7 + 2 of 6 + 7 + 3; late: Ida
        care=("4 of 4 + 1 not-needed: up-to-date Ann Ben Fay Ida; not-needed Hal",
              "3 of 3 + 1 on-leave + 1 not-needed: up-to-date Dev Gus Ida; on-leave Eve; not-needed Jon",
              "6 of 6 + 1 on-leave + 2 not-needed"),
        everyone=("5 of 5: up-to-date Ann Ben Fay Hal Ida",
                  "3 of 3 + 2 on-leave: up-to-date Dev Gus Ida; on-leave Eve Jon",
                  "7 of 7 + 2 on-leave"),
        story=("0 of 0 + 1 held + 4 not-needed: held Ida; not-needed Ann Ben Fay Hal",
               "2 of 3 + 1 on-leave + 1 not-needed: up-to-date Dev Gus; expired Ida; on-leave Eve; not-needed Jon",
               "2 of 3 + 1 on-leave + 5 not-needed")),
        # The day it was heard: at North alone, where the story is held and asked of nobody.
        known="2025-07-14", at_both=0, wholly="7 of 7", percent="100.0 %",  # 6 + 7 + 2 of 6 + 7 + 2
        care=("4 of 4 + 1 not-needed: up-to-date Ann Ben Fay Ida; not-needed Hal",
              "2 of 2 + 1 on-leave + 1 not-needed: up-to-date Dev Gus; on-leave Eve; not-needed Jon",
              "6 of 6 + 1 on-leave + 2 not-needed"),
        everyone=("5 of 5: up-to-date Ann Ben Fay Hal Ida",
                  "2 of 2 + 2 on-leave: up-to-date Dev Gus; on-leave Eve Jon",
                  "7 of 7 + 2 on-leave"),
        story=("0 of 0 + 1 held + 4 not-needed: held Ida; not-needed Ann Ben Fay Hal",
               "2 of 2 + 1 on-leave + 1 not-needed: up-to-date Dev Gus; on-leave Eve; not-needed Jon",
               "2 of 2 + 1 on-leave + 1 held + 5 not-needed")),
    # A month's end: the last day that Eve has for care after her leave; her story was due on 28 Nov. Dev is a nurse.
    *pair(Asked("2025-11-30", NOW, 9, 0, "8 of 9", "93.7 %",  # 5 + 9 + 1 of 5 + 9 + 2; late: Eve
        care=("4 of 4 + 1 not-needed: up-to-date Ben; expiring-soon Ann Fay Ida; not-needed Hal",
              "1 of 1 + 1 not-yet-due + 1 held + 1 not-needed: "
              "up-to-date Gus; not-yet-due Eve; held Dev; not-needed Jon",
              "5 of 5 + 1 not-yet-due + 1 held + 2 not-needed"),
        everyone=("5 of 5: up-to-date Ann Ben Fay Hal Ida",
                  "4 of 4: up-to-date Dev Eve Gus Jon",
                  "9 of 9"),
        story=("0 of 0 + 1 held + 4 not-needed: held Ida; not-needed Ann Ben Fay Hal",
               "1 of 2 + 1 held + 1 not-needed: up-to-date Gus; expired Eve; held Dev; not-needed Jon",
               "1 of 2 + 2 held + 5 not-needed")),
        # The day after.
        day="2025-12-01", percent="88.2 %",  # 5 + 9 + 1 of 6 + 9 + 2; late: Eve, twice
        care=("4 of 4 + 1 not-needed: up-to-date Ben; expiring-soon Ann Fay Ida; not-needed Hal",
              "1 of 2 + 1 held + 1 not-needed: up-to-date Gus; expired Eve; held Dev; not-needed Jon",
              "5 of 6 + 1 held + 2 not-needed")),
    # Foreseen on the day before Gus's pass was revoked: his care runs on to 30 May 2026, window 1 Mar. Dev, a care
    # worker again from 2 Feb, would be late with care (4 Mar) and story (2 Mar). Nobody had renewed EVERYONE but
    # Dev and Gus. Ben's care ended on 9 Mar, Fay's on 30 Jan.
    *pair(Asked("2026-03-10", "2026-02-15", 9, 0, "6 of 9", "78.9 %",  # 4 + 9 + 2 of 7 + 9 + 3; late: Ben, Fay, Dev
        care=("2 of 4 + 1 not-needed: up-to-date Ann Ida; expired Ben Fay; not-needed Hal",
              "2 of 3 + 1 not-needed: up-to-date Eve; expiring-soon Gus; overdue Dev; not-needed Jon",
              "4 of 7 + 2 not-needed"),
        everyone=("5 of 5: expiring-soon Ann Ben Fay Hal Ida",
                  "4 of 4: up-to-date Dev Gus; expiring-soon Eve Jon",
                  "9 of 9"),
        story=("0 of 0 + 1 held + 4 not-needed: held Ida; not-needed Ann Ben Fay Hal",
               "2 of 3 + 1 not-needed: up-to-date Eve Gus; overdue Dev; not-needed Jon",
               "2 of 3 + 1 held + 5 not-needed")),
        # On the day it was revoked: without it Gus's care ran to 4 Mar 2026.
        known="2026-02-16", wholly="5 of 9", percent="73.6 %",  # 3 + 9 + 2 of 7 + 9 + 3; late: Ben, Fay, Dev, Gus
        care=("2 of 4 + 1 not-needed: up-to-date Ann Ida; expired Ben Fay; not-needed Hal",
              "1 of 3 + 1 not-needed: up-to-date Eve; expired Gus; overdue Dev; not-needed Jon",
              "3 of 7 + 2 not-needed")),
    # The day before everyone was asked again: all in date to 31 Mar 2027 but Ben. Fay has left, Kim has come.
    *pair(Asked("2026-05-15", "2026-04-30", 9, 0, "6 of 9", "85.0 %",  # 6 + 8 + 3 of 7 + 9 + 4; late: Ben, Gus, Dev
        care=("3 of 3 + 1 not-needed: up-to-date Ann Ben Ida; not-needed Hal",
              "3 of 4 + 1 not-needed: up-to-date Dev Eve Kim; expired Gus; not-needed Jon",
              "6 of 7 + 2 not-needed"),
        everyone=("3 of 4: up-to-date Ann Hal Ida; expired Ben",
                  "5 of 5: up-to-date Dev Eve Gus Jon Kim",
                  "8 of 9"),
        story=("0 of 0 + 1 held + 3 not-needed: held Ida; not-needed Ann Ben Hal",
               "3 of 4 + 1 not-needed: up-to-date Eve Kim; expiring-soon Gus; overdue Dev; not-needed Jon",
               "3 of 4 + 1 held + 4 not-needed")),
        # The day of the announcement: the window is open for all but Gus, who passed again on it.
        known="2026-05-01",
        everyone=("3 of 4: expiring-soon Ann Hal Ida; expired Ben",
                  "5 of 5: up-to-date Gus; expiring-soon Dev Eve Jon Kim",
                  "8 of 9")),
    # The last day of the cap: Eve passes on it; Dev, Hal and Jon never did. Dev's story is passed, Gus's is not.
    *pair(Asked("2026-06-30", NOW, 9, 0, "8 of 9", "90.0 %",  # 6 + 9 + 3 of 7 + 9 + 4; late: Gus, twice
        care=("3 of 3 + 1 not-needed: up-to-date Ann Ben Ida; not-needed Hal",
              "3 of 4 + 1 not-needed: up-to-date Dev Eve Kim; expired Gus; not-needed Jon",
              "6 of 7 + 2 not-needed"),
        everyone=("4 of 4: up-to-date Ann Ben Ida; expiring-soon Hal",
                  "5 of 5: up-to-date Eve Gus Kim; expiring-soon Dev Jon",
                  "9 of 9"),
        story=("0 of 0 + 1 held + 3 not-needed: held Ida; not-needed Ann Ben Hal",
               "3 of 4 + 1 not-needed: up-to-date Dev Kim; expiring-soon Eve; expired Gus; not-needed Jon",
               "3 of 4 + 1 held + 4 not-needed")),
        # The day after the cap. Eve passes the story on the day.
        day="2026-07-01", wholly="5 of 9", percent="75.0 %",  # 6 + 6 + 3 of 7 + 9 + 4; late: Gus, Hal, Dev, Jon
        everyone=("3 of 4: up-to-date Ann Ben Ida; expired Hal",
                  "3 of 5: up-to-date Eve Gus Kim; expired Dev Jon",
                  "6 of 9"),
        story=("0 of 0 + 1 held + 3 not-needed: held Ida; not-needed Ann Ben Hal",
               "3 of 4 + 1 not-needed: up-to-date Dev Eve Kim; expired Gus; not-needed Jon",
               "3 of 4 + 1 held + 4 not-needed")),
    # The present day, which is read from what is stored. Dev's story ended on 17 Nov; Eve's window opens today.
    Asked("2026-12-01", NOW, 9, 0, "6 of 9", "80.0 %",  # 7 + 7 + 2 of 7 + 9 + 4; late: Dev, Gus, Jon
        care=("3 of 3 + 1 not-needed: up-to-date Ann Ben Ida; not-needed Hal",
              "4 of 4 + 1 not-needed: up-to-date Dev Eve Gus Kim; not-needed Jon",
              "7 of 7 + 2 not-needed"),
        everyone=("4 of 4: up-to-date Ann Ben Hal Ida",
                  "3 of 5: up-to-date Eve Gus Kim; expired Dev Jon",
                  "7 of 9"),
        story=("0 of 0 + 1 held + 3 not-needed: held Ida; not-needed Ann Ben Hal",
               "2 of 4 + 1 not-needed: up-to-date Kim; expiring-soon Eve; expired Dev Gus; not-needed Jon",
               "2 of 4 + 1 held + 4 not-needed")),
    # A forecast: the window of EVERYONE is open from 30 Jan; Eve's story ended with the year.
    Asked("2027-02-28", NOW, 9, 0, "5 of 9", "75.0 %",  # 7 + 7 + 1 of 7 + 9 + 4; late: Dev, Eve, Gus, Jon
        care=("3 of 3 + 1 not-needed: up-to-date Ann Ben Ida; not-needed Hal",
              "4 of 4 + 1 not-needed: up-to-date Dev Eve Gus Kim; not-needed Jon",
              "7 of 7 + 2 not-needed"),
        everyone=("4 of 4: expiring-soon Ann Ben Hal Ida",
                  "3 of 5: expiring-soon Eve Gus Kim; expired Dev Jon",
                  "7 of 9"),
        story=("0 of 0 + 1 held + 3 not-needed: held Ida; not-needed Ann Ben Hal",
               "1 of 4 + 1 not-needed: up-to-date Kim; expired Dev Eve Gus; not-needed Jon",
               "1 of 4 + 1 held + 4 not-needed")),
)
# fmt: on
