"""Front matter is strict, and says at which line what to write instead."""

import pytest
from sample_content import faults_in, line_of, module_text, scenario_text


def test_the_sample_module_and_scenario_have_no_faults(tmp_path):
    assert faults_in(tmp_path, module_text()) == []
    assert faults_in(tmp_path, scenario_text(), "scenarios") == []


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("version", "1.0", 'put quotes round it, "1.0"'),
        ("title", "no", 'put quotes round it, "no"'),
        ("summary", "12:30", 'put quotes round it, "12:30"'),
        ("capability", "2026-11-22", "put quotes round it"),
        ("capability", "0123", 'put quotes round it, "0123"'),
        ("outcomes", "[yes]", 'put quotes round it, "yes"'),
        ("outcomes", "one", "needs a list"),
        ("outcomes", "[]", "is empty"),
        ("title", "", "cannot be 'nothing'"),
        ("title", '"  "', "write some words"),
        ("title", "Stop: a story", "put quotes round"),
        ("title", "[a", "not valid YAML"),
        ("title", "[a, b]", "needs one value"),
        ("minutes", "2", "from 3 to 8"),
        ("minutes", "9", "from 3 to 8"),
        ("minutes", '"5"', "from 3 to 8"),
        ("minutes", "4.5", "from 3 to 8"),
        ("minutes", "9" * 3900, "from 3 to 8"),
        ("pass_mark", "0", "from 1 to 100"),
        ("pass_mark", "101", "from 1 to 100"),
        ("material", '"false"', "true or false"),
        ("written_on", "soon", "a day such as"),
        ("written_on", "2026-02-30", "a day such as"),
        ("written_on", "2026-02-03 10:00:00", "a day such as"),
        ("review_by", "2026-11-22", "not after `written_on`"),
        ("roles", "[nurse]", "one of prescriber, non-prescriber, social-care, family-carer"),
        ("roles", "[social-care, social-care]", "a role twice"),
        ("roles", "[]", "is empty"),
        ("sources", "{}", "is empty"),
        ("sources", "[a]", "needs keys and values"),
        ("sources", "{BAD: {title: T, publisher: P, url: https://x.org, checked_on: 2026-01-01}}", "small letters"),
        ("sources", "{mar: {title: T, publisher: P, url: x.org, checked_on: 2026-01-01}}", "begins https://"),
        ("sources", "{mar: {title: T, publisher: P, checked_on: 2026-01-01}}", "missing key `sources.mar.url`"),
        ("sources", "{mar: {title: T, title: U, publisher: P, url: https://x.org, checked_on: 2026-01-01}}", "twice"),
        ("sources", "{1: {title: T}}", "read as a number: put quotes round it"),
        ("sources", "{[a]: {title: T}}", "is not a word"),
        ("sources", "&a {mar: *a}", "anchors (&) and aliases (*)"),
        ("title", "!!python/object:os.system x", "the tag"),
        ("title", "[[[[[[[[[[", "nested too deeply"),
        ("replaces", "Old Slug", "small letters and hyphens"),
        ("clinical_signoff", "Dr A Name", "needs keys and values"),
        ("clinical_signoff", "{who: Dr A Name, when: 2026-12-01}", "unknown key `clinical_signoff.when`"),
        ("sumary", "Words", "unknown key `sumary`: write `summary`"),
        ("facts", "{a: b}", "unknown key `facts`"),
    ],
)
def test_a_wrong_value_is_named_with_its_line_and_what_to_write(tmp_path, key, value, says):
    text = module_text(**{key: value})
    faults = faults_in(tmp_path, text)
    assert [fault for fault in faults if fault.startswith(f"{line_of(text, f'{key}: ')}: ") and says in fault], faults


@pytest.mark.parametrize("key", ["title", "summary", "roles", "minutes", "version", "material", "outcomes", "sources"])
def test_a_missing_key_is_named(tmp_path, key):
    faults = faults_in(tmp_path, module_text(**{key: None}))
    assert faults[0].startswith(f"2: missing key `{key}`: add `{key}: ")
    assert len(faults) == 1


def test_pass_mark_may_be_left_out_of_a_module_and_has_no_place_in_a_scenario(tmp_path):
    assert faults_in(tmp_path, module_text(pass_mark=None)) == []
    assert "unknown key `pass_mark`" in faults_in(tmp_path, scenario_text(pass_mark="80"), "scenarios")[0]


def test_a_scenario_may_take_longer_than_a_module(tmp_path):
    assert "from 3 to 15" in faults_in(tmp_path, scenario_text(minutes="16"), "scenarios")[0]


def test_a_key_that_stands_twice_is_named_at_the_second_with_the_line_of_the_first(tmp_path):
    text = module_text().replace("material: false", "material: false\nmaterial: true")
    assert faults_in(tmp_path, text) == ["6: `material` is here twice (first on line 5): keep one"]


def test_every_fault_of_a_file_is_found_at_once(tmp_path):
    faults = faults_in(tmp_path, module_text(version="1.0", minutes="2", roles="[nurse]", title=None))
    assert len(faults) == 4


def test_a_sign_off_names_who_and_on_which_day(tmp_path):
    assert faults_in(tmp_path, module_text(clinical_signoff="{who: Dr A Name, on: 2026-12-01}")) == []
    assert faults_in(tmp_path, module_text(clinical_signoff="")) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "1: the file is empty"),
        ("\n \n", "1: the file is empty"),
        ("## A card\n\nWords\n", "1: the file does not begin with front matter"),
        ("---\ntitle: x\n", "1: the front matter is never closed"),
        ("---\n---\n\n## A card\n", "2: nothing is set here"),
        ("---\n- a\n---\n", "2: this needs keys and values"),
        ("---\nwords\n---\n", "2: this needs keys and values"),
        ("---\n\ttitle: x\n---\n", "2: this is not valid YAML"),
    ],
)
def test_a_file_without_whole_front_matter_says_so(tmp_path, text, says):
    faults = faults_in(tmp_path, text)
    assert len(faults) == 1
    assert faults[0].startswith(says)
