"""Why somebody stands where they stand on a day, in the exact sentence, by the rules alone."""

from tests.services.golden_history import CARE, EVERYONE, STORY

# Who, which item, as at, as known at the end of (None is now), and the sentence, by the rules alone.
REASONS = (
    # Early in the window, so it runs on from the old last day, 29 Jan 2025.
    (
        "Ann",
        CARE,
        "2025-02-10",
        None,
        "In date until 29 Jan 2026: renewed early on 10 Dec 2024, so it runs on from 29 Jan 2025.",
    ),
    # 30 days from 1 Jan 2024; the fortnight away is too short to move it.
    ("Ben", CARE, "2024-02-28", None, "Overdue since 1 Feb 2024: first due by 31 Jan 2024, and not passed yet."),
    # On 29 February, twelve months: the last day before the 1st of March of a year with 28.
    ("Ben", CARE, "2024-02-29", None, "In date until 28 Feb 2025: passed on 29 Feb 2024, and it lasts 12 months."),
    ("Ben", CARE, "2025-02-28", None, "In date until 28 Feb 2025: passed on 29 Feb 2024, and it lasts 12 months."),
    ("Ben", CARE, "2025-03-01", None, "Expired since 1 Mar 2025: in date until 28 Feb 2025, and not renewed yet."),
    # Late: from the day of the pass, not punished twice.
    (
        "Ben",
        CARE,
        "2025-03-31",
        None,
        "In date until 9 Mar 2026: renewed late on 10 Mar 2025 (it was in date until 28 Feb 2025), so it "
        "counts from the day of the pass.",
    ),
    (
        "Ben",
        EVERYONE,
        "2025-02-10",
        None,
        "In date until 31 Mar 2025: passed on 20 May 2024, so it runs to the first 31 Mar at least 3 months on.",
    ),
    # Cat left on 31 Jan 2025, heard on 5 Mar.
    (
        "Cat",
        CARE,
        "2025-02-10",
        "2025-03-04",
        "Expired since 20 Jan 2025: in date until 19 Jan 2025, and not renewed yet.",
    ),
    ("Cat", CARE, "2025-02-10", "2025-03-05", None),
    ("Cat", CARE, "2025-01-31", None, "Expired since 20 Jan 2025: in date until 19 Jan 2025, and not renewed yet."),
    # A nurse for three months: both are held, and nothing is asked.
    ("Dev", CARE, "2025-11-30", None, "Not needed by the present role: last passed on 1 Nov 2024."),
    # Back as a care worker on 2 Feb 2026: 28 days from then, and what ended before this need is no expiry in it.
    (
        "Dev",
        STORY,
        "2026-03-10",
        None,
        "Overdue since 3 Mar 2026: first due by 2 Mar 2026, and not passed since being in date until 31 Aug 2025.",
    ),
    # The window opens on 30 Jan 2025: a pass on the 29th counts from its own day, which gives the same 31 March.
    (
        "Dev",
        EVERYONE,
        "2025-02-10",
        None,
        "In date until 31 Mar 2026: renewed on 29 Jan 2025, before the window opened, so it runs to the first"
        " 31 Mar at least 3 months on.",
    ),
    # Asked again: unknown on 30 Apr 2026, a cap from 1 May, expired the day after it.
    (
        "Dev",
        EVERYONE,
        "2026-06-30",
        "2026-04-30",
        "In date until 31 Mar 2027: renewed early on 5 Feb 2026, so it runs on from 31 Mar 2026 to the first "
        "31 Mar at least 3 months on.",
    ),
    (
        "Dev",
        EVERYONE,
        "2026-06-30",
        "2026-05-01",
        "In date until 30 Jun 2026: renewed early on 5 Feb 2026, so it runs on from 31 Mar 2026 to the first "
        "31 Mar at least 3 months on; everyone passes again, and earlier passes count no later than 30 Jun "
        "2026.",
    ),
    ("Dev", EVERYONE, "2026-07-01", None, "Expired since 1 Jul 2026: in date until 30 Jun 2026, and not renewed yet."),
    # Ann passed again on 10 June: the cap is lifted and the date of 31 March comes back.
    (
        "Ann",
        EVERYONE,
        "2026-06-09",
        None,
        "In date until 30 Jun 2026: renewed on its last day, 31 Mar 2026, so it runs on from there to the first"
        " 31 Mar at least 3 months on; everyone passes again, and earlier passes count no later than 30 Jun "
        "2026.",
    ),
    (
        "Ann",
        EVERYONE,
        "2026-06-10",
        None,
        "In date until 31 Mar 2027: renewed on its last day, 31 Mar 2026, so it runs on from there to the first"
        " 31 Mar at least 3 months on.",
    ),
    # The leave had no end until 20 Oct 2025; after it there are 30 days for care.
    (
        "Eve",
        CARE,
        "2025-02-10",
        "2025-10-19",
        "On leave from 3 Feb 2025 with no end given, so no day is set to be due.",
    ),
    ("Eve", CARE, "2025-02-10", "2025-10-20", "On leave from 3 Feb 2025 until 31 Oct 2025, so nothing is due."),
    (
        "Eve",
        CARE,
        "2025-11-30",
        None,
        "Not yet due: in date until 24 Mar 2025, and after leave until 31 Oct 2025 it is due again by 30 Nov 2025.",
    ),
    (
        "Eve",
        CARE,
        "2025-12-01",
        None,
        "Expired since 1 Dec 2025: in date until 24 Mar 2025, due by 30 Nov 2025, and not renewed yet.",
    ),
    # By completion: a pass on the last valid day still counts from itself; six months, the old version.
    (
        "Eve",
        STORY,
        "2025-01-31",
        None,
        "In date until 27 Jun 2025: renewed on 28 Dec 2024, so it counts from the day of the pass.",
    ),
    (
        "Eve",
        STORY,
        "2026-12-01",
        None,
        "In date until 31 Dec 2026: renewed on 1 Jul 2026, so it counts from the day of the pass.",
    ),
    # A break of 77 days: the need began anew on 16 Sep 2024.
    (
        "Fay",
        EVERYONE,
        "2024-09-16",
        None,
        "Not yet due: first due by 30 Sep 2024, 14 days from 16 Sep 2024, when the need began.",
    ),
    # A break of 21 days: the need of 1 Jan 2024 goes on.
    ("Gus", CARE, "2024-05-06", None, "Overdue since 1 Feb 2024: first due by 31 Jan 2024, and not passed yet."),
    # The pass of 31 May 2024, before and after it was known never to have counted.
    (
        "Gus",
        CARE,
        "2026-03-10",
        "2026-02-15",
        "In date until 30 May 2026: renewed early on 5 Mar 2025, so it runs on from 30 May 2025.",
    ),
    (
        "Gus",
        CARE,
        "2026-03-04",
        "2026-02-16",
        "In date until 4 Mar 2026: renewed on 5 Mar 2025, before the window opened, so it counts from the day"
        " of the pass.",
    ),
    (
        "Gus",
        CARE,
        "2026-03-10",
        "2026-02-16",
        "Expired since 5 Mar 2026: in date until 4 Mar 2026, and not renewed yet.",
    ),
    # Exempt before ever in date: 14 days from the day after. Exempt while it lapsed: 14 days after the end.
    (
        "Hal",
        EVERYONE,
        "2024-02-29",
        None,
        "Exempt until 30 Apr 2024: Has just been taught this elsewhere (agreed by Dr Shah).",
    ),
    (
        "Hal",
        EVERYONE,
        "2024-05-06",
        None,
        "Not yet due: first due by 15 May 2024, 14 days from 1 May 2024, after the exemption.",
    ),
    (
        "Hal",
        EVERYONE,
        "2025-05-10",
        "2025-04-06",
        "Exempt until 31 May 2025: Has just been taught this elsewhere (agreed by Dr Shah).",
    ),
    (
        "Hal",
        EVERYONE,
        "2025-05-10",
        "2025-04-07",
        "Not yet due: in date until 31 Mar 2025, and after exemption until 30 Apr 2025 it is due again by 14 May 2025.",
    ),
    # 16 Jun and 33 days of leave.
    (
        "Jon",
        EVERYONE,
        "2025-07-14",
        None,
        "Not yet due: first due by 19 Jul 2025, 14 days from 2 Jun 2025, when the need began, moved on by 33 "
        "days of leave.",
    ),
    # The need began after 1 Mar 2026, so a year.
    ("Kim", STORY, "2027-02-28", None, "In date until 6 Apr 2027: passed on 7 Apr 2026, and it lasts 12 months."),
    ("Kim", STORY, "2027-04-07", None, "Expired since 7 Apr 2027: in date until 6 Apr 2027, and not renewed yet."),
)
