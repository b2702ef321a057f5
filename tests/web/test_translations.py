"""Translated training: shown where that is wanted, under a notice, marked as the English, and saying its language."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.catalog.sample_content import write
from tests.services.stored import rows
from tests.web.client import FETCH, Client, Loaded
from tests.web.conftest import ON_SQLITE
from tests.web.content import EVERY_KIND, write_content
from tests.web.inspector import words
from tests.web.learning import as_typed, hidden
from training.catalog.authored import read_authored
from training.catalog.library import Catalog, load_catalog
from training.catalog.translation_hints import translation_hints
from training.catalog.translations import words_hash
from training.domain.module import QuestionKind
from training.domain.roles import Role
from training.models import Attempt

pytestmark = ON_SQLITE
MODULE, OTHER, STORY = "/modules/every-kind", "/modules/for-everyone", "/scenarios/the-story"
POLISH = {
    "One answer": "Jedna odpowiedź",
    "What do you do first?": "Co najpierw?",
    "Wait": "Czekać",
    "It may be serious.": "To może być poważne.",
    "Ring today": "Zadzwonić dzisiaj",
    "Write it in the book and go home": "Zapisać w zeszycie i iść do domu",
    "Somebody must act on it.": "Ktoś musi coś zrobić.",
    "True or false": "Prawda czy fałsz",
    "word ": "słowo ",
    "Staff may stop a medicine.": "Personel może odstawić lek.",
    "True": "Prawda",
    "Only the prescriber may.": "Może tylko osoba przepisująca lek.",
    "False": "Fałsz",
    "Right.": "Zgadza się.",
    "Several answers": "Kilka odpowiedzi",
    "Which of these do you report?": "Co zgłosić?",
    "Shaking": "Drżenie",
    "A fall": "Upadek",
    "A good meal": "Dobry posiłek",
    "That is no side effect.": "To nie jest działanie niepożądane.",
    "Yes.": "Tak.",
    "In order": "Po kolei",
    "Put the steps in order.": "Ułóż kroki.",
    "Notice the change": "Zauważyć zmianę",
    "It begins with you.": "To zaczyna się od Państwa.",
    "Write it down": "Zapisać",
    "While it is fresh.": "Na świeżo.",
    "Tell someone who can act": "Powiedzieć komuś, kto może działać",
    "The same day.": "Tego samego dnia.",
    "In pairs": "W parach",
    "Match each sign to what it may be.": "Dopasuj objawy.",
    "Restless": "Niepokój ruchowy",
    "Akathisia": "Akatyzja",
    "It can look like agitation.": "Może wyglądać jak pobudzenie.",
    "Lips moving": "Ruchy warg",
    "Tardive dyskinesia": "Dyskineza późna",
    "The person may not notice it.": "Ta osoba może tego nie zauważać.",
    "Very sleepy": "Duża senność",
    "Sedation": "Sedacja",
    "It may be too much.": "Może być za dużo.",
}
FRONT = """---
language: pl
title: Każdy rodzaj pytania
summary: Na co patrzeć.
outcomes: [Powiedzieć o zmianach]
original_version: "1.0"
original_words: {words}
translator: A Name
translated_on: 2026-12-01
review: awaiting
---
"""
AWAITS = "To tłumaczenie czeka na sprawdzenie."
AWAITS_IN_ENGLISH = "This translation awaits review."
COUNTS, COUNTS_IN_ENGLISH = "Wiążąca jest wersja angielska.", "The English is the one that counts."


def put(folder: Path) -> Path:
    """Write the translation of the module that asks every kind of question."""
    original = read_authored(folder / "modules" / "every-kind.md")[0]
    body = EVERY_KIND
    for english, polish in POLISH.items():
        body = body.replace(english, polish)
    front = FRONT.format(words=words_hash(original.item, original.nodes))
    return write(folder, front + body, "modules/pl/every-kind.md")


@pytest.fixture(scope="session")
def content(tmp_path_factory) -> Path:
    folder = write_content(tmp_path_factory.mktemp("translated"))
    assert list(translation_hints(put(folder))) == []
    return folder


@pytest.fixture(scope="session")
def catalog(content) -> Catalog:
    return load_catalog(content)


def show(app, *, unreviewed: bool = True) -> None:
    """Run the service so that translations awaiting review are shown, or not."""
    rooms = app.extensions["training"]
    rooms.config = replace(rooms.config, show_unreviewed_translations=unreviewed)


def speak(browser: Client, language: str) -> None:
    """Choose the language of the pages."""
    browser.submit(browser.get("/settings"), "form[action='/settings/looks']", language=language)


@pytest.fixture
def polish(learner) -> Client:
    """The worker's browser, with its pages in Polish."""
    speak(learner, "pl")
    return learner


@pytest.fixture
def translated(polish, app) -> Client:
    """The same, where translations that await review are shown."""
    show(app)
    return polish


def said_in(page: Loaded, language: str) -> str:
    """Return the words of a page's main part whose own element says that they are in a language."""
    return " ".join(words(each) for each in page.all(f"main [lang='{language}']"))


def begin(browser: Client) -> Loaded:
    return browser.submit(browser.get(MODULE), 0)


def question_of(catalog: Catalog, kind: QuestionKind) -> tuple[int, object]:
    """Return the number of the card that asks a question of a kind, and the English question."""
    cards = enumerate(catalog.modules["every-kind"].cards[Role.SOCIAL_CARE], start=1)
    return next((number, one) for number, card in cards for one in card.questions if one.kind is kind)


def take(browser: Client, catalog: Catalog, *, right: bool = True) -> Loaded:
    """Take the whole module, by addresses alone, and return its result."""
    begin(browser)
    cards = catalog.modules["every-kind"].cards[Role.SOCIAL_CARE]
    for number, card in enumerate(cards, start=1):
        for question in card.questions:
            page = browser.get(f"{MODULE}/cards/{number}")
            browser.submit(page, f"#question-{question.id} form", values=as_typed(question, right=right))
    return browser.submit(browser.get(f"{MODULE}/finish"))


def test_without_the_setting_a_translation_awaiting_review_is_shown_to_nobody(polish, app):
    assert not app.extensions["training"].config.show_unreviewed_translations
    page = polish.get(MODULE)
    assert page.heading == "Every kind of question"
    assert page.one("h1").attrs["lang"] == "en-GB"
    assert page.one("h1").attrs["dir"] == "ltr"
    card = begin(polish)
    assert card.heading == "One answer"
    assert "Co najpierw?" not in card.text + page.text
    assert AWAITS not in card.text + page.text
    assert "words=" not in card.text + page.text


def test_an_english_reader_meets_no_translation_and_no_word_about_languages(learner, app):
    show(app)
    for page in (learner.get("/home"), learner.get(MODULE), begin(learner)):
        assert page.all("main [lang]") == []
        assert "words=" not in page.text
    assert page.heading == "One answer"


def test_a_welsh_reader_reads_the_english_and_is_told_so(learner, app):
    show(app)
    speak(learner, "cy")
    assert begin(learner).one("h1").attrs["lang"] == "en-GB"


def test_with_the_setting_the_page_of_a_module_is_in_polish_under_a_notice(translated):
    page = translated.get(MODULE)
    assert page.heading == "Każdy rodzaj pytania"
    assert page.one("h1").attrs["lang"] == "pl"
    polish, english = said_in(page, "pl"), said_in(page, "en-GB")
    assert all(words in polish for words in ("Na co patrzeć.", "Powiedzieć o zmianach", AWAITS, COUNTS))
    assert all(words in english for words in (AWAITS_IN_ENGLISH, COUNTS_IN_ENGLISH, "Read it in English"))


@pytest.mark.parametrize("kind", list(QuestionKind))
def test_a_card_its_question_and_what_is_said_of_an_answer_are_in_polish(translated, catalog, kind):
    begin(translated)
    number, question = question_of(catalog, kind)
    other = catalog.translations["pl"]["every-kind"]
    said = next(one for one in other.questions(Role.SOCIAL_CARE) if one.id == question.id)
    page = translated.get(f"{MODULE}/cards/{number}")
    assert AWAITS in said_in(page, "pl")
    assert page.one("h1").attrs["lang"] == "pl"
    assert page.heading == other.cards[Role.SOCIAL_CARE][number - 1].title
    asked = words(page.one(f"#question-{question.id}"))
    assert all(one.html in asked and one.partner in asked for one in said.options)
    answer = translated.submit(page, f"#question-{question.id} form", values=as_typed(question))
    told = said_in(answer, "pl")
    chosen = [one for one in said.options if one.right or kind in (QuestionKind.ORDER, QuestionKind.MATCH)]
    for option in chosen:
        assert re.sub("<[^>]*>", "", option.feedback_html.split("<sup")[0]) in told
    assert len(answer.all(f"#question-{question.id} .app-option--right")) == len(chosen)


def test_an_answer_sent_by_script_comes_back_in_polish(translated, catalog):
    page = begin(translated)
    _, question = question_of(catalog, QuestionKind.SINGLE)
    fields = {**hidden(page, "#question-single form"), **as_typed(question, right=False)}
    back = translated.expect(translated.open("POST", f"{MODULE}/cards/1", data=fields, headers=FETCH), 200)
    assert "To może być poważne." in said_in_fragment(back)


def said_in_fragment(loaded: Loaded) -> str:
    return " ".join(words(each) for each in loaded.all("[lang='pl']"))


def test_a_record_says_the_same_whatever_language_was_read(translated, manager, catalog, database):
    take(translated, catalog)
    assert [(one.passed, one.percent) for one in rows(database, Attempt)] == [(True, 100)]
    (attempt,) = rows(database, Attempt)
    module = catalog.modules["every-kind"]
    assert (attempt.item, attempt.content_hash) == ("every-kind", module.content_hash)
    assert set(attempt.answers) == {question.id for question in module.questions(Role.SOCIAL_CARE)}
    record = translated.get("/record")
    assert "Every kind of question" in record.main
    assert "Każdy" not in record.main
    assert "Każdy" not in manager.get(f"/team/people/{attempt.person_id}").main


def test_what_was_wrong_is_shown_again_in_polish(translated, catalog):
    result = take(translated, catalog, right=False)
    assert "Każdy rodzaj pytania" in words(result.one("h1 [lang='pl']"))
    again = said_in(result, "pl")
    assert all(said in again for said in ("Co najpierw?", "Personel może odstawić lek.", "Ułóż kroki.", AWAITS))
    assert "What do you do first?" not in result.main


def test_whoever_wants_the_english_has_it_on_every_page_until_they_change_back(translated):
    begin(translated)
    page = translated.get(f"{MODULE}/cards/1")
    english = translated.follow(translated.open("GET", page.link("Przeczytaj po angielsku")))
    assert english.address == f"{MODULE}/cards/1"
    assert english.heading == "One answer"
    assert english.one("h1").attrs["lang"] == "en-GB"
    assert AWAITS not in english.text
    assert translated.get(MODULE).heading == "Every kind of question"
    back = translated.follow(translated.open("GET", translated.get(MODULE).link("Przeczytaj po polsku")))
    assert back.heading == "Każdy rodzaj pytania"
    assert translated.get(f"{MODULE}/cards/1").heading == "Jedna odpowiedź"


def test_an_address_that_names_no_page_changes_nothing(translated):
    away = translated.open("GET", "//example.org/?words=original")
    assert away.status == 404 or away.location.startswith("/"), away.location
    assert translated.get(f"{MODULE}?words=backwards").heading == "Każdy rodzaj pytania"
    assert translated.get(MODULE).heading == "Każdy rodzaj pytania"


def test_lists_have_its_title_and_say_of_the_others_that_they_are_english(translated):
    for page in (translated.get("/home"), translated.get("/tracks/social-care")):
        assert "Każdy rodzaj pytania" in said_in(page, "pl")
        assert "For everyone" in said_in(page, "en-GB")
        assert "Every kind of question" not in page.main


def test_english_content_on_a_polish_page_says_so_in_every_part(translated):
    page = translated.submit(translated.get(OTHER), 0)
    english = said_in(page, "en-GB")
    assert all(said in english for said in ("Look first", "Report it the same day.", "What do you do first?", "Wait"))
    story = translated.submit(translated.get(STORY), 0)
    assert all(said in said_in(story, "en-GB") for said in ("Monday", "word word", "Ask"))


def me(browser: Client) -> dict:
    return json.loads(browser.open("GET", "/offline/me", headers=FETCH).text)


def kept(browser: Client) -> tuple[dict, dict]:
    """Return the module's line in what a device keeps, and its cards."""
    line = next(one for one in me(browser)["items"] if one["slug"] == "every-kind")
    sent = browser.browser.get(line["address"])
    assert "immutable" in sent.headers["Cache-Control"]
    return line, json.loads(sent.text)


def test_a_device_keeps_the_words_that_its_reader_reads(translated, catalog):
    line, item = kept(translated)
    assert line["title"] == item["title"] == "Każdy rodzaj pytania"
    assert line["hash"] == item["hash"] == catalog.modules["every-kind"].content_hash
    assert item["cards"][0]["title"] == "Jedna odpowiedź"
    assert AWAITS in item["cards"][0]["html"]
    assert COUNTS_IN_ENGLISH in item["cards"][0]["html"]
    assert "words=" not in item["cards"][0]["html"]
    options = item["questions"]["single"]["options"]
    assert [one["right"] for one in options] == [False, True, False]
    assert 'lang="pl"' in options[0]["feedback"]
    assert "To może być poważne." in options[0]["feedback"]


def test_a_device_has_another_address_for_other_words(translated):
    line, _ = kept(translated)
    speak(translated, "en")
    english, item = kept(translated)
    assert english["address"] != line["address"]
    assert item["title"] == "Every kind of question"
    before = translated.browser.get(line["address"])
    assert (before.status_code, before.headers["Cache-Control"]) == (200, "no-store")


def test_a_refresher_asks_in_polish_what_it_asks(translated, catalog, time):
    take(translated, catalog)
    time.move(days=300)
    translated.sign_in("worker@home.example")
    why = translated.submit(translated.get(MODULE), 0)
    assert "Co najpierw?" in said_in(why, "pl")
    card = translated.get(f"{MODULE}/cards/1")
    assert (card.heading, "Co najpierw?" in said_in(card, "pl")) == ("Jedna odpowiedź", True)


def test_a_carer_without_an_account_reads_it_in_polish_too(client, app):
    show(app)
    client.browser.set_cookie("looks", "pl")
    assert client.get("/carers/modules/every-kind").heading == "Każdy rodzaj pytania"
    card = client.get("/carers/modules/every-kind/cards/1")
    assert all(said in said_in(card, "pl") for said in (AWAITS, "Co najpierw?", "Czekać"))
    assert (
        "Każdy rodzaj pytania" in said_in(client.get("/carers"), "pl") or "every-kind" not in client.get("/carers").text
    )


def test_words_of_an_older_version_are_read_in_english(translated, app):
    begin(translated)
    assert translated.get(f"{MODULE}/cards/1").heading == "Jedna odpowiedź"
    shelf = app.extensions["training"].shelf
    module = shelf.catalog.modules["every-kind"]
    newer = replace(module, content_hash="f" * 64)
    other = replace(shelf.catalog.translations["pl"]["every-kind"], content_hash="f" * 64)
    changed = {"modules": {**shelf.catalog.modules, "every-kind": newer}, "translations": {"pl": {"every-kind": other}}}
    shelf.catalog, shelf.watch = replace(shelf.catalog, **changed), False
    assert translated.get(f"{MODULE}/cards/1").heading == "One answer"


def test_one_that_was_reviewed_is_shown_without_the_setting_and_does_not_await_review(polish, app):
    shelf = app.extensions["training"].shelf
    other = shelf.catalog.translations["pl"]["every-kind"]
    signed = replace(other.translation, reviewed=True)
    translations = {"pl": {"every-kind": replace(other, translation=signed)}}
    shelf.catalog, shelf.watch = replace(shelf.catalog, translations=translations), False
    page = polish.get(MODULE)
    assert page.heading == "Każdy rodzaj pytania"
    assert AWAITS not in page.text
    assert COUNTS in said_in(page, "pl")
