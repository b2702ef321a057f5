"""Other words over a module, and content that says its language, change nothing that counts."""

from dataclasses import replace
from datetime import date

import pytest

from training.domain import scoring
from training.domain.module import Card, Module, Option, Part, Question, QuestionKind, SignOff
from training.domain.refresher import refresher_questions
from training.domain.roles import Role
from training.domain.scenario import Choice, Scenario, Scene, Tag
from training.domain.translation import Translation, Words, language_of, reworded, tagged, translated, translation_of

ROLE, DAY = Role.SOCIAL_CARE, date(2026, 12, 1)


def question(
    *words: str, kind: QuestionKind = QuestionKind.TRUE_FALSE, right: str = "a", must: bool = True
) -> Question:
    asked, *said = words
    options = tuple(
        Option(key, one, f"<p>{one}!</p>", key == right, partner=f"{one}?") for key, one in zip("ab", said, strict=True)
    )
    return Question("stop", kind, asked, options, must=must, sources=("mar",))


def card(slug: str, title: str, html: str, asked: Question) -> Card:
    return Card(slug, title, (Part(html=html), Part(question=asked)), ("mar",))


ENGLISH = card("look-first", "Look first", "<p>Look.</p>", question("May you?", "True", "False", right="b"))
# A translator's file could tick the wrong one, and loses the kind; neither may count.
POLISH = card(
    "spojrz",
    "Najpierw spójrz",
    "<p>Spójrz.</p>",
    question("Wolno?", "Prawda", "Fałsz", kind=QuestionKind.SINGLE, must=False),
)
ABOUT = Translation("pl", "A Name", DAY)


def module(**changes: object) -> Module:
    known = {
        "slug": "first",
        "title": "First",
        "summary": "What it is.",
        "roles": (ROLE,),
        "minutes": 3,
        "version": "1.0",
        "material": False,
        "pass_mark": 80,
        "outcomes": ("Say it",),
        "capability": "C",
        "sources": (),
        "written_on": DAY,
        "review_by": DAY,
        "cards": {ROLE: (ENGLISH,)},
        "content_hash": "abc",
    }
    return Module(**{**known, **changes})


def in_polish() -> Module:
    return translated(module(), Words("Pierwszy", "Co to jest.", ("Powiedz",), {ROLE: (POLISH,)}), ABOUT)


def test_words_are_the_translations_and_the_rest_is_the_originals():
    found = in_polish()
    (shown,) = found.cards[ROLE]
    (asked,) = found.questions(ROLE)
    assert (found.title, found.summary, found.outcomes) == ("Pierwszy", "Co to jest.", ("Powiedz",))
    assert (shown.slug, shown.title, shown.sources) == ("look-first", "Najpierw spójrz", ("mar",))
    assert shown.parts[0].html == "<p>Spójrz.</p>"
    assert (asked.id, asked.kind, asked.must) == ("stop", QuestionKind.TRUE_FALSE, True)
    assert [(one.key, one.right) for one in asked.options] == [("a", False), ("b", True)]
    assert [(one.html, one.feedback_html, one.partner) for one in asked.options] == [
        ("Prawda", "<p>Prawda!</p>", "Prawda?"),
        ("Fałsz", "<p>Fałsz!</p>", "Fałsz?"),
    ]
    assert (found.content_hash, found.version, found.minutes, found.kind) == ("abc", "1.0", 3, "module")


@pytest.mark.parametrize("answers", [{"stop": ("a",)}, {"stop": ("b",)}, {}])
def test_marking_is_the_same_whatever_was_read(answers):
    assert scoring.mark(in_polish(), role=ROLE, answers=answers) == scoring.mark(module(), role=ROLE, answers=answers)


@pytest.mark.parametrize(
    "cards",
    [
        (),
        (POLISH, POLISH),
        (replace(POLISH, parts=POLISH.parts[:1]),),
        (
            replace(
                POLISH,
                parts=(Part(question=replace(POLISH.questions[0], options=POLISH.questions[0].options[:1])),) * 2,
            ),
        ),
    ],
)
def test_words_that_do_not_fit_are_refused(cards):
    with pytest.raises(ValueError, match=r"argument|question stands"):
        translated(module(), Words("T", "S", (), {ROLE: cards}), ABOUT)


def test_an_item_says_its_language_and_how_it_was_translated():
    assert (language_of(module()), translation_of(module())) == ("en-GB", None)
    assert (language_of(in_polish()), translation_of(in_polish())) == ("pl", ABOUT)
    assert ABOUT.awaits_review
    assert not replace(ABOUT, reviewed=SignOff("B Name", DAY)).awaits_review


def test_a_refresher_asks_the_same_in_other_words():
    chosen = refresher_questions(module(), role=ROLE, passed=None, wrong=(), with_changes=False)
    other = reworded(chosen, in_polish(), ROLE)
    assert other.question_ids == chosen.question_ids
    assert [asked.question.prompt_html for asked in other.asked] == ["Wolno?"]
    assert (
        [asked.card.title for asked in other.asked] == [each.card.title for each in other.cards] == ["Najpierw spójrz"]
    )
    assert [(asked.whys, asked.sentence) for asked in other.asked] == [(one.whys, one.sentence) for one in chosen.asked]


def test_every_stretch_of_a_module_says_its_language():
    (shown,) = tagged(module(), "en-GB").cards[ROLE]
    (asked,) = shown.questions
    assert shown.parts[0].html == '<div lang="en-GB" dir="ltr"><p>Look.</p></div>'
    assert shown.parts[1].html == ""
    assert asked.prompt_html == '<span lang="en-GB" dir="ltr">May you?</span>'
    assert asked.options[0].html == '<span lang="en-GB" dir="ltr">True</span>'
    assert asked.options[0].feedback_html == '<div lang="en-GB" dir="ltr"><p>True!</p></div>'
    assert [one.right for one in asked.options] == [False, True]


def test_every_stretch_of_a_story_says_its_language():
    choices = (Choice("a:1", "Ask", "b", "<p>Good.</p>", Tag.SAFE), Choice("a:2", "Go", "b"))
    scene = Scene("a", "Monday", "<p>Rain.</p>", choices)
    known = {name: getattr(module(), name) for name in ("title", "summary", "roles", "minutes", "version", "material")}
    rest = {name: getattr(module(), name) for name in ("outcomes", "capability", "sources", "written_on", "review_by")}
    story = Scenario(**known, **rest, slug="story", start="a", scenes={"a": scene}, facts={}, content_hash="d")
    found = tagged(story, "en-GB").scenes["a"]
    assert found.html == '<div lang="en-GB" dir="ltr"><p>Rain.</p></div>'
    assert [one.html for one in found.choices] == [
        f'<span lang="en-GB" dir="ltr">{word}</span>' for word in ("Ask", "Go")
    ]
    assert [one.feedback_html for one in found.choices] == ['<div lang="en-GB" dir="ltr"><p>Good.</p></div>', ""]
    assert [(one.key, one.target, one.tag) for one in found.choices] == [("a:1", "b", Tag.SAFE), ("a:2", "b", Tag.NONE)]
