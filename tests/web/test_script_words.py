"""What scripts say in other languages than English: the words built for them, and the shell that speaks them."""

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_assets", ROOT / "build_assets.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def said(script: str) -> dict:
    return json.loads(re.search(r"said:(\{.*\})\};", script)[1])


def test_every_other_language_has_words_for_scripts_with_the_forms_of_its_counts(builder):
    words = {name: said(text) for name, text in builder.words_of_scripts(builder.FRONTEND)}
    assert set(words) == {"words-cy.js", "words-pl.js"}
    assert words["words-cy.js"].keys() == words["words-pl.js"].keys()
    forms = [len(words[name]["%(count)s answer not sent yet"]) for name in ("words-cy.js", "words-pl.js")]
    assert forms == [5, 4]


def test_a_sentence_that_is_not_translated_whole_is_left_to_english(builder):
    catalogue = Catalog(locale="pl")
    catalogue.add("Begin", "Rozpocznij")
    catalogue.add("Finish", "")
    catalogue.add(("one", "many"), ("a", "b", ""))
    script = builder.words_script(catalogue, ["Begin", "Finish", "one", "Unknown"])
    assert said(script) == {"Begin": "Rozpocznij"}
    assert script.startswith("self.WORDS={plural:(n)=>Number(")


@pytest.mark.parametrize(("asked", "spoken"), [("pl", "pl"), ("cy", "cy"), ("en", "en-GB"), ("xx", "en-GB")])
def test_the_shell_speaks_the_language_that_a_device_asks_for(client, asked, spoken):
    page = client.browser.get(f"/offline?language={asked}").get_data(as_text=True)
    assert f'<html lang="{spoken}"' in page
    assert (f"words-{spoken}-" in page) is (spoken != "en-GB")


def test_the_worker_knows_where_the_words_of_each_language_are(client):
    first = client.browser.get("/sw.js").get_data(as_text=True).partition("\n")[0]
    words = json.loads(first.removeprefix("self.KEPT = ").removesuffix(";"))["words"]
    assert set(words) == {"cy", "pl"}
    for address in words.values():
        with client.browser.get(address) as answer:
            assert answer.get_data(as_text=True).startswith("self.WORDS=")
