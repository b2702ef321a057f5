"""Hints: what is worth a second look, on its line, and never a fault."""

from datetime import date
from pathlib import Path

import pytest
from sample_content import BODY, line_of, module_text, scenario_text, with_card, write

from training.catalog.authored import glossary_near
from training.catalog.glossary import Glossary
from training.catalog.hints import hints_for
from training.catalog.library import check_content

TODAY = date(2026, 12, 1)
HARD = (
    "Pharmacological interventions necessitate comprehensive multidisciplinary deliberation regarding individualised "
    "proportionality considerations, notwithstanding organisational heterogeneity.[^mar] "
)


def in_sentences(text: str) -> str:
    """Give the filling of a sample short sentences, so that it is easy to read; its words stay as many."""
    return text.replace("word word word word word ", "Word word word word word. ")


def hints_in(folder: Path, text: str, kind: str = "modules", today: date = TODAY) -> list[str]:
    path = write(folder, in_sentences(text), f"{kind}/sample.md")
    assert check_content(path) == []
    return [f"{hint.line}: {hint.message}" for hint in hints_for(path, glossary=Glossary({}), today=today)]


def questions(places: str) -> str:
    """Write single-choice questions whose right answers stand at these places."""
    return "\n\n".join(
        f"::: question q{number}\nWhat now?\n\n"
        + "\n".join(f"- [{'x' if str(at) == place else ' '}] Way {at}\n  > So." for at in range(1, 5))
        + "\n:::"
        for number, place in enumerate(places)
    )


def with_questions(places: str) -> str:
    return module_text(f"{BODY}\n## Asked\n\nAsk.\n\n{questions(places)}\n", minutes="5")


def test_a_module_in_order_has_no_hints(tmp_path):
    assert hints_in(tmp_path, module_text()) == []
    assert hints_in(tmp_path, scenario_text().replace("word word", "word[^mar]  word", 1), "scenarios") == []


def test_a_hint_says_that_it_is_one(tmp_path):
    path = write(tmp_path, module_text(), "modules/sample.md")
    (hint,) = hints_for(path, glossary=Glossary({}), today=date(2027, 11, 23))[:1]
    assert str(hint).startswith(f"{path}:8: hint: the source `mar` was last checked on 2026-11-22")


@pytest.mark.parametrize(
    ("role", "sentences", "told"),
    [("social-care", 8, True), ("family-carer", 8, True), ("prescriber", 8, True), ("prescriber", 0, False)],
)
def test_a_text_too_hard_for_a_role_is_hinted_at_with_its_hardest_card(tmp_path, role, sentences, told):
    text = module_text(BODY.replace("word " * 120, HARD * sentences or "word " * 120), roles=f"[{role}]")
    found = [hint for hint in hints_in(tmp_path, text) if "grade" in hint]
    assert bool(found) is told
    assert all("beginning with “Then act”" in hint and f"{role} reads this" in hint for hint in found)


def test_professionals_may_be_asked_to_read_more_than_carers(tmp_path):
    sentence = "Psychiatrists review medicines annually, considering alternatives and monitoring side effects. " * 6
    body = BODY.replace("word " * 120, sentence + "word " * 50)
    both = hints_in(tmp_path, module_text(body, roles="[prescriber, social-care]"))
    assert [hint.split(" ")[1] for hint in both if "grade" in hint] == ["social-care"]


@pytest.mark.parametrize(
    ("places", "says"),
    [
        ("3331", "the right answer stands third in 3 of 4 questions"),
        ("1121", "the right answer stands first in 3 of 4 questions"),
        ("3311", None),
        ("333", None),
        ("44412", "the right answer stands fourth in 3 of 5 questions"),
    ],
)
def test_right_answers_that_stand_in_one_place_are_hinted_at(tmp_path, places, says):
    found = [hint for hint in hints_in(tmp_path, with_questions(places)) if "right answer" in hint]
    assert [hint.split(": ", 1)[1].split(":")[0] for hint in found] == ([says] if says else [])


def test_the_hint_on_places_stands_at_the_first_such_question(tmp_path):
    text = with_questions("1333")
    (hint,) = (hint for hint in hints_in(tmp_path, text) if "right answer" in hint)
    assert hint.startswith(f"{line_of(text, '::: question q1')}:")


@pytest.mark.parametrize(("words", "told"), [(120, False), (121, True), (130, True)])
def test_a_card_over_one_hundred_and_twenty_words_is_hinted_at(tmp_path, words, told):
    text = with_card("word " * words)
    found = [hint for hint in hints_in(tmp_path, text) if "the card has" in hint]
    assert bool(found) is told
    assert all(hint.startswith(f"{line_of(text, '## One more card')}: the card has {words} words") for hint in found)


def test_the_words_of_a_card_are_those_of_the_role_that_reads_most(tmp_path):
    text = module_text(
        f"{BODY}\n## More\n\n{'word ' * 100}\n\n::: role prescriber\n{'word ' * 25}\n:::\n",
        roles="[prescriber, social-care]",
    )
    assert [hint for hint in hints_in(tmp_path, text) if "125 words for prescriber" in hint]


@pytest.mark.parametrize(("today", "told"), [(date(2027, 11, 22), False), (date(2027, 11, 23), True)])
def test_a_source_is_old_after_a_year(tmp_path, today, told):
    text = module_text(review_by="2030-01-01")
    found = hints_in(tmp_path, text, today=today)
    assert [hint.split(": ")[0] for hint in found] == (["8"] if told else [])
    assert all("last checked on 2026-11-22" in hint for hint in found)


@pytest.mark.parametrize(("today", "told"), [(date(2026, 12, 31), False), (date(2027, 1, 1), True)])
def test_a_review_is_late_from_the_day_after_its_day(tmp_path, today, told):
    text = module_text(review_by="2026-12-31")
    found = [hint for hint in hints_in(tmp_path, text, today=today) if "review" in hint]
    assert [hint.split(": ")[0] for hint in found] == ([str(line_of(text, "review_by"))] if told else [])


def test_a_source_that_nothing_cites_is_hinted_at_on_its_own_line(tmp_path):
    sources = (
        "\n  mar: {title: A, publisher: B, url: https://example.org/a, checked_on: 2026-11-22}"
        "\n  idle: {title: A, publisher: B, url: https://example.org/b, checked_on: 2026-11-22}"
    )
    text = module_text(sources=sources)
    assert hints_in(tmp_path, text) == [
        f"{line_of(text, '  idle:')}: nothing cites the source `idle`: cite it, or take it out"
    ]


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("Of them, 23 % felt better.", "23 %"),
        ("It began in 2021.", "2021"),
        ("One in six of them did.", "One in six"),
        ("It was one in six of them.", "one in six"),
        ("In a study, most did well.", "study"),
        ("This can cause a fall.", "can cause"),
        ("This can cause a fall.[^mar]", None),
        ("Ring the GP and write it down.", None),
        ("Research shows:\n\n- one thing\n- another, in a trial[^mar]", None),
        ("::: fact\nIt is the law.\n:::", "the law"),
        ("::: fact\nIt is the law.\n\nSo ask.[^mar]\n:::", None),
        ("::: try\nRead the guidance.\n:::", None),
        ("::: role social-care\nA survey found it.\n:::", "survey"),
    ],
)
def test_a_paragraph_that_claims_something_without_a_source_is_hinted_at(tmp_path, markdown, words):
    found = [hint for hint in hints_in(tmp_path, with_card(markdown)) if "claim" in hint]
    assert len(found) == bool(words)
    assert all(f"(“{words}”)" in hint for hint in found)


def test_the_choices_of_a_story_claim_nothing(tmp_path):
    text = scenario_text().replace("[Ask]", "[Ask about the study of 2021]")
    assert [hint for hint in hints_in(tmp_path, text, "scenarios") if "claim" in hint] == []


def test_a_file_with_faults_has_no_hints_yet(tmp_path):
    path = write(tmp_path, module_text(minutes="2", review_by="2026-11-23"), "modules/sample.md")
    assert hints_for(path, glossary=Glossary({}), today=TODAY) == []


def test_a_whole_folder_is_looked_at_and_other_files_are_not(tmp_path):
    write(tmp_path, module_text(review_by="2026-11-23"), "modules/first.md")
    write(tmp_path, scenario_text(review_by="2026-11-23"), "scenarios/story.md")
    tracks = write(tmp_path, "x", "tracks.yaml")
    files = {Path(hint.file).name for hint in hints_for(tmp_path, glossary=Glossary({}), today=TODAY)}
    assert files == {"first.md", "story.md"}
    assert hints_for(tracks, glossary=Glossary({}), today=TODAY) == []


def test_the_glossary_is_that_of_the_content_a_file_lies_in(tmp_path):
    word = "akathisia: {term: akathisia, meaning: Unease.}"
    own = write(tmp_path / "one", module_text(), "modules/first.md")
    write(tmp_path / "one", word, "glossary.yaml")
    other = write(tmp_path / "two", word.replace("akathisia", "baseline"), "glossary.yaml").parent
    assert list(glossary_near(own, other).terms) == ["akathisia"]
    assert list(glossary_near(tmp_path / "draft.md", other).terms) == ["baseline"]
