"""Files made to break the reader give faults with a line, at once, and never a traceback."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_content import BODY, faults_in, module_text, scenario_text, with_card, with_scenes, write

from training.catalog.library import check_content

BOMB = "&a [x]\n" + "\n".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{'*' + chr(97 + n) + ', '}*{chr(97 + n)}]" for n in range(9)
)

HOSTILE = {
    "a script": with_card("<script>alert(1)</script>"),
    "brackets on one line": with_card("[a" * 5_000),
    "brackets on many lines": with_card("[a[a[a[a[a\n" * 1_000),
    "brackets in an option": with_card(f"::: question q\nAsk\n\n- [x] {'[a' * 1_900}\n  > a\n- [ ] b\n  > b\n:::"),
    "brackets in a prompt": with_card(f"::: question q\n{'[a' * 1_900}\n\n- [x] a\n  > a\n- [ ] b\n  > b\n:::"),
    "brackets in feedback": with_card(
        "::: question q\nAsk\n\n- [x] a\n" + "  > [a[a[a\n" * 1_500 + "- [ ] b\n  > b\n:::"
    ),
    "brackets in a block": with_card("::: key\n" + "![a](" * 700 + "\n:::"),
    "brackets in a heading": with_card("Words\n\n## " + "[a" * 1_900 + "\n\nWords"),
    "citations that never end": with_card("[^" * 1_900),
    "links that never end": with_card("[a](" * 900),
    "blocks in blocks": with_card("::: key\n" * 5_000),
    "roles in roles": with_card("::: role social-care\n" * 3_000),
    "closings": with_card(":::\n" * 5_000),
    "quotations in quotations": with_card(">" * 3_000 + " a"),
    "lists in lists on one line": with_card("- " * 1_900 + "a"),
    "lists in lists": with_card("\n".join(" " * n + "- a" for n in range(300))),
    "numbers in numbers": with_card("1. " * 1_300),
    "emphasis": with_card("*a **b _c " * 350),
    "quotations ever deeper": with_card("\n".join(">" * n + " a" for n in range(1, 400))),
    "lines of quotation marks": with_card(">\n" * 60_000),
    "one endless line": with_card("a" * 2_000_000),
    "one endless line of brackets": with_card("[" * 2_000_000),
    "one endless setting": module_text(title="{" * 2_000_000),
    "strong words": with_card("\n\n".join(["**a** " * 45] * 300)),
    "links by name": with_card("\n".join(f"[a{n}]: /b" for n in range(2_000))),
    "tables": with_card("|" * 2_900 + "\n" + "|-" * 1_450),
    "spaces": with_card((" " * 3_900 + "\n") * 25 + "x" + " " * 3_900 + "-> y"),
    "a line of spaces in a pair": with_card(f"::: question q\nAsk\n\n- a{' ' * 3_900}b\n- c -> d\n:::"),
    "a thousand cards": module_text(BODY + "\n## Card\n\nWords\n" * 1_000),
    "doubled questions": with_card("::: question q\nAsk\n\n- [x] a\n  > a\n- [ ] b\n  > b\n:::\n" * 2),
    "wrong types": module_text(title="[1]", roles="{a: b}", sources="3", minutes="yes", outcomes="{}"),
    "a byte order mark in the middle": with_card("Words\ufffe"),
    "a NUL": with_card("Wor\0ds"),
    "not UTF-8": module_text().encode() + b"\xff\xfe",
    "UTF-16": module_text().encode("utf-16"),
    "only a byte order mark": b"\xef\xbb\xbf",
    "a picture's bytes": bytes(range(256)) * 40,
    "no front matter": "## A card\n\nWords\n",
    "front matter without end": "---\n" + "a: b\n" * 5_000,
    "gigantic": with_card("word " * 60_000),
    "gigantic front matter": module_text(summary="\n".join(["x", *("  words " * 20 for _ in range(600))])),
    "billion laughs": module_text(title=BOMB),
    "aliases of a long list": module_text(
        sources=f"\n  a: &a [{'x, ' * 1_000}]\n" + "\n".join(f"  k{n}: [{'*a, ' * 9}*a]" for n in range(300))
    ),
    "a tower of aliases": "---\na0: &a0 x\n"
    + "\n".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 600))
    + f"\n---\n{BODY}",
    "lists in lists in YAML": "---\n" + "\n".join(" " * n + "-" for n in range(240)) + f"\n---\n{BODY}",
    "many texts in YAML": "---\na: b\n" + "...\n--- x\n" * 3_000 + f"---\n{BODY}",
    "a number of sixtieths": module_text(minutes="1" + ":59" * 1_200),
    "brackets in YAML": module_text(title="[" * 3_900),
    "braces in YAML": module_text(title="{a: " * 900),
    "questions in YAML": module_text(title="? " * 1_900),
    "a huge number": module_text(minutes="9" * 3_900),
    "an object": module_text(title="!!python/object/apply:os.system [ls]"),
    "a tag": module_text(title="!!binary aGVsbG8="),
    "merge keys": module_text(title="{<<: {a: b}}"),
    "five thousand keys": "---\n" + "\n".join(f"k{n}: v" for n in range(3_000)) + "\n---\n" + BODY,
}
HOSTILE_STORIES = {
    "a story that goes round": with_scenes("## A {#a}\n\n- [On](#b)\n\n## B {#b}\n\nW.\n\n- [On](#a)"),
    "a choice of brackets": with_scenes("## A {#a}\n\n- [" + "[a" * 1_900 + "](#b)"),
    "a choice of braces": with_scenes("## A {#a}\n\n- [On](#b) " + "{set a: b}" * 380),
    "braces that never end": with_scenes("## A {#a}\n\n- [On](#b) " + "{" * 3_000),
    "two thousand scenes": scenario_text(
        "".join(f"## S {{#s{n}}}\n\nW.\n\n- [On](#s{n + 1})\n\n" for n in range(2_000))
    ),
    "a long story that goes back": scenario_text(
        "".join(f"## S {{#s{n}}}\n\nW.\n\n- [On](#s{n + 1})\n- [Back](#back)\n\n" for n in range(1_500))
        + "## E {#s1500} {ending: safe}\n\nEnd.\n"
    ),
    "a story where every scene leads to every other": scenario_text(
        "".join(
            f"## S {{#s{n}}}\n\nW.\n\n" + "".join(f"- [C{m}](#s{m}) {{once}}\n" for m in range(40)) + "\n"
            for n in range(40)
        )
    ),
    "a choice of many lines": with_scenes("## A {#a}\n\n- [" + "  word\n" * 5_000 + "](#b)"),
}


def faults_in_time(folder, text, kind="modules") -> list[str]:
    began = time.process_time()
    faults = faults_in(folder, text, kind)
    assert time.process_time() - began < 2
    return faults


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_module_gives_a_fault_at_a_line_within_two_seconds(tmp_path, name):
    text = HOSTILE[name]
    faults = faults_in_time(tmp_path, text)
    lines = text.count(b"\n" if isinstance(text, bytes) else "\n") + 1
    assert faults
    assert all(1 <= int(fault.split(":")[0]) <= lines for fault in faults)


@pytest.mark.parametrize(
    "marks", ["`", "*", "_", "*a ", "_a_ ", "`a``b ", "a|", "\\", "&#1", "(", "**a*b", "](a) ", "!"]
)
def test_a_paragraph_of_marks_that_mean_nothing_is_read_within_two_seconds(tmp_path, marks):
    paragraphs = (f"a {marks * (2_900 // len(marks))}\n\n" for _ in range(30))
    faults = faults_in_time(tmp_path, with_card("".join(paragraphs)))
    assert all("\n" not in fault for fault in faults)


@pytest.mark.parametrize("count", [5_000, 10_000])
@pytest.mark.parametrize(
    "mark", [*">*_[](`<!-+#~|^", "**", "[^", "![", "](", "[[", "<a ", "<!--", "- ", "> ", "1. ", "> - ", "&#", "&a;"]
)
def test_thousands_of_one_mark_on_a_line_are_a_fault_within_two_seconds(tmp_path, mark, count):
    assert faults_in_time(tmp_path, with_card(mark * count))
    assert faults_in_time(tmp_path, with_card(f"a {mark * count}"))
    assert faults_in_time(tmp_path, with_card("\n".join([mark * 70] * (count // 70))))


@pytest.mark.parametrize("name", HOSTILE_STORIES)
def test_a_hostile_scenario_gives_a_fault_within_two_seconds(tmp_path, name):
    assert faults_in_time(tmp_path, HOSTILE_STORIES[name], "scenarios")


def test_a_story_with_more_ways_than_can_be_looked_at_is_let_through_in_time(tmp_path):
    facts = "{" + ", ".join(f"f{n}: F" for n in range(30)) + "}"
    hub = "## Hub {#hub}\n\n" + "word " * 250 + "\n\n"
    hub += "".join(f"- [C{n}](#hub) {{set f{n}: yes}} {{once}}\n- [D{n}](#safe) {{if f{n}: yes}}\n" for n in range(30))
    text = scenario_text(f"{hub}\n## Safe {{#safe}} {{ending: safe}}\n\nEnd.\n", facts=facts)
    assert faults_in_time(tmp_path, text, "scenarios") == []


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(tmp_path):
    assert faults_in(tmp_path, b"\xef\xbb\xbf" + module_text().replace("\n", "\r\n").encode()) == []
    assert faults_in(tmp_path, scenario_text().replace("\n", "\r").encode(), "scenarios") == []


def test_a_fault_is_printed_as_file_line_and_message(tmp_path):
    path = write(tmp_path, module_text(minutes="2"), "modules/sample.md")
    assert str(check_content(path)[0]).startswith(
        f"{path}:12: `minutes` cannot be '2': write a whole number from 3 to 8"
    )


def test_a_missing_file_and_a_folder_named_like_one_are_faults(tmp_path):
    (tmp_path / "modules" / "folder.md").mkdir(parents=True)
    assert "cannot be read" in check_content(tmp_path / "modules")[0].message
    assert "cannot be read" in check_content(tmp_path / "nothing.md")[0].message


PIECES = st.sampled_from(
    [
        *(
            "::: question q must\n",
            "::: role social-care\n",
            "::: myth\n",
            "::: ",
            ":::\n",
            "## ",
            "### ",
            "# ",
            "{#a} ",
        ),
        *("{ending: safe}", "- [x] ", "- [ ] ", "- [a](#a) ", "1. ", "a -> b", "  > ", "> ", "[^mar]", "![", "](", ")"),
        *(
            "{set a: b}",
            "{if told_gp: yes}",
            "{critical}",
            "`",
            "**",
            "|",
            "---\n",
            "\n",
            "\n\n",
            "word ",
            "<b>",
            "    ",
        ),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_no_mixture_of_marks_breaks_the_reader(tmp_path_factory, body):
    folder = tmp_path_factory.mktemp("mixed")
    assert isinstance(faults_in(folder, module_text(f"{BODY}\n{body}")), list)
    assert isinstance(faults_in(folder, scenario_text(body), "scenarios"), list)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="abc:-[]{}&*!?|>'\"#%@`, \n0159.~", max_size=80))
def test_no_front_matter_breaks_the_reader(tmp_path_factory, front):
    folder = tmp_path_factory.mktemp("front")
    assert faults_in(folder, f"---\n{front}\n---\n\n{BODY}")
