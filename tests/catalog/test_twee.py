"""A Twine story becomes a scenario: passages are scenes, links are choices, and the rest is said with its line."""

import pytest
from importing_files import body_of, bring_in, faults_left, filled_in, left_of

from training.catalog.authored import read_authored
from training.catalog.importing import CannotImport
from training.catalog.library import check_content
from training.domain.scenario import Ending, Tag

DATA = ':: StoryData\n{"ifid": "D674C58C-DEFA-4F70-B7A2-27742230C0FC", "format": "%s", "start": "Monday morning"}\n\n'
STORY = (
    ":: StoryTitle\nLeila's Monday\n\n"
    + DATA % "SugarCube"
    + """:: Well [ending-safe] {"position":"100,200"}
The dentist comes.

:: Monday morning {"position":"100,100","size":"100,100"}
Leila will not get up. %s

You can [[ring the dentist->Call]] or wait.

* [[Wait<-Let it be]]

:: Call [safe]
They listen.
[[Well]]

:: Wait [unsafe ending-unsafe]
It gets worse.
"""
)


def in_format(name: str, text: str, start: str = "Monday morning") -> str:
    return DATA % name + f":: {start}\n{text}\n\n[[On->Well]]\n\n:: Well [ending-safe]\nWell.\n"


def scenario_of(report):
    report.path.write_text(filled_in(report), encoding="utf-8")
    authored, faults = read_authored(report.path)
    assert faults.found == []
    return authored.item


def test_a_whole_story_passes_the_check_once_what_the_report_lists_is_filled_in(tmp_path):
    report = bring_in(tmp_path, STORY % ("word " * 350), "twee")
    assert (report.amount, left_of(report), faults_left(report)) == ("4 scenes and 3 choices", [], [])
    story = scenario_of(report)
    assert check_content(report.path) == []
    assert (story.title, story.start) == ("Leila's Monday", "monday-morning")
    assert list(story.scenes) == ["monday-morning", "well", "call", "wait"]
    assert [(choice.html, choice.target, choice.tag) for choice in story.scenes["monday-morning"].choices] == [
        ("ring the dentist", "call", Tag.SAFE),
        ("Let it be", "wait", Tag.UNSAFE),
    ]
    assert (story.scenes["well"].ending, story.scenes["wait"].ending) == (Ending.SAFE, Ending.UNSAFE)
    assert story.scenes["monday-morning"].html.endswith("<p>You can ring the dentist or wait.</p>")


@pytest.mark.parametrize(
    ("link", "choice"),
    [
        ("[[Well]]", "- [Well](#well)"),
        ("[[Go on->Well]]", "- [Go on](#well)"),
        ("[[A->B->Well]]", "- [A->B](#well)"),
        ("[[Well<-Go on]]", "- [Go on](#well)"),
        ("[[Go on|Well]]", "- [Go on](#well)"),
        ("[[ Go  on -> Well ]]", "- [Go on](#well)"),
        ("[[->Well]]", "- [Well](#well)"),
        ("[[Go [now]->Well]]", "- [Go &#91;now&#93;](#well)"),
    ],
)
def test_a_link_is_a_choice_however_it_is_written(tmp_path, link, choice):
    text = in_format("SugarCube", "Words.").replace("[[On->Well]]", link)
    assert body_of(bring_in(tmp_path, text, "twee")).split("\n")[4] == choice


def test_a_line_of_links_alone_is_no_prose_and_other_links_leave_their_words(tmp_path):
    text = in_format("SugarCube", "Look [[left->Well]], then.\n* [[right->Well]]\n1. [[up->Well]] | [[down->Well]]")
    told = body_of(bring_in(tmp_path, text, "twee")).split("\n\n")[1]
    assert told == "Look left, then."


def test_tags_say_what_an_ending_and_the_way_to_it_mean(tmp_path):
    text = in_format("", "Words.\n[[Harm]]") + "\n:: Harm [critical ending-unsafe odd]\nHarm.\n"
    report = bring_in(tmp_path, text, "twee")
    assert "- [Harm](#harm) {critical}" in body_of(report)
    assert "## Harm {#harm} {ending: unsafe}" in body_of(report)
    assert left_of(report) == ["13: the tag `odd`"]
    assert [fault.split(": ")[1] for fault in faults_left(report)] == ["a critical choice has no feedback"]


@pytest.mark.parametrize(
    ("story_format", "text", "says", "told"),
    [
        ("SugarCube", "<<set $a to 1>>Words.", ["5: the macro <<set $a to 1>>"], "Words."),
        (
            "SugarCube",
            "One.\n\n<<if $a>>Words.<</if>>",
            ["7: the macro <</if>>", "7: the macro <<if $a>>"],
            "One.\n\nWords.",
        ),
        ("SugarCube", "She has $money.", ["5: the value of $money"], "She has $money."),
        ("SugarCube", "[img[cat.png]]Words.", ["5: a picture"], "Words."),
        ("SugarCube", "(set: this) stays.", [], "(set: this) stays."),
        ("Harlowe", "(set: $a to (num: 1))Words.", ["5: the macro (set: $a to (num: 1))"], "Words."),
        ("Harlowe", "(if: $a)[Words.]", ["5: the macro (if: $a)"], "Words."),
        ("", "(set: $a to 1)Words (sic: so).", ["2: the macro (set: $a to 1)"], "Words (sic: so)."),
        ("Snowman", "<% s.a = 1 %>Words.", ["5: the macro <% s.a = 1 %>"], "Words."),
        ("Chapbook", "a: 1\n--\n[if a]\nWords {a}.", ["5: the variables a: 1 --", "7: the modifier [if a]",
                                                      "8: the insert {a}"], "Words ."),
        ("SugarCube", "<b>Words</b> <img src=x>", ["5: a picture, sound or film", "5: the formatting <b>"], "Words"),
        ("SugarCube", "a<script>x\ny</script>b\n$c", ["5: a script", "7: the value of $c"], "a\nb\n$c"),
        ("SugarCube", "/* a\nb */Words<!-- c -->/% d %/.", [], "Words."),
        ("SugarCube", "''Bold'' and //thin//, http://x.org/a", [], "**Bold** and *thin*, http://x.org/a"),
        ("SugarCube", "# Not\n- a list [x](y) &amp; <3", [],
         "\\# Not\n\\- a list &#91;x&#93;(y) &amp; &lt;3"),
    ],
)  # fmt: skip
def test_what_only_a_story_format_understands_is_said_with_its_line(tmp_path, story_format, text, says, told):
    source = in_format(story_format, text)
    if not story_format:
        source = source.replace(DATA % "", "")
    report = bring_in(tmp_path, source, "twee")
    assert left_of(report) == says
    assert "\n\n".join(body_of(report).split("\n## ")[0].split("\n\n")[1:-1]) == told


@pytest.mark.parametrize(
    ("passage", "says"),
    [
        (":: Code [script]\nalert(1)", "“Code”: a script"),
        (":: Look [stylesheet]\nbody {}", "“Look”: a stylesheet"),
        (":: Tools [widget]\n<<x>>", "“Tools”: macros of its own"),
        (":: StoryInit\n<<x>>", "“StoryInit”: a passage that is no scene"),
        (":: cat [Twine.image]\ndata:", "“cat”: a passage that is no scene"),
        (":: Well\nAgain", "a second passage called “Well”"),
        ("::\nNothing", "a passage without a name"),
        (":: StoryData\n{broken", "StoryData, which is not valid JSON"),
        (":: StoryData\n[1]", "StoryData, which is not valid JSON"),
    ],
)
def test_passages_that_are_no_scenes_are_said(tmp_path, passage, says):
    report = bring_in(tmp_path, in_format("SugarCube", "Words.") + f"\n{passage}\n", "twee")
    assert left_of(report) == [f"12: {says}"]
    assert report.amount == "2 scenes and 1 choice"


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("[[Off->Nowhere]]", "5: the link “Off”, as there is no passage “Nowhere”"),
        ("[[Read->https://x.org]]", "5: the link “Read” to another site"),
        ("[[Off->javascript:x]]", "5: the link “Off” to another site"),
        ("[[Off->Well][$a to 1]]", "5: what the link “Off” sets: write {set fact: value}"),
    ],
)
def test_links_that_lead_nowhere_here_are_said(tmp_path, link, says):
    assert says in left_of(bring_in(tmp_path, in_format("SugarCube", f"Words {link}."), "twee"))


def test_the_story_begins_where_it_says_or_at_start_or_at_its_first_passage(tmp_path):
    passages = ":: One\nWords. [[Start]]\n\n:: Start\nWords.\n"
    assert body_of(bring_in(tmp_path, passages, "twee")).startswith("## Start {#start}")
    (tmp_path / "b").mkdir()
    assert body_of(bring_in(tmp_path / "b", passages.replace("Start", "Last"), "twee")).startswith("## One {#one}")
    (tmp_path / "c").mkdir()
    report = bring_in(tmp_path / "c", passages + ':: StoryData\n{"start": "Gone"}', "twee")
    assert left_of(report) == ["1: the start “Gone”, which is no passage: it begins with “Start”"]


def test_names_may_hold_what_an_address_may_not(tmp_path):
    text = ':: Back {"position":"1,1"}\nA. [[Käse \\ x]] [[Back!]] [[日本]]\n\n:: Back! <1,2>\nB.\n\n:: 日本\nC.\n'
    body = body_of(bring_in(tmp_path, text, "twee"))
    assert [line for line in body.split("\n") if line.startswith("## ")] == [
        *("## Back {#back-2}", "## Back! {#back-3}", "## 日本 {#scene}")
    ]


def test_escaped_brackets_belong_to_a_name(tmp_path):
    report = bring_in(tmp_path, ":: One \\[a\\] \\{b\\} [safe] {}\nWords.\n", "twee")
    assert body_of(report).startswith("## One a b {#one-a-b}\n")
    assert left_of(report) == []


def test_a_file_without_passages_or_with_too_many_is_refused(tmp_path):
    with pytest.raises(CannotImport, match="nothing to carry in this Twee file"):
        bring_in(tmp_path, "Once upon a time", "twee")
    with pytest.raises(CannotImport, match="over 400 passages"):
        bring_in(tmp_path, "\n".join(f":: P{number}\nx" for number in range(401)), "twee")
    with pytest.raises(CannotImport, match="header on line 2 is over 2000"):
        bring_in(tmp_path, "\n:: " + "a" * 2_000, "twee")
