"""Translations hold words alone, fit their original card for card, and are left out once it has changed."""

import re
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from sample_content import BODY, TRACKS, module_text, write

from training.catalog.authored import read_authored
from training.catalog.blocks import LABELS
from training.catalog.faults import ContentFaulty
from training.catalog.glossary import Glossary
from training.catalog.hints import hints_for
from training.catalog.label_words import IN_OTHER_LANGUAGES
from training.catalog.library import check_content, load_catalog
from training.catalog.translation_hints import translation_hints
from training.catalog.translations import translation_files, words_hash
from training.domain.module import Module, QuestionKind, SignOff
from training.domain.roles import Role
from training.domain.translation import translated

SHIPPED = Path(__file__).parents[2] / "content"
GUIDE = (Path(__file__).parents[2] / "docs" / "authoring.md").read_text(encoding="utf-8")
PAIRS = """
## In pairs

::: question signs
Match each.

- Restless -> Ring today
  > It may be akathisia.
- Cannot wake -> Ring 999
  > At once.
- Cannot breathe -> Ring 999
  > At once.
:::

## True or false

::: myth
Staff may stop it.
:::

::: fact
They may not.

See [the sheet](https://example.org/sheet).
:::

::: question may-stop
Staff may stop a medicine.

- [ ] True
  > No.
- [x] False
  > Right.
:::
"""
ENGLISH = BODY + PAIRS
POLISH = {
    "Look first": "Najpierw zobacz",
    "Report it the same day.": "Zgłoś to tego samego dnia.",
    "word ": "słowo ",
    "What do you do first?": "Co najpierw?",
    "Wait": "Czekać",
    "It may be serious.": "To może być poważne.",
    "Cannot wake": "Nie można obudzić",
    "Cannot breathe": "Nie może oddychać",
    "Ring 999": "Dzwonić pod 999",
    "Ring today": "Zadzwonić dzisiaj",
    "Yes.": "Tak.",
    "Then act": "Potem działaj",
    "And go on": "I dalej",
    "Until it is done": "Do końca",
    "In pairs": "W parach",
    "Match each.": "Dopasuj.",
    "Restless": "Niepokój",
    "It may be akathisia.": "To może być akatyzja.",
    "At once.": "Natychmiast.",
    "True or false": "Prawda czy fałsz",
    "Staff may stop it.": "Personel może to odstawić.",
    "They may not.": "Nie może.",
    "See [the sheet]": "Zobacz [arkusz]",
    "Staff may stop a medicine.": "Personel może odstawić lek.",
    "True": "Prawda",
    "False": "Fałsz",
    "No.": "Nie.",
    "Right.": "Zgadza się.",
}
FRONT = {
    "language": "pl",
    "title": "Zauważanie działań niepożądanych",
    "summary": "Na co patrzeć.",
    "outcomes": "[Powiedzieć o zmianach]",
    "original_version": '"1.0"',
    "translator": "A Name",
    "translated_on": "2026-12-01",
    "review": "awaiting",
}
TODAY = date(2026, 12, 1)


def in_polish(text: str) -> str:
    for english, polish in POLISH.items():
        text = text.replace(english, polish)
    return text


@pytest.fixture
def content(tmp_path) -> Path:
    """A folder with one module and its translation."""
    folder = tmp_path / "content"
    write(folder, module_text(ENGLISH), "modules/first.md")
    write(folder, TRACKS, "tracks.yaml")
    put(folder)
    return folder


def put(folder: Path, body: str = in_polish(ENGLISH), place: str = "pl/first.md", **changes: str | None) -> Path:
    """Write the translation, with some front matter changed or left out."""
    original = read_authored(folder / "modules" / "first.md")[0]
    front = {**FRONT, "original_words": words_hash(original.item, original.nodes), **changes}
    keys = "\n".join(f"{key}: {value}" for key, value in front.items() if value is not None)
    return write(folder, f"---\n{keys}\n---\n\n{body}", f"modules/{place}")


def faults(folder: Path) -> list[str]:
    """Return the faults, which are the same whether the content, the modules, the language or the file is checked."""
    (file,) = translation_files(folder)
    found = check_content(file)
    assert found == check_content(file.parent) == check_content(folder / "modules") == check_content(folder)
    assert all(fault.file == str(file) for fault in found)
    return [fault.message for fault in found]


def hints(folder: Path) -> list[str]:
    return [message for _, _, message in translation_hints(folder)]


def test_a_translation_changes_words_and_nothing_that_counts(content):
    catalog = load_catalog(content)
    first, polish = catalog.modules["first"], catalog.translations["pl"]["first"]
    same = {each.name for each in fields(Module)} - {"title", "summary", "outcomes", "cards"}
    assert {name: getattr(polish, name) for name in same} == {name: getattr(first, name) for name in same}
    assert (polish.title, polish.summary, polish.outcomes) == (
        "Zauważanie działań niepożądanych",
        "Na co patrzeć.",
        ("Powiedzieć o zmianach",),
    )
    role = Role.SOCIAL_CARE
    assert [card.slug for card in polish.cards[role]] == [card.slug for card in first.cards[role]]
    assert [card.sources for card in polish.cards[role]] == [card.sources for card in first.cards[role]]
    assert [card.title for card in polish.cards[role]][-2:] == ["W parach", "Prawda czy fałsz"]
    for asked, said in zip(first.questions(role), polish.questions(role), strict=True):
        assert (said.id, said.kind, said.must, said.sources) == (asked.id, asked.kind, asked.must, asked.sources)
        assert [(one.key, one.right) for one in said.options] == [(one.key, one.right) for one in asked.options]
        assert said.prompt_html != asked.prompt_html
    assert said.kind is QuestionKind.TRUE_FALSE
    assert (polish.translation.language, polish.translation.translator) == ("pl", "A Name")
    assert hints(content) == faults(content) == []


def test_labels_and_citations_speak_the_language_of_the_translation(content):
    text = "".join(
        part.html
        for card in load_catalog(content).translations["pl"]["first"].cards["social-care"]
        for part in card.parts
    )
    assert '<p class="app-block__label">Mit</p>' in text
    assert '<p class="app-block__label">Fakt</p>' in text
    assert '<span class="nhsuk-u-visually-hidden">Źródło </span>1' in text


@pytest.mark.parametrize("language", IN_OTHER_LANGUAGES)
def test_every_language_has_all_its_labels(language):
    words = IN_OTHER_LANGUAGES[language]
    assert words.labels.keys() == LABELS.keys()
    assert not set(words.labels.values()) & set(LABELS.values())
    assert all(getattr(words.notice, field.name) for field in fields(words.notice))


def test_one_that_awaits_review_is_shown_only_where_that_is_wanted(content):
    catalog = load_catalog(content)
    assert catalog.translation("first", language="pl", with_unreviewed=False) is None
    assert catalog.translation("first", language="pl", with_unreviewed=True).translation.awaits_review
    assert catalog.translation("first", language="cy", with_unreviewed=True) is None
    assert catalog.translation("second", language="pl", with_unreviewed=True) is None


def test_one_that_was_reviewed_is_shown_and_says_by_whom(content):
    put(content, review=None, reviewed="{who: B Name, on: 2026-12-02}")
    shown = load_catalog(content).translation("first", language="pl", with_unreviewed=False)
    assert shown.translation.reviewed == SignOff("B Name", date(2026, 12, 2))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("> Yes.\n", "> Right away.\n"),
        ("## Then act", "## Then do something"),
        ("- [x] False", "- [ ] False"),
        ('version: "1.0"', 'version: "1.1"'),
        ("What to look for.", "What to look out for."),
        ("[Say what to report]", "[Say whom to tell]"),
        ("\n\nSee [the sheet](https://example.org/sheet).", ""),
    ],
)
def test_one_made_from_other_words_is_left_out_and_named_in_a_hint(content, old, new):
    path = content / "modules" / "first.md"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    changed = text.replace(old, new)
    changed = changed.replace("- [ ] True\n", "- [x] True\n") if "False" in old else changed
    path.write_text(changed, encoding="utf-8")
    assert faults(content) == []
    assert load_catalog(content).translations == {}
    (said,) = hints(content)
    assert said.startswith(
        "this was translated from version 1.0 of first, whose words have changed since: nobody is shown"
    )
    assert said in [hint.message for hint in hints_for(content, glossary=Glossary({}), today=TODAY)]
    version, words = re.search(r"`original_version: (\S+)` and `original_words: (\w+)`", said).groups()
    (file,) = translation_files(content)
    told = re.sub(r"original_version: \S+", f"original_version: {version}", file.read_text(encoding="utf-8"))
    file.write_text(re.sub(r"original_words: \w+", f"original_words: {words}", told), encoding="utf-8")
    assert "this was translated from" not in " ".join(hints(content))


@pytest.mark.parametrize(
    ("old", "new"), [("checked_on: 2026-11-22", "checked_on: 2026-11-30"), ("2027-11-22", "2028-01-01")]
)
def test_a_source_looked_at_again_leaves_a_translation_as_it_is(content, old, new):
    path = content / "modules" / "first.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    catalog = load_catalog(content)
    assert catalog.translations["pl"]["first"].content_hash == catalog.modules["first"].content_hash
    assert hints(content) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("## I dalej\n", "", "first.md has a `##` heading (its line"),
        ("::: question may-stop", "::: question may-stop must", "and this file has `::: question may-stop must`"),
        ("::: question may-stop", "::: question stop", "has `::: question may-stop` (its line"),
        ("- [ ] Prawda\n  > Nie.\n", "", "has an option without a tick (its line"),
        ("- [x] Fałsz", "- [ ] Fałsz", "has an option that is ticked (its line"),
        (
            "- [ ] Czekać\n  > To może",
            "- [ ] Czekać\n  > Nie.\n- [ ] Nic\n  > To może",
            "has an option that is ticked (its",
        ),
        ("::: myth\nPersonel może to odstawić.\n:::\n", "", "has `::: myth` (its line"),
        ("Zobacz [arkusz](https://example.org/sheet).\n", "", "has a paragraph (its line"),
        ("Nie może.\n\n", "Nie może.\n\nI jeszcze.\n\n", "has the end of `::: fact` (its line"),
        ("Dopasuj.", "Dopasuj.[^mar]", "the original does not cite `mar` here: take out [^mar]"),
        ("dnia.[^mar]", "dnia.", "the original cites `mar` here: add [^mar]"),
        ("example.org/sheet", "example.org/other", "these are other links than the original's"),
        ("obudzić -> Dzwonić pod 999", "obudzić -> Pod 999", "“Ring 999” is not one answer in both"),
        ("-> Zadzwonić dzisiaj", "-> Dzwonić pod 999", "“Ring 999” is not one answer in both"),
        ("Natychmiast.", "<b>Natychmiast.</b>", "HTML is not allowed"),
        ("## W parach", "## W **parach**", "a heading is plain words"),
    ],
)
def test_one_that_does_not_fit_its_original_is_refused(content, old, new, said):
    body = in_polish(ENGLISH)
    assert old in body
    put(content, body.replace(old, new))
    found = faults(content)
    assert any(said in message for message in found), found
    with pytest.raises(ContentFaulty):
        load_catalog(content)


def test_more_than_the_original_has_is_refused(content):
    put(content, in_polish(ENGLISH) + "\n## Jeszcze jedna\n\nSłowa.\n")
    assert [message[:34] for message in faults(content)] == ["first.md has the end of the file h"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"minutes": "3"}, "unknown key `minutes`"),
        ({"pass_mark": "50"}, "unknown key `pass_mark`"),
        ({"translator": None}, "missing key `translator`"),
        ({"outcomes": "[Jedno, Drugie]"}, "there are 2 `outcomes`, and the original has 1"),
        ({"language": "cy"}, "the file lies in `pl` and says `cy`"),
        ({"review": None}, "say how the review stands"),
        ({"reviewed": "{who: B, on: 2026-12-02}"}, "say how the review stands"),
        ({"review": "done"}, "`review` cannot be 'done': write awaiting"),
        ({"original_words": "yes"}, "`original_words`"),
    ],
)
def test_front_matter_says_what_it_was_made_from_and_no_more(content, changes, said):
    put(content, **changes)
    assert [said in message for message in faults(content)] == [True]


def test_a_language_without_labels_and_a_file_without_a_module_are_refused(content):
    (content / "modules" / "pl" / "first.md").unlink()
    put(content, place="de/first.md", language="de")
    assert faults(content) == ["blocks have no labels in `de` yet; languages known: pl"]
    (content / "modules" / "de" / "first.md").unlink()
    put(content, place="pl/other.md")
    assert faults(content) == ["there is no module `other`: name the file after a file of content/modules"]


def test_an_original_with_faults_is_told_once(content):
    write(content, module_text(ENGLISH.replace("- [x] Ring", "- [ ] Ring")), "modules/first.md")
    assert [fault.file for fault in check_content(content)] == [str(content / "modules" / "first.md")]


def test_words_left_in_english_and_other_numbers_bring_hints(content):
    left = in_polish(ENGLISH).replace("Do końca", "Until it is done").replace("pod 999", "pod 112")
    put(content, left, title="Spotting side effects")
    assert faults(content) == []
    said = hints(content)
    assert sum("is still what the original says" in message for message in said) == 2
    assert sum("has not the numbers of the original" in message for message in said) == 2


def test_words_that_are_more_or_fewer_than_the_module_are_never_laid_over_it(content):
    polish = load_catalog(content).translations["pl"]["first"]
    fewer = replace(polish, cards={Role.SOCIAL_CARE: polish.cards[Role.SOCIAL_CARE][1:]})
    with pytest.raises(ValueError, match="shorter"):
        translated(load_catalog(content).modules["first"], fewer, polish.translation)


def test_the_guide_shows_front_matter_that_fits(content):
    (front,) = re.findall(r"```markdown\n(---\nlanguage:.*?---\n)```", GUIDE, re.DOTALL)
    write(content, f"{front}\n{in_polish(ENGLISH)}", "modules/pl/first.md")
    assert faults(content) == []
    assert ["whose words have changed" in message for message in hints(content)] == [True]


@pytest.mark.parametrize("path", translation_files(SHIPPED), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_shipped_translation_is_whole_current_and_has_no_word_of_english_left(path):
    assert check_content(path) == []
    assert [message for _, _, message in translation_hints(path)] == []
    catalog = load_catalog(SHIPPED)
    here = catalog.translations[path.parent.name][path.stem]
    assert here.content_hash == catalog.modules[path.stem].content_hash


def test_the_first_module_of_every_track_is_there_in_polish_and_awaits_review():
    catalog = load_catalog(SHIPPED)
    (first,) = {track.core[0] for track in catalog.tracks.values()}
    assert catalog.translations["pl"][first].translation.awaits_review
    assert catalog.translation(first, language="pl", with_unreviewed=False) is None
