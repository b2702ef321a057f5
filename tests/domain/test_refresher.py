"""Refreshers: when one is enough, what it asks and why, and when it is passed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from training.domain.certification import Cap, Pass, certify_all
from training.domain.days import Span, format_day
from training.domain.module import Card, Module, Option, Part, Question, QuestionKind
from training.domain.need import Exemption, Facts
from training.domain.refresher import (
    Asked,
    NothingToAsk,
    Owed,
    Why,
    WrongAnswer,
    change_reaches,
    mark_refresher,
    refresher_owed,
    refresher_questions,
)
from training.domain.requirement import Basis, Reach, Terms
from training.domain.roles import Role
from training.domain.scoring import AnswerUnknown
from training.domain.standing import status_on, work_out
from training.domain.status import Status

ONE_DAY = timedelta(days=1)
YEARLY = Terms(12)
OWING = {Status.EXPIRING_SOON, Status.NOT_YET_DUE, Status.EXPIRED, Status.OVERDUE}


def on(text):
    return date.fromisoformat(text)


def days(*texts):
    return [on(text) for text in texts]


def span(from_, until=None):
    return Span(on(from_), until and on(until))


def periods(*passes, terms=YEARLY):
    return certify_all(
        [each if isinstance(each, Pass) else Pass(on(each)) for each in passes], terms_on=lambda _: terms
    )


def facts(*passes, terms=YEARLY, **changes):
    """Someone in post since 2024 who needs the item, due in 30 days; passed on 14 Jan 2026 unless told otherwise."""
    started = (span("2024-01-01"),)
    passed = periods(*(passes or ["2026-01-14"]), terms=terms)
    return Facts(**{"on_file": started, "needs": started, "due_days": 30, "periods": passed} | changes)


def owing(facts, day, *, kind="module", passed_here=("2024-01-01",), failed=()):
    standing = work_out(facts, as_at=on(day))
    return refresher_owed(standing, day=on(day), kind=kind, passed_here=days(*passed_here), failed=days(*failed))


def owed(facts, day, **rest):
    return owing(facts, day, **rest).owed.value


# What is owed


@pytest.mark.parametrize(
    ("day", "expected", "reason"),
    [
        (
            "2026-10-14",
            "nothing",
            "Nothing is owed: in date until 13 Jan 2027, and the window to renew opens on 15 Oct 2026.",
        ),
        (
            "2026-10-15",
            "refresher",
            "A refresher is owed: in date until 13 Jan 2027, and the window to renew opened on 15 Oct 2026.",
        ),
        (
            "2027-01-13",
            "refresher",
            "A refresher is owed: in date until 13 Jan 2027, and the window to renew opened on 15 Oct 2026.",
        ),
        (
            "2027-01-14",
            "refresher",
            "A refresher is owed: in date until 13 Jan 2027, and a refresher is enough until 13 Jan 2028.",
        ),
        (
            "2028-01-13",
            "refresher",
            "A refresher is owed: in date until 13 Jan 2027, and a refresher is enough until 13 Jan 2028.",
        ),
        (
            "2028-01-14",
            "in-full",
            "The full module is owed: in date until 13 Jan 2027, and a refresher was enough until 13 Jan 2028.",
        ),
    ],
)
def test_a_refresher_is_enough_from_the_window_to_twelve_months_after_expiry(day, expected, reason):
    owing_then = owing(facts(), day)
    assert (owing_then.owed.value, owing_then.reason) == (expected, reason)
    assert owing_then.enough_until == (on("2028-01-13") if expected == "refresher" else None)


@pytest.mark.parametrize(
    ("passed_on", "valid_until", "last_day"),
    [
        ("2026-03-01", "2027-02-28", "2028-02-29"),
        ("2027-03-01", "2028-02-29", "2029-02-28"),
        ("2027-02-28", "2028-02-27", "2029-02-27"),
        ("2024-02-29", "2025-02-28", "2026-02-28"),
        ("2026-01-01", "2026-12-31", "2027-12-31"),
        ("2025-12-31", "2026-12-30", "2027-12-30"),
    ],
)
def test_the_twelve_months_are_counted_as_every_other_period(passed_on, valid_until, last_day):
    lapsed = facts(passed_on)
    assert work_out(lapsed, as_at=on(last_day)).valid_until == on(valid_until)
    assert owing(lapsed, last_day).enough_until == on(last_day)
    assert owed(lapsed, str(on(last_day) + ONE_DAY)) == "in-full"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"on_file": (span("2024-01-01", "2026-10-31"),)}, "no employment covers this day"),
        ({"needs": (span("2024-01-01", "2026-10-31"),)}, "the present role does not need it"),
        ({"needs": (), "periods": ()}, "the present role does not need it"),
        ({"leaves": (span("2026-10-20", "2027-02-28"),)}, "on leave until 28 Feb 2027"),
        ({"leaves": (span("2026-10-20"),)}, "on leave"),
        ({"exemptions": (Exemption(span("2026-10-20", "2027-02-28"), "A", "b"),)}, "exempt until 28 Feb 2027"),
        ({"exemptions": (Exemption(span("2026-10-20"), "A", "b"),)}, "exempt"),
        ({"periods": periods("2026-01-14", terms=Terms(None))}, "it does not expire"),
    ],
)
def test_nothing_is_owed_where_nothing_is_needed(changes, why):
    silent = facts(**changes)
    for failed in ((), ("2026-10-16", "2026-10-17")):
        told = owing(silent, "2026-11-01", failed=failed)
        assert (told.owed, told.reason) == (Owed.NOTHING, f"Nothing is owed: {why}.")


def test_what_lapsed_in_leave_is_refreshed_on_the_first_day_back():
    away = facts(leaves=(span("2026-12-01", "2027-11-30"),))
    assert [owed(away, day) for day in ("2026-11-30", "2026-12-01", "2027-11-30", "2027-12-01")] == [
        "refresher",
        "nothing",
        "nothing",
        "refresher",
    ]


def test_leave_does_not_lengthen_the_twelve_months():
    away = facts(leaves=(span("2026-12-01", "2028-01-13"),))
    assert owed(away, "2028-01-14") == "in-full"


def test_whoever_comes_back_within_twelve_months_is_refreshed():
    worked = (span("2024-01-01", "2026-06-30"), span("2027-03-01"))
    back = facts(on_file=worked, needs=worked)
    assert owed(back, "2027-03-01") == "refresher"


def test_whoever_never_passed_owes_the_full_module():
    new = facts(periods=())
    for day in ("2024-01-01", "2024-06-01"):
        told = owing(new, day, passed_here=())
        assert (told.owed, told.reason) == (Owed.IN_FULL, "The full module is owed: not passed yet.")


def test_an_import_without_a_version_of_ours_is_followed_by_the_full_module():
    imported = facts(Pass(on("2026-01-14"), on("2026-12-31")))
    assert owed(imported, "2026-10-01", passed_here=()) == "nothing"
    told = owing(imported, "2026-10-02", passed_here=())
    assert told.owed is Owed.IN_FULL
    assert told.reason == "The full module is owed: in date until 31 Dec 2026, and no version of it was passed here."


def test_an_import_after_a_pass_of_ours_keeps_the_refresher():
    both = facts("2025-01-14", Pass(on("2025-12-01"), on("2026-12-31")))
    assert owed(both, "2026-11-01", passed_here=("2025-01-14",)) == "refresher"


def test_a_pass_of_ours_after_the_day_asked_is_not_known():
    imported = facts(Pass(on("2026-01-14"), on("2026-12-31")), "2026-11-02")
    assert owed(imported, "2026-11-01", passed_here=("2026-11-02",)) == "in-full"
    assert owed(facts(), "2026-10-15", passed_here=("2026-10-15",)) == "refresher"


@pytest.mark.parametrize(
    ("failed", "expected"),
    [
        (["2026-10-15"], "refresher"),
        (["2026-10-15", "2026-11-01"], "in-full"),
        (["2026-11-01", "2026-11-01"], "in-full"),
        (["2026-10-14", "2026-11-01"], "refresher"),
        (["2026-11-01", "2026-11-02"], "refresher"),
        (["2026-01-01", "2026-01-02", "2026-10-14"], "refresher"),
    ],
)
def test_two_failures_in_one_renewal_bring_back_the_full_module(failed, expected):
    assert owed(facts(), "2026-11-01", failed=failed) == expected


def test_two_failures_are_told_with_the_day_they_count_from():
    told = owing(facts(), "2026-11-01", failed=["2026-10-15", "2026-10-16", "2026-11-02"])
    assert (
        told.reason == "The full module is owed: in date until 13 Jan 2027, and 2 tries since 15 Oct 2026 did not pass."
    )


def test_failures_before_and_after_expiry_are_of_one_renewal():
    assert owed(facts(), "2027-02-01", failed=["2027-01-13", "2027-01-14"]) == "in-full"
    assert owed(facts(), "2027-02-01", failed=["2027-01-14"]) == "refresher"


def test_a_pass_ends_a_renewal_and_its_failures():
    failed = ["2026-11-01", "2026-11-02", "2027-10-20"]
    renewed = facts("2026-01-14", "2026-12-05")
    assert owed(renewed, "2026-12-04", failed=failed) == "in-full"
    assert owed(renewed, "2026-12-05", failed=failed) == "nothing"
    assert owed(renewed, "2027-10-20", failed=failed) == "refresher"
    assert owed(renewed, "2027-10-20", failed=[*failed, "2027-10-20"]) == "in-full"


def test_failures_made_good_on_the_day_of_the_pass_are_forgotten_where_the_window_opens_that_day():
    terms = Terms(12, window_days=90, basis=Basis.FIXED_DATE, fixed_month=4, fixed_day=30)
    passed = facts("2027-02-01", terms=terms)
    assert work_out(passed, as_at=on("2027-02-01")).window_opens_on == on("2027-02-01")
    assert owed(passed, "2027-02-02", failed=["2027-02-01", "2027-02-01", "2027-02-02"]) == "refresher"
    assert owed(passed, "2027-02-02", failed=["2027-02-02", "2027-02-02"]) == "in-full"


def test_a_pass_that_moved_nothing_ends_the_run_of_failures():
    longer, shorter = Terms(12), Terms(1, window_days=10, basis=Basis.COMPLETION)
    passes = certify_all(
        [Pass(on("2026-01-14")), Pass(on("2026-11-01"))],
        terms_on=lambda day: longer if day < on("2026-06-01") else shorter,
    )
    again = facts(periods=passes)
    assert not passes[-1].moved
    assert owed(again, "2026-10-31", failed=["2026-10-20", "2026-10-21"]) == "in-full"
    assert owed(again, "2026-11-02", failed=["2026-10-20", "2026-10-21"]) == "refresher"


@pytest.mark.parametrize(
    ("day", "expected", "reason"),
    [
        (
            "2026-10-14",
            "nothing",
            "Nothing is owed: in date until 13 Jan 2027, and the window to renew opens on 15 Oct 2026.",
        ),
        (
            "2026-10-15",
            "in-full",
            "The whole story is owed: in date until 13 Jan 2027, and a story has no parts to ask on their own.",
        ),
        (
            "2028-01-14",
            "in-full",
            "The whole story is owed: in date until 13 Jan 2027, and a story has no parts to ask on their own.",
        ),
    ],
)
def test_a_scenario_is_taken_whole(day, expected, reason):
    told = owing(facts(), day, kind="scenario")
    assert (told.owed.value, told.reason) == (expected, reason)


def test_a_scenario_never_passed_is_owed_whole():
    assert owing(facts(periods=()), "2026-10-14", kind="scenario").reason == "The whole story is owed: not passed yet."


def test_everyone_again_is_owed_a_refresher_from_the_announcement():
    capped = facts(caps=(Cap(on("2026-06-30"), on("2026-04-01")),))
    assert [owed(capped, day) for day in ("2026-03-31", "2026-04-01", "2026-06-30", "2027-06-30", "2027-07-01")] == [
        "nothing",
        "refresher",
        "refresher",
        "refresher",
        "in-full",
    ]


FIRST = date(2026, 1, 1)
DAYS = st.integers(0, 1100).map(lambda offset: FIRST + timedelta(days=offset))
SPANS = st.builds(
    lambda from_, days: Span(from_, None if days is None else from_ + timedelta(days=days)),
    DAYS,
    st.one_of(st.none(), st.integers(0, 40), st.integers(0, 300)),
)
HISTORIES = st.builds(
    lambda passes, terms, exempt, **rest: Facts(
        periods=certify_all(passes, terms_on=lambda _: terms),
        exemptions=tuple(Exemption(span, "Ann Lee", "cover") for span in exempt),
        due_days=30,
        **rest,
    ),
    passes=st.lists(st.builds(Pass, DAYS), max_size=3),
    terms=st.sampled_from([Terms(1, window_days=10), Terms(6), Terms(12), Terms(None)]),
    exempt=st.lists(SPANS, max_size=1),
    on_file=st.one_of(st.just((Span(FIRST),)), st.lists(SPANS, max_size=2).map(tuple)),
    needs=st.one_of(st.just((Span(FIRST),)), st.lists(SPANS, max_size=2).map(tuple)),
    leaves=st.lists(SPANS, max_size=1).map(tuple),
)
KINDS = st.sampled_from(["module", "scenario"])
SOME_DAYS = st.lists(DAYS, max_size=4)


@settings(max_examples=examples(200))
@given(HISTORIES, DAYS, KINDS, SOME_DAYS, SOME_DAYS)
def test_what_is_owed_follows_from_status_and_dates(facts, day, kind, passed_here, failed):
    standing = work_out(facts, as_at=day)
    told = refresher_owed(standing, day=day, kind=kind, passed_here=passed_here, failed=failed)
    status = status_on(standing, day)
    assert (told.owed is not Owed.NOTHING) == (status in OWING)
    if told.owed is Owed.REFRESHER:
        assert kind == "module"
        assert standing.window_opens_on <= day <= told.enough_until
        assert min(passed_here) <= day
        assert facts.periods
    if kind == "scenario":
        assert told.owed is not Owed.REFRESHER


@settings(max_examples=examples(200))
@given(HISTORIES, DAYS, KINDS, SOME_DAYS, SOME_DAYS)
def test_what_had_not_happened_changes_nothing_and_is_not_told(facts, day, kind, passed_here, failed):
    def told(facts, passed_here, failed):
        standing = work_out(facts, as_at=day)
        return refresher_owed(standing, day=day, kind=kind, passed_here=passed_here, failed=failed)

    whole = told(facts, passed_here, failed)
    past = replace(facts, periods=tuple(period for period in facts.periods if period.passed_on <= day))
    assert whole == told(past, [each for each in passed_here if each <= day], [each for each in failed if each <= day])
    assert whole.reason.endswith(".")
    assert whole.reason.count(".") == 1
    assert "None" not in whole.reason


@settings(max_examples=examples(200))
@given(HISTORIES, DAYS, SOME_DAYS, SOME_DAYS, DAYS)
def test_another_failure_never_gives_back_a_refresher_and_moves_no_date(facts, day, passed_here, failed, one_more):
    standing = work_out(facts, as_at=day)
    before = refresher_owed(standing, day=day, kind="module", passed_here=passed_here, failed=failed)
    after = refresher_owed(standing, day=day, kind="module", passed_here=passed_here, failed=[*failed, one_more])
    if after.owed is not before.owed:
        assert (before.owed, after.owed) == (Owed.REFRESHER, Owed.IN_FULL)
    else:
        assert after.enough_until == before.enough_until


# Which changes are for whom


@pytest.mark.parametrize(
    ("reach", "need_began_on", "reaches"),
    [
        (None, "2026-06-02", False),
        (Reach.FROM_NOW_ON, "2026-05-31", False),
        (Reach.FROM_NOW_ON, "2026-06-01", True),
        (Reach.FROM_NOW_ON, None, False),
        (Reach.AT_NEXT_RENEWAL, "2020-01-01", True),
        (Reach.AT_NEXT_RENEWAL, None, True),
        (Reach.EVERYONE_AGAIN, "2020-01-01", True),
    ],
)
def test_a_change_of_content_reaches_those_it_was_chosen_for(reach, need_began_on, reaches):
    began = need_began_on and on(need_began_on)
    assert change_reaches(reach, decided_on=on("2026-06-01"), need_began_on=began) is reaches


def test_a_choice_without_a_day_reaches_no_need_of_its_own():
    assert not change_reaches(Reach.FROM_NOW_ON, decided_on=None, need_began_on=on("2026-06-01"))


# What is asked

CARER, NURSE = Role.SOCIAL_CARE, Role.NON_PRESCRIBER


def question(name, *, must=False, prompt="Ask?"):
    return Question(
        name, QuestionKind.SINGLE, prompt, (Option("a", "Yes", "", right=True), Option("b", "No", "")), must=must
    )


def card(slug, *questions, prose="Words."):
    return Card(slug, slug.title(), (Part(html=prose), *(Part(question=each) for each in questions)))


def module(*cards, pass_mark=80, **other_roles):
    return Module(
        slug="m",
        title="Side effects",
        summary="",
        roles=(CARER,),
        minutes=5,
        version="1.0",
        material=False,
        pass_mark=pass_mark,
        outcomes=(),
        capability="",
        sources=(),
        written_on=date(2026, 1, 1),
        review_by=date(2027, 1, 1),
        cards={CARER: cards, **{Role(name.replace("_", "-")): own for name, own in other_roles.items()}},
        content_hash="",
    )


OLD = module(
    card("first", question("plain")),
    card("second", question("safety", must=True), question("other")),
    card("third", question("last")),
)


def ask(present=OLD, *, role=CARER, passed=OLD, wrong=(), with_changes=True):
    wrong = [WrongAnswer(name, on(day)) for name, day in wrong]
    return refresher_questions(present, role=role, passed=passed, wrong=wrong, with_changes=with_changes)


def told(refresher):
    return [(asked.question.id, asked.sentence) for asked in refresher.asked]


def read(refresher):
    return [(each.card.slug, each.changed) for each in refresher.cards]


def test_safety_questions_are_always_asked():
    refresher = ask()
    assert told(refresher) == [("safety", "This is a safety question.")]
    assert refresher.asked[0].whys == (Why.SAFETY,)
    assert read(refresher) == [("second", False)]


def test_what_was_wrong_before_is_asked_with_the_last_day_it_was_wrong():
    refresher = ask(wrong=[("last", "2026-03-03"), ("plain", "2026-02-01"), ("last", "2025-03-03")])
    assert told(refresher) == [
        ("plain", "You had this wrong on 1 Feb 2026."),
        ("safety", "This is a safety question."),
        ("last", "You had this wrong on 3 Mar 2026."),
    ]
    assert refresher.asked[0].whys == (Why.WRONG_BEFORE,)
    assert read(refresher) == [("first", False), ("second", False), ("third", False)]


def test_a_question_chosen_twice_is_asked_once_and_says_both():
    (asked,) = ask(wrong=[("safety", "2026-03-03")]).asked
    assert asked.whys == (Why.SAFETY, Why.WRONG_BEFORE)
    assert asked.sentence == "This is a safety question and you had this wrong on 3 Mar 2026."


def test_a_question_that_is_gone_is_not_asked():
    assert ask(wrong=[("gone", "2026-03-03")]) == ask()


NEW = module(
    card("first", question("plain", prompt="Ask otherwise?")),
    card("added", question("fresh")),
    card("second", question("safety", must=True), question("other"), prose="Other words."),
    card("third", question("last")),
    card("closing", prose="Only words."),
)


def test_what_changed_since_the_pass_is_asked_and_read_again():
    refresher = ask(NEW, wrong=[("safety", "2026-03-03")])
    assert told(refresher) == [
        ("plain", "This has changed since you passed."),
        ("fresh", "This is new since you passed."),
        (
            "safety",
            "This is a safety question, you had this wrong on 3 Mar 2026 and its card has changed since you passed.",
        ),
        ("other", "Its card has changed since you passed."),
    ]
    assert refresher.asked[2].whys == (Why.SAFETY, Why.WRONG_BEFORE, Why.CHANGED)
    assert read(refresher) == [("first", False), ("added", True), ("second", True), ("closing", True)]


@pytest.mark.parametrize("unknown", [{"with_changes": False}, {"passed": None}])
def test_changes_that_are_not_for_this_person_are_left_out(unknown):
    refresher = ask(NEW, **unknown)
    assert told(refresher) == [("safety", "This is a safety question.")]
    assert read(refresher) == [("second", False)]


def test_a_new_safety_question_is_asked_even_where_changes_are_left_out():
    stricter = module(card("first", question("plain", must=True)), *OLD.cards[CARER][1:])
    assert told(ask(stricter, with_changes=False)) == [
        ("plain", "This is a safety question."),
        ("safety", "This is a safety question."),
    ]


def test_a_question_that_moved_is_asked_only_where_the_card_it_came_to_is_new_or_changed():
    first, second, third = OLD.cards[CARER]
    moved = module(
        replace(first, parts=(first.parts[0], third.parts[1], first.parts[1])),
        second,
        card("added", question("unlike")),
        replace(third, slug="renamed", parts=third.parts[:1]),
    )
    assert told(ask(moved))[1:] == [("unlike", "This is new since you passed.")]
    split = module(first, replace(second, parts=second.parts[:2]), card("added", question("other")), third)
    assert told(ask(split))[1:] == [("other", "Its card has changed since you passed.")]


def test_a_version_that_did_not_serve_the_role_makes_everything_new():
    both = module(card("first", question("plain")), non_prescriber=(card("ours", question("one"), question("two")),))
    refresher = ask(both, role=NURSE, passed=OLD)
    assert told(refresher) == [("one", "This is new since you passed."), ("two", "This is new since you passed.")]
    assert read(refresher) == [("ours", True)]


@pytest.mark.parametrize(
    ("number", "chosen"),
    [
        (1, ["q0"]),
        (2, ["q0", "q1"]),
        (3, ["q0", "q1", "q2"]),
        (4, ["q0", "q1", "q3"]),
        (5, ["q0", "q2", "q4"]),
        (10, ["q0", "q4", "q9"]),
    ],
)
def test_where_nothing_would_be_asked_a_few_from_across_the_module_are(number, chosen):
    easy = module(*(card(f"card{at}", question(f"q{at}")) for at in range(number)))
    refresher = ask(easy, passed=easy)
    assert list(refresher.question_ids) == chosen
    assert {asked.whys for asked in refresher.asked} == {(Why.LOOKING_BACK,)}
    assert {asked.sentence for asked in refresher.asked} == {"This is one of a few questions from across the module."}
    assert read(refresher) == [(name.replace("q", "card"), False) for name in chosen]


def test_a_changed_card_without_questions_is_read_beside_a_few_questions():
    before = module(card("first", question("one")), card("told"))
    after = module(card("first", question("one")), card("told", prose="Other words."))
    refresher = ask(after, passed=before)
    assert [asked.whys for asked in refresher.asked] == [(Why.LOOKING_BACK,)]
    assert read(refresher) == [("first", False), ("told", True)]


@pytest.mark.parametrize("role", [CARER, NURSE])
def test_a_module_that_asks_a_role_nothing_cannot_be_refreshed(role):
    with pytest.raises(NothingToAsk, match="“Side effects” asks nothing in this role"):
        ask(module(card("first")), role=role)


NAMES = [f"q{number}" for number in range(8)]


@st.composite
def modules(draw):
    """Return a module whose two roles read some of the same cards, each asking something."""
    names = draw(st.permutations(NAMES))
    questions = [question(each, must=draw(st.booleans()), prompt=draw(st.sampled_from("xy"))) for each in names]
    cuts = sorted(draw(st.lists(st.integers(1, 7), max_size=3, unique=True)))
    cards = [
        card(f"c{first}", *questions[first:last], prose=draw(st.sampled_from("xy")))
        for first, last in zip([0, *cuts], [*cuts, 8], strict=True)
    ]
    return module(*cards, non_prescriber=tuple(cards[: draw(st.integers(1, len(cards)))]))


WRONG = st.lists(st.builds(WrongAnswer, st.sampled_from([*NAMES, "gone"]), DAYS), max_size=5)


@settings(max_examples=examples(200))
@given(modules(), st.one_of(st.none(), modules()), WRONG, st.booleans(), st.sampled_from([CARER, NURSE]))
def test_a_refresher_asks_what_it_should_in_reading_order(present, passed, wrong, with_changes, role):
    refresher = refresher_questions(present, role=role, passed=passed, wrong=wrong, with_changes=with_changes)
    for_role = [each.id for each in present.questions(role)]
    asked = list(refresher.question_ids)
    assert asked
    assert asked == [name for name in for_role if name in asked]
    assert {each.id for each in present.questions(role) if each.must} <= set(asked)
    assert {each.question_id for each in wrong} & set(for_role) <= set(asked)
    slugs = [each.card.slug for each in refresher.cards]
    assert slugs == [each.slug for each in present.cards[role] if each.slug in slugs]
    assert {each.card.slug for each in refresher.asked} <= set(slugs)
    assert all(each.question in each.card.questions for each in refresher.asked)
    again = refresher_questions(present, role=role, passed=passed, wrong=wrong[::-1], with_changes=with_changes)
    assert again == refresher


@settings(max_examples=examples(200))
@given(modules(), st.one_of(st.none(), modules()), WRONG, st.booleans())
def test_each_question_says_truly_why_it_was_chosen(present, passed, wrong, with_changes):
    refresher = refresher_questions(present, role=CARER, passed=passed, wrong=wrong, with_changes=with_changes)
    for asked in refresher.asked:
        assert asked.whys
        assert (Why.SAFETY in asked.whys) == asked.question.must
        its_days = [each.on for each in wrong if each.question_id == asked.question.id]
        assert (Why.WRONG_BEFORE in asked.whys) == bool(its_days)
        assert not its_days or f"wrong on {format_day(max(its_days))}" in asked.sentence
        assert asked.sentence.count(".") == 1
    if not with_changes or passed is None:
        assert not any(each.changed for each in refresher.cards)
        assert not any(Why.CHANGED in asked.whys for asked in refresher.asked)
    if any(Why.LOOKING_BACK in asked.whys for asked in refresher.asked):
        assert {asked.whys for asked in refresher.asked} == {(Why.LOOKING_BACK,)}


# Whether it is passed

ASKED = ("plain", "safety", "other", "last")


@pytest.mark.parametrize(
    ("asked", "right", "pass_mark", "passed"),
    [
        (ASKED, ASKED, 80, True),
        (ASKED, ("plain", "safety", "other"), 75, True),
        (ASKED, ("plain", "safety", "other"), 76, False),
        (ASKED, ("plain", "other", "last"), 75, False),
        (("safety",), ("safety",), 80, True),
        (("safety",), (), 80, False),
        (("plain", "safety"), ("plain", "safety"), 80, True),
    ],
)
def test_a_refresher_passes_at_the_pass_mark_with_every_safety_question_right(asked, right, pass_mark, passed):
    answers = {name: ("a" if name in right else "b",) for name in asked}
    mark = mark_refresher(replace(OLD, pass_mark=pass_mark), role=CARER, asked=asked, answers=answers)
    assert (mark.passed, mark.right, mark.total) == (passed, len(right), len(asked))
    assert mark.wrong == tuple(name for name in asked if name not in right)


def test_a_safety_question_left_out_of_those_asked_is_marked_all_the_same():
    mark = mark_refresher(OLD, role=CARER, asked=["plain"], answers={"plain": ("a",)})
    assert (mark.passed, mark.must_wrong, mark.unanswered) == (False, ("safety",), ("safety",))


@pytest.mark.parametrize(
    ("asked", "answers"),
    [
        (["safety", "strange"], {}),
        (["safety"], {"strange": ("a",)}),
        (["safety"], {"plain": ("a",)}),
        (["safety"], {"safety": ("z",)}),
    ],
)
def test_what_was_not_asked_is_refused(asked, answers):
    with pytest.raises(AnswerUnknown):
        mark_refresher(OLD, role=CARER, asked=asked, answers=answers)


@settings(max_examples=examples(200))
@given(modules(), st.sets(st.sampled_from(NAMES), min_size=1), st.sets(st.sampled_from(NAMES)))
def test_no_refresher_is_passed_with_a_safety_question_wrong(present, asked, right):
    must = {each.id for each in present.questions(CARER) if each.must}
    answers = {name: ("a" if name in right else "b",) for name in asked | must}
    mark = mark_refresher(present, role=CARER, asked=asked, answers=answers)
    count = len(answers)
    assert mark.passed == (must <= right and len(right & answers.keys()) * 100 >= 80 * count)


def test_a_question_is_shown_with_the_card_to_look_it_up_on():
    assert ask().asked == (
        Asked(
            OLD.cards[CARER][1].questions[0], OLD.cards[CARER][1], (Why.SAFETY,), sentence="This is a safety question."
        ),
    )
