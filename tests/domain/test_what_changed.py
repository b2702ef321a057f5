"""What changed between two versions of a module or a story."""

from dataclasses import replace
from datetime import date

import pytest

from training.domain.changes import (
    Changes,
    Difference,
    StoryChanges,
    all_changes,
    changed_cards,
    changed_front,
    changed_headings,
    changed_scenes,
    changed_sources,
    difference,
)
from training.domain.module import Card, Module, Option, Part, Question, QuestionKind, SignOff, Source
from training.domain.roles import Role
from training.domain.scenario import Choice, Ending, Scenario, Scene, Tag

DAY = date(2026, 3, 2)
CARER, DOCTOR = Role.SOCIAL_CARE, Role.PRESCRIBER
SAME = Difference()


def cited(number):
    return f'<sup class="app-citation"><span>Source\n</span>{number}</sup>'


def question(id, *options, prompt="<p>What first?</p>", **more):  # noqa: A002 (its field)
    return Question(id, QuestionKind.SINGLE, prompt, options or (Option("a", "Look", "Yes.", right=True),), **more)


def card(slug, *texts, asks=(), title=None):
    parts = [*(Part(html=text) for text in texts), *(Part(question=each) for each in asks)]
    return Card(slug, title or slug.title(), tuple(parts))


def module(cards, **more):
    cards = cards if isinstance(cards, dict) else {CARER: cards}
    known = {
        "slug": "m",
        "title": "M",
        "summary": "m",
        "minutes": 5,
        "version": "1.0",
        "material": False,
        "pass_mark": 80,
        "outcomes": (),
        "capability": "",
        "sources": (),
        "written_on": DAY,
        "review_by": DAY,
        "content_hash": "old",
    }
    return Module(roles=tuple(cards), cards={role: tuple(some) for role, some in cards.items()}, **{**known, **more})


def compare(before, after):
    found = changed_cards(module(before), module(after), CARER)
    return found.cards, found.questions


def test_names_are_told_apart_by_where_they_stand_and_what_they_hold():
    before = {"went": 1, "stays": 2, "turns": 3, "left": 4}
    after = {"new": 0, "turns": 5, "stays": 2, "newer": 6, "bends": 0}
    found = difference({**before, "bends": 1}, after)
    assert found == Difference(added=("new", "newer"), removed=("went", "left"), changed=("turns", "bends"))
    assert found.new_or_changed == ("new", "newer", "turns", "bends")


@pytest.mark.parametrize("what", ["added", "removed", "changed"])
def test_one_name_is_a_difference(what):
    one = Difference(**{what: ("x",)})
    assert bool(one)
    assert not SAME
    assert Changes(one, SAME)
    assert Changes(SAME, one)
    assert not Changes(SAME, SAME)
    assert StoryChanges(one, SAME)
    assert StoryChanges(SAME, one)
    assert not StoryChanges(SAME, SAME)


def test_a_card_changes_with_its_heading_or_its_words():
    before = [card("look", "<p>Look.</p>", "<p>Ask.</p>")]
    assert compare(before, before) == (SAME, SAME)
    changed = Difference(changed=("look",))
    assert compare(before, [card("look", "<p>Look.</p>", "<p>Ask her.</p>")]) == (changed, SAME)
    assert compare(before, [card("look", "<p>Look.</p>", "<p>Ask.</p>", title="See")]) == (changed, SAME)
    assert compare(before, [card("look", "<p>Look.</p><p>Ask.</p>")]) == (changed, SAME)


def test_a_question_counts_for_itself_wherever_it_stands():
    asks = question("first")
    before = [card("look", "<p>Look.</p>", asks=[asks]), card("act", "<p>Act.</p>")]
    assert compare(before, [card("look", "<p>Look.</p>"), card("act", "<p>Act.</p>", asks=[asks])]) == (SAME, SAME)
    told = question("first", Option("a", "Look", "Yes!", right=True))
    worded = question("first", Option("a", "See", "Yes.", right=True))
    for other in (told, worded, question("first", prompt="<p>What now?</p>"), question("first", must=True)):
        after = [card("look", "<p>Look.</p>", asks=[other]), card("act", "<p>Act.</p>")]
        assert compare(before, after) == (SAME, Difference(changed=("first",)))


def test_a_source_that_is_numbered_anew_changes_nothing():
    def told(number):
        option = Option("a", f"Look{cited(number)}", f"Yes{cited(number)}")
        return [card("look", f"<p>a{cited(number)}</p>", asks=[question("first", option, prompt=f"b{cited(number)}")])]

    assert compare(told(1), told(12)) == (SAME, SAME)
    assert compare([card("look", "<p>1</p>")], [card("look", "<p>12</p>")]) == (Difference(changed=("look",)), SAME)
    old, new = (cited(number).replace("Source", source) for number, source in ((1, "One"), (1, "Two")))
    assert compare([card("look", old)], [card("look", new)]) == (Difference(changed=("look",)), SAME)


def test_a_role_that_one_version_does_not_serve_has_nothing_in_it():
    serving = module({CARER: [card("look", asks=[question("first")])]})
    other = module({DOCTOR: [card("see")]})
    assert changed_cards(other, serving, CARER) == Changes(Difference(added=("look",)), Difference(added=("first",)))
    assert changed_cards(serving, other, CARER) == Changes(
        Difference(removed=("look",)), Difference(removed=("first",))
    )


def test_several_steps_name_each_thing_once():
    one = Changes(Difference(("a",), ("b",), ("c",)), Difference(added=("q",)))
    two = Changes(Difference(("a", "d"), ("b", "e"), ("f", "c")), Difference(removed=("r",)))
    assert all_changes(iter([one, two])) == Changes(
        Difference(("a", "d"), ("b", "e"), ("c", "f")), Difference(added=("q",), removed=("r",))
    )
    assert all_changes([]) == Changes(SAME, SAME)


def test_headings_name_what_reads_or_asks_differently_for_anybody():
    asks, other = question("first"), question("second")
    shared = [card("look", "<p>Look.</p>"), card("act", "<p>Act.</p>", asks=[asks]), card("rest", "<p>Rest.</p>")]
    before = module({CARER: shared, DOCTOR: shared})
    assert changed_headings(before, before) == ()
    changed = [
        card("look", "<p>See.</p>"),
        card("act", "<p>Act.</p>", asks=[asks, other]),
        card("rest", "<p>Rest.</p>"),
        card("new"),
    ]
    assert changed_headings(before, module({DOCTOR: shared, CARER: changed})) == ("Look", "Act", "New")
    both = module({DOCTOR: changed[:1], CARER: changed})
    assert changed_headings(before, both) == ("Look", "Act", "New")


def test_the_front_matter_that_differs_is_told_with_both_its_values():
    before = module([card("look")])
    after = replace(before, title="N", minutes=6, clinical_signoff=SignOff("Dr A", DAY), slug="n", kind="k")
    after = replace(after, content_hash="new", cards={}, sources=(source("a"),))
    assert changed_front(before, before) == {}
    assert changed_front(before, after) == {
        "title": ("M", "N"),
        "minutes": (5, 6),
        "clinical_signoff": (None, SignOff("Dr A", DAY)),
    }


def source(key, title="T"):
    return Source(key, title, "P", "https://example.org", DAY)


def test_sources_are_compared_by_their_keys():
    before = module([], sources=(source("a"), source("b"), source("c")))
    after = module([], sources=(source("d"), source("c", "U"), source("b")))
    assert changed_sources(before, after) == Difference(added=("d",), removed=("a",), changed=("c",))


def choice(words, feedback="Well done.", key="monday:1", **more):
    return Choice(key, words, "tuesday", feedback, **more)


def scene(slug, *choices, html="<p>Told.</p>", **more):
    return Scene(slug, more.pop("title", slug.title()), html, choices, **more)


def story(*scenes):
    return Scenario(
        *("s", "S", "s", (CARER,), 5, "1.0", False, (), "", (), DAY, DAY, scenes[0].slug, {}),
        {each.slug: each for each in scenes},
        "hash",
    )


def told(before, after):
    found = changed_scenes(before, after)
    return found.scenes, found.choices


ASK, WAIT = choice("Ask"), choice("Wait", key="monday:2")
STORY = story(scene("monday", ASK, WAIT), scene("tuesday", ending=Ending.SAFE))


@pytest.mark.parametrize(
    "tuesday",
    [
        scene("tuesday"),
        scene("tuesday", html="", ending=Ending.SAFE),
        scene("tuesday", title="End", ending=Ending.SAFE),
    ],
)
def test_a_scene_changes_with_its_heading_words_or_ending(tuesday):
    assert told(STORY, STORY) == (SAME, SAME)
    assert told(STORY, story(scene("monday", ASK, WAIT), tuesday)) == (Difference(changed=("tuesday",)), SAME)


def test_a_choice_counts_by_its_words_wherever_it_stands():
    tuesday = STORY.scenes["tuesday"]
    moved = story(scene("monday", replace(WAIT, key="monday:1"), replace(ASK, key="monday:2")), tuesday)
    assert told(STORY, moved) == (SAME, SAME)
    tagged = story(scene("monday", replace(ASK, tag=Tag.SAFE), replace(WAIT, feedback_html="No.")), tuesday)
    assert told(STORY, tagged) == (SAME, Difference(changed=("monday: Ask", "monday: Wait")))
    worded = story(scene("monday", replace(ASK, html="Ask her"), WAIT), tuesday)
    assert told(STORY, worded) == (SAME, Difference(added=("monday: Ask her",), removed=("monday: Ask",)))


def test_the_choices_of_a_scene_that_is_new_or_gone_go_with_it():
    other = scene("sunday", choice("Rest"))
    longer = story(*STORY.scenes.values(), other)
    assert told(STORY, longer) == (Difference(added=("sunday",)), SAME)
    assert told(longer, STORY) == (Difference(removed=("sunday",)), SAME)


def test_a_story_whose_sources_are_numbered_anew_has_not_changed():
    def numbered(number):
        return story(scene("monday", choice("Ask", f"Yes{cited(number)}"), html=f"<p>a{cited(number)}</p>"))

    assert told(numbered(1), numbered(2)) == (SAME, SAME)


def test_headings_of_a_story_name_scenes_that_read_or_offer_something_else():
    assert changed_headings(STORY, STORY) == ()
    tuesday = STORY.scenes["tuesday"]
    offers = story(scene("monday", ASK, choice("Go: now")), tuesday, scene("sunday"))
    assert changed_headings(STORY, offers) == ("Monday", "Sunday")
    reads = story(scene("monday", ASK, WAIT), replace(tuesday, html="<p>Other.</p>"))
    assert changed_headings(STORY, reads) == ("Tuesday",)
