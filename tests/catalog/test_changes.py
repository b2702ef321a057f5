"""What changed between two versions: the cards and questions of each role, scenes and choices, and the front matter."""

import pytest
from sample_content import BODY, QUESTION, SCENARIO_BODY, module_text, scenario_text, write

from training.catalog.authored import read_authored
from training.catalog.differences import NotComparable, differences
from training.catalog.faults import ContentFaulty
from training.domain.changes import Difference, changed_cards, changed_headings, changed_scenes
from training.domain.roles import Role

ANOTHER = QUESTION.replace("first-step must", "second-step")
SOURCES = (
    "{new: {title: New, publisher: CQC, url: https://example.org/new, checked_on: 2026-11-22}, "
    "mar: {title: Records, publisher: CQC, url: https://example.org/mar, checked_on: 2026-11-22}}"
)


def item(folder, text, name="modules/sample.md"):
    authored, faults = read_authored(write(folder, text, name))
    assert faults.found == []
    return authored.item


def changes(folder, body, role=Role.SOCIAL_CARE, **front):
    before = item(folder / "before", module_text())
    after = item(folder / "after", module_text(body, **front))
    return changed_cards(before, after, role)


def test_the_same_text_has_no_changes(tmp_path):
    found = changes(tmp_path, BODY)
    assert not found
    assert not found.cards
    assert found.questions == Difference()


def test_a_card_that_reads_differently_is_changed_and_its_question_is_not(tmp_path):
    found = changes(tmp_path, BODY.replace("Report it the same day", "Report it now"))
    assert found.cards == Difference(changed=("look-first",))
    assert not found.questions


def test_cards_that_came_and_went_are_told_apart(tmp_path):
    found = changes(tmp_path, BODY.replace("## Then act", "## Then act well"))
    assert found.cards == Difference(added=("then-act-well",), removed=("then-act",))
    assert found.cards.new_or_changed == ("then-act-well",)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("What do you do first?", "What comes first?"),
        ("> It may be serious.", "> It is serious."),
        ("- [ ] Wait", "- [ ] Wait a day"),
        ("first-step must", "first-step"),
        ("- [ ] Wait", "- [x] Wait"),
    ],
)
def test_a_question_is_changed_by_its_words_answers_feedback_or_weight(tmp_path, old, new):
    found = changes(tmp_path, BODY.replace(old, new))
    assert found.questions == Difference(changed=("first-step",))
    assert not found.cards


def test_a_question_that_moves_to_another_card_has_not_changed(tmp_path):
    moved = BODY.replace(QUESTION, "", 1).replace("## Then act\n", f"## Then act\n\n{QUESTION}\n")
    assert not changes(tmp_path, moved)


def test_a_new_question_is_added(tmp_path):
    found = changes(tmp_path, BODY.replace("## Then act\n", f"## Then act\n\n{ANOTHER}\n"))
    assert found.questions == Difference(added=("second-step",))
    assert found.questions.new_or_changed == ("second-step",)


def test_another_source_in_the_list_changes_no_card_although_citations_are_numbered_anew(tmp_path):
    found = changes(tmp_path, BODY.replace("first?[^mar]", "first?[^mar]"), sources=SOURCES)
    assert not found


def test_citing_another_source_changes_a_card(tmp_path):
    found = changes(tmp_path, BODY.replace("same day.[^mar]", "same day.[^new]"), sources=SOURCES)
    assert found.cards == Difference(changed=("look-first",))


def test_each_role_has_its_own_changes(tmp_path):
    roles = "[social-care, prescriber]"
    before = item(tmp_path / "before", module_text(roles=roles))
    text = f"{BODY}\n::: role prescriber\n## Only for you\n\nGo on.\n:::\n"
    after = item(tmp_path / "after", module_text(text, roles=roles))
    assert changed_cards(before, after, Role.PRESCRIBER).cards == Difference(added=("only-for-you",))
    assert not changed_cards(before, after, Role.SOCIAL_CARE)


def test_a_role_that_was_not_served_before_finds_everything_new(tmp_path):
    before = item(tmp_path / "before", module_text())
    after = item(tmp_path / "after", module_text(roles="[family-carer]"))
    found = changed_cards(before, after, Role.FAMILY_CARER)
    assert found.cards.added == ("look-first", "then-act", "and-go-on", "until-it-is-done")
    assert found.questions.added == ("first-step",)
    assert changed_cards(before, after, Role.SOCIAL_CARE).cards.removed == found.cards.added


def story(folder, body):
    before = item(folder / "before", scenario_text(), "scenarios/story.md")
    return changed_scenes(before, item(folder / "after", scenario_text(body), "scenarios/story.md"))


def test_a_scene_and_a_choice_change_each_for_itself(tmp_path):
    assert not story(tmp_path, SCENARIO_BODY)
    told = story(tmp_path, SCENARIO_BODY.replace("## Treated", "## Well"))
    assert (told.scenes, told.choices) == (Difference(changed=("treated",)), Difference())
    chosen = story(tmp_path, SCENARIO_BODY.replace("{safe}\n", "{unsafe}\n"))
    assert (chosen.scenes, chosen.choices) == (Difference(), Difference(changed=("monday: Ask",)))


def test_a_choice_put_before_others_changes_none_of_them(tmp_path):
    body = SCENARIO_BODY.replace("- [Ask]", "- [Look](#treated)\n- [Ask]")
    assert story(tmp_path, body).choices == Difference(added=("monday: Look",))


def test_a_choice_in_other_words_is_one_removed_and_one_added(tmp_path):
    found = story(tmp_path, SCENARIO_BODY.replace("[Ask]", "[Ask her]"))
    assert found.choices == Difference(added=("monday: Ask her",), removed=("monday: Ask",))


def test_headings_name_what_reads_or_asks_differently_for_anybody(tmp_path):
    before = item(tmp_path / "before", module_text())
    assert changed_headings(before, before) == ()
    for changed in (BODY.replace("Report it the same day", "Report it now"), BODY.replace(QUESTION, ANOTHER)):
        after = item(tmp_path / "after", module_text(changed))
        assert changed_headings(before, after) == ("Look first",)


def test_headings_of_a_story_name_scenes_that_read_or_offer_something_else(tmp_path):
    name = "scenarios/sample.md"
    before = item(tmp_path / "before", scenario_text(), name)
    assert changed_headings(before, before) == ()
    after = item(tmp_path / "after", scenario_text(SCENARIO_BODY.replace("You looked first.", "You asked.")), name)
    assert changed_headings(before, after) == ("Monday",)


def test_two_files_are_compared_in_lines(tmp_path):
    before = write(tmp_path, module_text(), "old.md")
    after = write(
        tmp_path,
        module_text(
            BODY.replace("Report it the same day", "Report it now"),
            pass_mark="90",
            version='"1.1"',
            outcomes="[Say, Do]",
            material="true",
            sources=SOURCES,
            clinical_signoff="{who: Dr A Name, on: 2026-12-01}",
        ),
        "new.md",
    )
    assert differences(before, before) == []
    assert differences(before, after) == [
        "module new: changed",
        "  version: 1.0 -> 1.1",
        "  material: false -> true",
        "  pass_mark: 80 -> 90",
        "  outcomes: [Say what to report] -> [Say, Do]",
        "  clinical_signoff: nothing -> Dr A Name, 2026-12-01",
        "  source added: new",
        "  social-care: card changed: look-first",
    ]


def test_two_folders_are_compared_by_kind_and_name(tmp_path):
    for name in ("modules/kept.md", "modules/gone.md"):
        write(tmp_path / "a", module_text(), name)
    write(tmp_path / "a", scenario_text(), "scenarios/story.md")
    write(tmp_path / "b", module_text(), "modules/kept.md")
    write(tmp_path / "b", module_text(title="Other"), "modules/come.md")
    text = scenario_text(SCENARIO_BODY.replace("[Ask]", "[Ask *her*]"), facts="{told_gp: Told}")
    write(tmp_path / "b", text, "scenarios/story.md")
    assert differences(tmp_path / "a", tmp_path / "b") == [
        "module come: added",
        "module gone: removed",
        "scenario story: changed",
        "  facts: {told_gp: The GP knows} -> {told_gp: Told}",
        "  choice added: monday: Ask her",
        "  choice removed: monday: Ask",
    ]


def test_what_cannot_be_compared_is_refused(tmp_path):
    module = write(tmp_path, module_text(), "modules/first.md")
    scenario = write(tmp_path, scenario_text(), "scenarios/story.md")
    with pytest.raises(NotComparable, match=r"a module and .* a scenario"):
        differences(module, scenario)
    with pytest.raises(NotComparable, match="two files, or two folders"):
        differences(module, tmp_path)
    faulty = write(tmp_path, module_text(minutes="2"), "modules/second.md")
    with pytest.raises(ContentFaulty, match=r"second\.md:12"):
        differences(module, faulty)
