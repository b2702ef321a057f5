"""The glossary explains a word where it first stands, and nowhere that is pressed or read as a heading."""

import pytest

from training.catalog.faults import Faults
from training.catalog.glossary import read_glossary

GLOSSARY = """
akathisia:
  term: akathisia
  meaning: An unease that "will not" sit still.
stomp:
  term: STOMP
  meaning: A campaign.
  inline: false
when-required:
  term: when required
  also: [PRN]
  meaning: Given only when needed.
"""


@pytest.fixture
def glossary(tmp_path):
    path = tmp_path / "glossary.yaml"
    path.write_text(GLOSSARY)
    faults = Faults(str(path))
    read = read_glossary(path, faults)
    assert faults.found == []
    return read


def test_a_word_leads_to_its_meaning_the_first_time_only(glossary):
    marked = glossary.explain("<p>Akathisia is not agitation. Akathisia is an effect.</p>")
    assert marked.count("app-term") == 1
    assert 'href="/glossary#term-akathisia"' in marked
    assert "&quot;will not&quot;" in marked


def test_other_forms_lead_to_the_same_meaning(glossary):
    assert "#term-when-required" in glossary.explain("<p>A PRN plan</p>")


@pytest.mark.parametrize(
    "text",
    [
        '<p><a href="#x">akathisia</a></p>',
        "<h3>Akathisia</h3>",
        "<p>akathisiac STOMP</p>",
        '<img alt="akathisia" src="x">',
    ],
)
def test_a_word_is_left_alone_in_links_headings_attributes_and_other_words(glossary, text):
    assert glossary.explain(text) == text


def test_a_form_explained_twice_is_a_fault_with_its_line(tmp_path):
    path = tmp_path / "glossary.yaml"
    path.write_text(GLOSSARY + "prn:\n  term: PRN\n  meaning: Again.\n")
    faults = Faults(str(path))
    read_glossary(path, faults)
    assert [(fault.line, "explained under" in fault.message) for fault in faults.found] == [(13, True)]


def test_a_folder_without_a_glossary_has_no_terms(tmp_path):
    faults = Faults("none")
    assert read_glossary(tmp_path / "glossary.yaml", faults).explain("<p>akathisia</p>") == "<p>akathisia</p>"
