"""Figures about content agree with what the check counts, and come as a table, CSV or JSON."""

import csv
import io
import json
import re
from datetime import date

from sample_content import TRACKS, module_text, scenario_text, write

from training.catalog.authored import authored_in
from training.catalog.blocks import Block
from training.catalog.cards import drafts_of
from training.catalog.faults import Faults
from training.catalog.glossary import Glossary
from training.catalog.plain_words import count_shown, prose_of
from training.catalog.prose import count_words
from training.catalog.stats import FORMATS, stats_of
from training.config import shipped

NUMBERED = re.compile(r"^\d+[.)] ", re.MULTILINE)
TODAY = date(2027, 11, 12)


def rows_of(path):
    return stats_of(path, glossary=Glossary({}), today=TODAY)


def test_a_module_has_a_row_for_each_role(tmp_path):
    path = write(tmp_path, module_text(roles="[prescriber, social-care]"), "modules/first.md")
    first, second = rows_of(path)
    assert (first.item, first.kind, first.role, second.role) == ("first", "module", "prescriber", "social-care")
    assert (first.parts, first.questions, first.must, first.sources) == (4, 1, 1, 1)
    assert (first.minutes, first.shortest, first.longest) == (3, 3.0, 3.0)
    assert (first.words, first.days_to_review) == (480, 10)


def test_days_to_a_review_that_is_late_are_below_nought(tmp_path):
    path = write(tmp_path, module_text(review_by="2027-11-11"), "modules/first.md")
    assert rows_of(path)[0].days_to_review == -1


def test_a_story_has_its_shortest_way_and_its_whole_length(tmp_path):
    path = write(tmp_path, scenario_text(), "scenarios/story.md")
    (row,) = rows_of(path)
    assert (row.parts, row.questions, row.must) == (3, 1, 1)
    assert row.words == 300 + 100 + 100 + 10
    assert (row.shortest, row.longest) == (2.6, 3.2)


def test_the_words_shown_are_those_that_the_check_counts():
    for authored in authored_in(shipped("content") / "modules"):
        for role in authored.item.roles:
            nodes = [
                node
                for draft in drafts_of(authored.nodes, authored.item.roles, Faults("x"))
                for roles, node in draft.nodes
                if role in roles and not (isinstance(node, Block) and node.name == "question")
            ]
            texts = [node.text.text if isinstance(node, Block) else node.text for node in nodes]
            # The check counts the number of a list item as a word; here it is a mark, as a bullet is.
            counted = sum(count_words(NUMBERED.sub("", text)) for text in texts)
            assert count_shown(prose_of(authored.item, role)) == counted, (authored.item.slug, role)


def test_a_whole_folder_is_counted_and_files_with_faults_are_not(tmp_path):
    write(tmp_path, module_text(), "modules/first.md")
    write(tmp_path, module_text(minutes="2"), "modules/second.md")
    write(tmp_path, scenario_text(), "scenarios/story.md")
    write(tmp_path, TRACKS, "tracks.yaml")
    assert [row.item for row in rows_of(tmp_path)] == ["first", "story"]


def test_every_format_says_the_same(tmp_path):
    path = write(tmp_path, module_text(), "modules/first.md")
    rows = rows_of(path)
    heads, line = FORMATS["table"](rows).splitlines()
    assert heads.split()[:5] == ["item", "kind", "role", "words", "minutes"]
    assert line.split()[:5] == ["first", "module", "social-care", "480", "3"]
    (from_csv,) = csv.DictReader(io.StringIO(FORMATS["csv"](rows)))
    (from_json,) = json.loads(FORMATS["json"](rows))
    assert from_csv == {name: str(value) for name, value in from_json.items()}
    assert from_json["words"] == 480


def test_no_items_make_a_table_of_heads_alone(tmp_path):
    assert FORMATS["table"](rows_of(tmp_path)).count("\n") == 1
    assert FORMATS["json"]([]) == "[]\n"
