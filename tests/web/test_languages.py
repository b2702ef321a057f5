"""Pages in the language that their reader chose, and catalogues that are whole."""

import re
from datetime import date
from pathlib import Path

import pytest
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

import training
from tests.conftest import NOW
from tests.factories import learn
from tests.web.conftest import ON_SQLITE
from training.domain.days import MONTHS, read_day

ROOT = Path(training.__file__).parents[1]
TRANSLATIONS = ROOT / "training" / "translations"
OTHERS = ("cy", "pl")
FORM = "form[action='/settings/looks']"
NAMES = re.compile(r"%\((\w+)\)s")
TAGS = re.compile(r"</?\w+")


def catalogue(code):
    with (TRANSLATIONS / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=code)


def forms(written):
    return written if isinstance(written, tuple | list) else (written,)


@pytest.mark.parametrize("code", OTHERS)
def test_every_sentence_has_its_translation_in_every_form(code):
    left = [one.id for one in catalogue(code) if one.id and not all(forms(one.string))]
    assert left == []


@pytest.fixture(scope="module")
def sentences(tmp_path_factory):
    """Every sentence of the code, as `make words` finds them."""
    made = tmp_path_factory.mktemp("words") / "messages.pot"
    keywords = ["-k", "N_", "-k", "later"]
    CommandLineInterface().run(["pybabel", "--quiet", "extract", "-F", "babel.cfg", *keywords, "-o", str(made), "."])
    with made.open("rb") as file:
        return {one.id if isinstance(one.id, str) else one.id[0] for one in read_po(file) if one.id}


@pytest.mark.parametrize("code", OTHERS)
def test_the_catalogues_hold_the_sentences_of_the_code_and_no_others(code, sentences):
    known = {forms(one.id)[0] for one in catalogue(code) if one.id}
    assert known ^ sentences == set(), "make words brings them together"


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_names_the_same_values_and_tags_as_its_sentence(code):
    for one in catalogue(code):
        sentence = forms(one.id)[-1]
        for said in forms(one.string) if one.id else ():
            named = set(NAMES.findall(said))
            assert named == set(NAMES.findall(sentence)) or (one.pluralizable and named < set(NAMES.findall(sentence)))
            assert sorted(TAGS.findall(said)) == sorted(TAGS.findall(sentence)), said


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.usefixtures("worker")
class TestAReaderWhoChose:
    pytestmark = ON_SQLITE

    def test_reads_every_page_in_it_on_every_device(self, learner, make_client, code):
        learner.submit(learner.get("/settings"), FORM, language=code)
        for client in (learner, make_client("worker@home.example")):
            page = client.get("/home")
            assert page.one("html").attrs["lang"] == code
            assert "Your training" not in page.main

    def test_hears_the_language_that_was_chosen_in_the_answer_to_the_choice(self, learner, code):
        page = learner.submit(learner.get("/settings"), FORM, language=code)
        assert "This is how your pages look from now on." not in page.main

    def test_gives_back_english_to_the_next_reader(self, learner, make_client, code):
        learner.submit(learner.get("/settings"), FORM, language=code)
        learner.get("/home")
        assert "<h1" in make_client().get("/").text
        assert make_client().get("/").one("html").attrs["lang"] == "en-GB"


@pytest.mark.parametrize(("code", "percent"), [("cy", "100.0 %"), ("pl", "100,0 %")])
@ON_SQLITE
def test_a_percentage_is_written_as_its_reader_writes_it(manager, worker, database, catalog, code, percent):
    learn(database, worker, catalog=catalog, slug="every-kind", now=NOW)
    manager.submit(manager.get("/settings"), FORM, language=code)
    assert percent in manager.get("/team").main
    assert "100.0 %" in manager.get("/team/overview.csv").response.text


@pytest.mark.parametrize("code", OTHERS)
def test_the_months_of_every_catalogue_are_read_whoever_reads_them(code):
    words = catalogue(code)
    for number, month in enumerate(MONTHS, start=1):
        assert read_day(f"3 {words.get(month).string} 2027") == date(2027, number, 3)
