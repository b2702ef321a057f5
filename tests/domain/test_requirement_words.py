"""A requirement in a manager's words."""

from dataclasses import replace

import pytest

from training.domain.requirement import Basis, Terms
from training.domain.requirement_words import audience_in_words, terms_in_words
from training.domain.roles import Role

FIXED = Terms(12, window_days=60, basis=Basis.FIXED_DATE, fixed_month=3, fixed_day=31)


@pytest.mark.parametrize(
    ("terms", "due_days", "words"),
    [
        (Terms(None), 0, ("First due on the day the need begins.", "A pass does not expire.")),
        (
            Terms(12),
            1,
            (
                "First due 1 day after the need begins.",
                "A pass lasts 12 months and can be renewed in its last 90 days.",
                "A renewal in that time runs on from the old date, so no days are lost.",
            ),
        ),
        (
            Terms(1, window_days=1, basis=Basis.COMPLETION),
            30,
            (
                "First due 30 days after the need begins.",
                "A pass lasts 1 month and can be renewed in its last 1 day.",
                "A renewal always counts from the day of the pass.",
            ),
        ),
        (
            FIXED,
            30,
            (
                "First due 30 days after the need begins.",
                "A pass can be renewed in its last 60 days.",
                "Everyone renews by 31 Mar each year, and a first pass lasts at least 3 months.",
            ),
        ),
    ],
)
def test_terms_are_told_a_sentence_each(terms, due_days, words):
    assert terms_in_words(terms, due_days=due_days) == words


@pytest.mark.parametrize(
    ("month", "day", "minimum", "words"),
    [
        (2, 29, 1, "Everyone renews by the end of February each year, and a first pass lasts at least 1 month."),
        (2, 28, 3, "Everyone renews by 28 Feb each year, and a first pass lasts at least 3 months."),
        (12, 29, 6, "Everyone renews by 29 Dec each year, and a first pass lasts at least 6 months."),
        (1, 1, 6, "Everyone renews by 1 Jan each year, and a first pass lasts at least 6 months."),
    ],
)
def test_a_fixed_date_is_told_as_people_say_it(month, day, minimum, words):
    terms = replace(FIXED, fixed_month=month, fixed_day=day, minimum_months=minimum)
    assert terms_in_words(terms, due_days=0)[-1] == words


@pytest.mark.parametrize(
    ("roles", "titles", "sites", "words"),
    [
        ([Role.SOCIAL_CARE], [], [], "Social care worker"),
        ([Role.SOCIAL_CARE, Role.PRESCRIBER], [], [], "Prescriber or Social care worker"),
        (
            [Role.FAMILY_CARER, Role.SOCIAL_CARE, Role.PRESCRIBER],
            [],
            [],
            "Prescriber, Social care worker or Family carer",
        ),
        (
            [Role.SOCIAL_CARE],
            ["Senior", "Cook"],
            ["Alder"],
            "Social care worker, with the job title Senior or Cook, at Alder",
        ),
        ([Role.SOCIAL_CARE], [], ["Alder", "Birch", "Cedar"], "Social care worker, at Alder, Birch or Cedar"),
    ],
)
def test_an_audience_is_told_with_the_titles_and_sites_that_narrow_it(roles, titles, sites, words):
    assert audience_in_words(roles, job_titles=titles, sites=sites) == words


def test_an_audience_that_nothing_narrows_needs_no_lists():
    assert audience_in_words([Role.PRESCRIBER]) == "Prescriber"
