"""A scenario's scenes and choices are read as written, and no story leaves a learner lost."""

import pytest
from sample_content import faults_in, line_of, scenario_text, with_scenes, write

from training.catalog.faults import Faults
from training.catalog.scenarios import read_scenario
from training.domain.scenario import Ending, Scenario, Tag

SAFE = "## Safe {#safe} {ending: safe}\n\nEnd."
START = "## Start {#start}\n"
PARAGRAPH = f"{'word ' * 10}\n\n"


def read(folder, text) -> Scenario:
    faults = Faults("sample.md")
    reading = read_scenario(write(folder, text), text, faults)
    assert faults.found == []
    return reading.item


def test_a_choice_keeps_its_link_its_marks_and_its_feedback(tmp_path):
    story = f"""{START}
- [Ask **now**](#more) {{safe}} {{set told_gp: yes}} {{once}}
  > You looked.[^mar]
- [Wait](#safe) {{if told_gp: yes}} {{unsafe}}

## More {{#more}}

Words.

- [Go on
  and on](#safe)
- [Go back](#back)

{SAFE}"""
    scenario = read(tmp_path, with_scenes(story))
    ask, wait = scenario.scenes["start"].choices
    assert (ask.key, ask.html, ask.target, ask.tag) == ("start:1", "Ask <strong>now</strong>", "more", Tag.SAFE)
    assert (dict(ask.sets), dict(ask.needs), ask.once) == ({"told_gp": "yes"}, {}, True)
    assert ask.feedback_html.startswith('<p>You looked.<sup class="app-citation"><a href="#source-mar">')
    assert (wait.key, wait.tag, dict(wait.needs), wait.feedback_html) == ("start:2", Tag.UNSAFE, {"told_gp": "yes"}, "")
    assert scenario.scenes["more"].choices[0].html == "Go on and on"
    assert scenario.scenes["more"].choices[1].target == "back"
    assert scenario.scenes["safe"].ending is Ending.SAFE
    assert scenario.scenes["start"].sources == ("mar",)
    assert scenario.start == "start"
    assert scenario.facts == {"told_gp": "The GP knows"}


def test_a_plain_list_in_a_scene_is_no_choice(tmp_path):
    words = "- one\n- [two](https://example.org)\n"
    scenario = read(tmp_path, with_scenes(f"{START}\n{words}\nWords.\n\n- [Go](#safe)\n\n{SAFE}"))
    assert scenario.scenes["start"].html.count("<li>") == 2
    assert len(scenario.scenes["start"].choices) == 1


def test_a_labelled_block_may_stand_in_a_scene(tmp_path):
    scenario = read(tmp_path, with_scenes(f"{START}\n::: say\nWords.\n:::\n\n- [Go](#safe)\n\n{SAFE}"))
    assert '<div class="app-block app-block--say">' in scenario.scenes["start"].html


@pytest.mark.parametrize(
    ("story", "part", "says"),
    [
        (f"{START}\n- [Go](#nowhere)\n- [End](#safe)\n\n{SAFE}", "- [Go]", "no scene has the address `nowhere`"),
        (f"{START}\n- [Go](nowhere)\n- [End](#safe)\n\n{SAFE}", "- [Go]", "the link `nowhere` leads nowhere"),
        (f"{START}\n- [End](#safe)\n- Words\n\n{SAFE}", "- Words", "this is no choice"),
        (f"{START}\n- [End](#safe)\n\nAfter.\n\n{SAFE}", "After.", "this stands among the list items"),
        (f"{START}\n- [End](#safe)\n\n::: key\nAfter.\n:::\n\n{SAFE}", "::: key", "stands after the choices"),
        (f"{START}\n- [](#safe)\n\n{SAFE}", "- []", "the choice says nothing"),
        (f"{START}\n- [End[^mar]](#safe)\n\n{SAFE}", "- [End", "a choice is itself a link"),
        (f"{START}\n- [End](#safe) at last\n\n{SAFE}", "- [End]", "only marks in braces may follow"),
        (f"{START}\n- [End](#safe) {{good}}\n\n{SAFE}", "- [End]", "`{good}` is not a mark"),
        (f"{START}\n- [End](#safe) {{safe}} {{unsafe}}\n\n{SAFE}", "- [End]", "a choice has one meaning"),
        (f"{START}\n- [End](#safe) {{set a: b}}\n\n{SAFE}", "- [End]", "the fact `a` is not named"),
        (f"{START}\n- [End](#safe)\n- [E](#safe) {{if a: b}}\n\n{SAFE}", "- [E]", "the fact `a` is not named"),
        (f"{START}\n- [End](#safe) {{set told_gp: a}} {{set told_gp: b}}\n\n{SAFE}", "- [End]", "stands here twice"),
        (
            f"{START}\n- [Give it](#safe) {{critical}}\n- [End](#safe)\n\n{SAFE}",
            "- [Give",
            "critical choice has no feedb",
        ),
        (f"{START}\n- [End](#safe)\n\n{SAFE}\n\n- [On](#start)", "## Safe", "the ending `safe` has choices"),
        (f"{START}\n- [End](#safe)\n- [On](#end)\n\n## End {{#end}}\n\nW.\n\n{SAFE}", "## End", "is a dead end"),
        (
            f"{START}\n- [End](#safe)\n\n## Safe {{#safe}} {{ending}}\n\nEnd.",
            "## Safe",
            "does not say whether it is safe",
        ),
        (f"{START}\n- [End](#safe)\n\n## Safe {{#safe}} {{ending: fine}}\n\nEnd.", "## Safe", "does not say whether"),
        (f"{START}\n- [End](#bad)\n\n## Bad {{#bad}} {{ending: unsafe}}\n\nEnd.", "## Start", "no ending is safe"),
        (f"{START}\n- [End](#safe)\n\n## Again {{#start}}\n\nWords.\n\n{SAFE}", "## Again", "is taken by line"),
        (f"## Start\n\n- [End](#safe)\n\n{SAFE}", "## Start", "the scene needs one address"),
        (f"## Start {{#back}}\n\n- [End](#safe)\n\n{SAFE}", "## Start", "the scene needs one address"),
        (f"## Start {{#start}} {{loud}}\n\n- [End](#safe)\n\n{SAFE}", "## Start", "`{loud}` is not a mark of a scene"),
        (f"{START}\n- [End](#safe)\n\n## Safe {{#safe}} {{ending: safe}}\n", "## Safe", "the scene tells nothing"),
        (f"{START}\n::: question q\nAsk?\n:::\n\n- [End](#safe)\n\n{SAFE}", "::: question", "belongs in a module"),
        (f"{START}\n::: role social-care\nW.\n:::\n\n- [End](#safe)\n\n{SAFE}", "::: role", "belongs in a module"),
        (
            f"{START}\n- [End](#safe)\n\n## Lost {{#lost}}\n\nW.\n\n- [E](#safe)\n\n{SAFE}",
            "## Lost",
            "cannot be reached",
        ),
        (
            f"{START}\n- [End](#safe)\n- [On](#lost) {{if told_gp: yes}}\n\n"
            f"## Lost {{#lost}}\n\nW.\n\n- [E](#safe)\n\n{SAFE}",
            "## Lost",
            "cannot be reached",
        ),
        (
            f"{START}\n- [End](#safe)\n- [On](#one)\n\n## One {{#one}}\n\nW.\n\n- [On](#two)\n\n"
            f"## Two {{#two}}\n\nW.\n\n- [On](#one)\n\n{SAFE}",
            "## One",
            "no way leads from `one` to an ending",
        ),
        (
            f"{START}\n- [Give](#safe) {{critical}}\n  > No.\n\n{SAFE}",
            "## Start",
            "no safe ending can be reached without a critical choice",
        ),
        (f"{START}\n- [End](#safe) {{if told_gp: yes}}\n\n{SAFE}", "## Start", "no way leads from `start`"),
        (
            f"{START}\n- [Ask](#hub) {{set told_gp: yes}}\n- [Wait](#hub)\n\n"
            f"## Hub {{#hub}}\n\nW.\n\n- [End](#safe) {{if told_gp: yes}}\n\n{SAFE}",
            "## Hub",
            "a learner can get stuck in `hub`",
        ),
        (
            f"{START}\n- [Look](#look) {{once}}\n- [Skip](#safe) {{once}} {{if told_gp: yes}}\n\n"
            f"## Look {{#look}}\n\nW.\n\n- [Go back](#back)\n- [Tell](#back) {{set told_gp: yes}}\n\n{SAFE}",
            "## Start",
            "a learner can get stuck in `start`",
        ),
    ],
)
def test_what_is_wrong_in_a_story_is_named_at_its_line(tmp_path, story, part, says):
    text = with_scenes(story)
    faults = faults_in(tmp_path, text, "scenarios")
    assert [fault for fault in faults if fault.startswith(f"{line_of(text, part)}: ") and says in fault], faults


@pytest.mark.parametrize(
    "story",
    [
        # A hub: each thing is looked at once, and the way on opens with the first.
        f"{START}\n- [Look](#look) {{once}}\n- [Ask](#ask) {{once}}\n- [On](#safe) {{if told_gp: yes}}\n\n"
        "## Look {#look}\n\nW.\n\n- [Back](#back) {set told_gp: yes}\n\n"
        f"## Ask {{#ask}}\n\nW.\n\n- [Back](#back) {{set told_gp: yes}}\n\n{SAFE}",
        # A fact that nothing has set yet is `no`.
        f"{START}\n- [On](#safe) {{if told_gp: no}}\n\n{SAFE}",
        # A loop with a way out.
        f"{START}\n- [On](#two)\n\n## Two {{#two}}\n\nW.\n\n- [Again](#start)\n- [Out](#safe)\n\n{SAFE}",
        # The only way out of a scene is back.
        f"{START}\n- [Aside](#two)\n- [Out](#safe)\n\n## Two {{#two}}\n\nW.\n\n- [Back](#back)\n\n{SAFE}",
    ],
)
def test_a_sound_story_has_no_faults(tmp_path, story):
    assert faults_in(tmp_path, with_scenes(story), "scenarios") == []


def test_a_file_without_scenes_says_so(tmp_path):
    assert any("there are no scenes" in fault for fault in faults_in(tmp_path, scenario_text("\n"), "scenarios"))
    assert any("this stands in no scene" in fault for fault in faults_in(tmp_path, scenario_text("Words"), "scenarios"))


@pytest.mark.parametrize(("lines", "fits"), [(45, True), (90, False), (6, False)])
def test_minutes_lie_between_the_shortest_way_and_the_whole_story(tmp_path, lines, fits):
    text = scenario_text(f"{START}\n{PARAGRAPH * lines}\n\n- [End](#safe)\n\n{SAFE}")
    faults = faults_in(tmp_path, text, "scenarios")
    assert (faults == []) is fits
    assert all(
        fault.startswith(f"{line_of(text, 'minutes: ')}: `minutes` is 3, but the shortest way") for fault in faults
    )
