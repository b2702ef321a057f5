"""A module's body becomes cards for each role, and what is wrong in it is named."""

import re
from pathlib import Path

import pytest
from sample_content import BODY, QUESTION, faults_in, line_of, module_text, with_card, write

from training.catalog.faults import Faults
from training.catalog.modules import read_module
from training.domain.module import Module, QuestionKind
from training.domain.roles import Role

GUIDE = (Path(__file__).parents[2] / "docs" / "authoring.md").read_text(encoding="utf-8")


def read(folder, text) -> Module:
    faults = Faults("sample.md")
    reading = read_module(write(folder, text), text, faults)
    assert faults.found == []
    return reading.item


@pytest.mark.parametrize(
    ("markdown", "part", "says"),
    [
        ("Words.[^nobody]", "[^nobody]", "[^nobody] is not one of the `sources`"),
        ("Words.[^ mar]", "[^ mar]", "is not one of the `sources`"),
        ("#### Small", "#### Small", "only ## (a card or scene) and ### (inside one) are headings"),
        ("# Big", "# Big", "only ## (a card or scene) and ###"),
        (" ### Aside", " ### Aside", "only ## (a card or scene) and ###"),
        ("Words\n=====", "=====", "underlined headings"),
        ("Words\n---", "---\n\n::", "underlined headings"),
        ("<b>Words</b>", "<b>", "HTML is not allowed"),
        ("[Go](javascript:alert)", "javascript", "begin it with https://"),
        ("[Go](other.md)", "[Go]", "begin it with https://"),
        ("[Go](#look-first)", "[Go]", "leads nowhere"),
        ("[Go](https://x.org", "[Go]", "a link is not closed"),
        ("[Go][there]", "[Go]", "a link by name"),
        ("[there]: https://x.org", "[there]", "a link by name"),
        ("![](chart.svg)\nLicence: ours", "![]", "no alt text"),
        ("![A chart](chart.svg)", "![A chart]", "no licence"),
        ("![A chart](none.svg)\nLicence: ours", "none.svg", "is missing"),
        ("![A chart](https://x.org/a.png)\nLicence: ours", "![A chart]", "not a picture beside this file"),
        ("![A chart](../secret.svg)\nLicence: ours", "![A chart]", "not a picture beside this file"),
        ("::: nonsense\nWords\n:::", "::: nonsense", "there is no block `nonsense`"),
        ("::: key\nWords\n## Next\n\nWords", "::: key", "`::: key` is never closed"),
        ("::: key\nWords\n::: say\nWords\n:::", "::: key", "is still open where `::: say` begins"),
        ("Words\n\n:::", ":::\n\n::: question last", "there is no block open to close"),
        ("  ::: key\nWords\n", "  ::: key", "must begin at the margin"),
        ("::: key\n:::", "::: key", "is empty"),
        ("::: key loud\nWords\n:::", "::: key loud", "takes nothing after its name: take out `loud`"),
        ("::: myth\nWords\n:::\n\nMore", "::: myth", "put `::: fact` straight after it"),
        ("::: role\nWords\n:::", "::: role", "names no role"),
        ("::: role nurse\nWords\n:::", "::: role nurse", "`nurse` is not one of this module's `roles`"),
        ("::: role prescriber\nWords\n:::", "::: role prescriber", "`prescriber` is not one of this module's `roles`"),
        ("::: role social-care\n:::", "::: role", "the role block is empty"),
        (
            "::: role social-care\nWords\n## Card\n\nWords\n:::",
            "Words\n## Card",
            "whole cards or parts of one, not both",
        ),
        ("::: role social-care\n## Card\n\nWords\n:::\n\nMore", "More", "this stands in no card"),
        ("Words\n\n## Empty\n\n## Full\n\nWords", "## Empty", "the card is empty"),
        ("Words\n\n##\n\nWords", "##\n\nWords\n\n::", "the heading says nothing"),
        ("Words\n\n## A **bold** heading\n\nWords", "## A **bold**", "a heading is plain words"),
        (
            "Words\n\n## Look first\n\nWords",
            "## Look first\n\nWords\n\n:",
            "the heading is the same as that of line 16",
        ),
        ("word " * 131, "## One more card", "has 131 words for social-care: shorten it to 130"),
        ("- a\n         - b", "         - b", "indented too far"),
        ("> > > > x", "> > > >", "nested too deeply"),
        ("- - - - x", "- - - -", "nested too deeply"),
    ],
)
def test_what_is_wrong_in_a_card_is_named_at_its_line(tmp_path, markdown, part, says):
    write(tmp_path, "<svg/>", "modules/chart.svg")
    last = "::: question last\nAsk\n\n- [x] a\n  > a\n- [ ] b\n  > b\n:::"
    text = with_card(f"{markdown}\n\n{last}")
    faults = faults_in(tmp_path, text)
    assert [fault for fault in faults if fault.startswith(f"{line_of(text, part)}: ") and says in fault], faults


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("- [x] One\n  > Yes.", "fewer than two options"),
        ("", "fewer than two options"),
        ("- [ ] One\n  > No.\n- [ ] Two\n  > No.", "no option is right"),
        ("- [x] True\n  > No.\n- [x] False\n  > No.", "both ticked"),
        ("- [x] One\n- [ ] Two\n  > No.", "this option has no feedback"),
        ("- [x] One\n> Yes.\n- [ ] Two\n  > No.", "feedback must be indented"),
        ("- [x] One\n  > Yes.\n- [ ] one\n  > No.", "this option is the same as that of line"),
        ("- [x] One\n  > Yes.\n- Two\n  > No.", "different kinds"),
        ("- [x] One\n  > Yes.\n1. Two\n  > No.", "different kinds"),
        ("- One -> Two\n  > Yes.\n- Three\n  > No.", "different kinds"),
        ("- One -> **Two**\n  > Yes.\n- Three -> Four\n  > No.", "shown in a menu"),
        ("- [x] One\n  > Yes.\n- [ ] Two\n  > No.\nAfterthought", "this stands among the list items"),
        ("- [x] One <b>\n  > Yes.\n- [ ] Two\n  > No.", "HTML is not allowed"),
        ("- [x] One\n  > Yes.[^nobody]\n- [ ] Two\n  > No.", "not one of the `sources`"),
        ("\n".join(f"- [x] Option {n}\n  > Yes." for n in range(13)), "keep to 12"),
    ],
)
def test_what_is_wrong_in_a_question_is_named(tmp_path, options, says):
    faults = faults_in(tmp_path, with_card(f"::: question more\nAsk?\n\n{options}\n:::"))
    assert faults
    assert all(says in fault for fault in faults), faults


@pytest.mark.parametrize(
    ("opening", "says"),
    [
        ("::: question", "no id"),
        ("::: question First", "no id"),
        ("::: question more should", "only `must` may stand"),
        ("::: question first-step", "the question id `first-step` is taken by line 20"),
    ],
)
def test_a_question_needs_an_id_of_its_own(tmp_path, opening, says):
    text = with_card(f"{opening}\nAsk?\n\n- [x] a\n  > a\n- [ ] b\n  > b\n:::")
    faults = faults_in(tmp_path, text)
    at = line_of(text, "One more card") + 2
    assert [fault for fault in faults if says in fault and fault.startswith(f"{at}: ")], faults


def test_a_question_needs_a_prompt(tmp_path):
    text = with_card("::: question more\n\n- [x] a\n  > a\n- [ ] b\n  > b\n:::")
    at = line_of(text, "::: question more")
    assert faults_in(tmp_path, text) == [f"{at}: the question has no prompt: write what is asked above the options"]


def test_each_kind_of_question_is_known_by_its_options(tmp_path):
    kinds = {
        "- [x] a\n  > a\n- [ ] b\n  > b": QuestionKind.SINGLE,
        "- [x] a\n  > a\n- [X] b\n  > b": QuestionKind.SEVERAL,
        "- [ ] True\n  > a\n- [x] False\n  > b": QuestionKind.TRUE_FALSE,
        "1. a\n   > a\n2. b\n   > b": QuestionKind.ORDER,
        "- a -> c\n  > a\n- b -> d\n  > b": QuestionKind.MATCH,
    }
    for options, kind in kinds.items():
        module = read(tmp_path, with_card(f"::: question more\nAsk?\n\n{options}\n:::"))
        question = module.cards[Role.SOCIAL_CARE][-1].questions[0]
        assert question.kind is kind
        assert [option.key for option in question.options] == ["a", "b"]


def test_a_question_keeps_its_words_its_marks_and_its_sources(tmp_path):
    question = next(read(tmp_path, module_text()).questions(Role.SOCIAL_CARE))
    assert question.id == "first-step"
    assert question.must
    assert question.sources == ("mar",)
    assert [(option.html, option.feedback_html, option.right) for option in question.options] == [
        ("Wait", "<p>It may be serious.</p>", False),
        ("Ring today", "<p>Yes.</p>", True),
    ]


def test_the_right_hand_side_of_a_match_is_plain_words(tmp_path):
    module = read(tmp_path, with_card("::: question m\nAsk?\n\n- **a** -> c & d\n  > x\n- b -> e\n  > y\n:::"))
    question = module.cards[Role.SOCIAL_CARE][-1].questions[0]
    assert [(option.html, option.partner) for option in question.options] == [
        ("<strong>a</strong>", "c & d"),
        ("b", "e"),
    ]


def test_an_option_may_run_over_several_lines_and_its_feedback_over_several_paragraphs(tmp_path):
    options = "- [x] One\n  two\n  > First.\n  >\n  > Second.\n- [ ] Three\n  > No."
    module = read(tmp_path, with_card(f"::: question m\nAsk?\n\nReally?\n\n{options}\n:::"))
    question = module.cards[Role.SOCIAL_CARE][-1].questions[0]
    assert question.options[0].html == "One two"
    assert question.options[0].feedback_html == "<p>First.</p>\n<p>Second.</p>"
    assert question.prompt_html == '<span class="app-paragraph">Ask?</span>\n<span class="app-paragraph">Really?</span>'


TWO_ROLES = f"""{BODY}
## For both

For everyone.

::: role prescriber
For prescribers.
:::

::: role social-care
For care staff.
::: question care-only
Ask?

- [x] a
  > a
- [ ] b
  > b
:::
:::

::: role prescriber
## Only theirs

Dose.[^mar]
:::
"""


def test_each_role_reads_its_own_words(tmp_path):
    module = read(tmp_path, module_text(TWO_ROLES, roles="[prescriber, social-care]"))
    theirs, ours = module.cards[Role.PRESCRIBER], module.cards[Role.SOCIAL_CARE]
    assert [card.slug for card in theirs][-2:] == ["for-both", "only-theirs"]
    assert [card.slug for card in ours][-1] == "for-both"
    assert theirs[-2].parts[0].html == "<p>For everyone.</p>\n<p>For prescribers.</p>"
    assert ours[-1].parts[0].html == "<p>For everyone.</p>\n<p>For care staff.</p>"
    assert [question.id for question in module.questions(Role.PRESCRIBER)] == ["first-step"]
    assert [question.id for question in module.questions(Role.SOCIAL_CARE)] == ["first-step", "care-only"]
    assert (theirs[-1].sources, theirs[-2].sources, ours[0].sources) == (("mar",), (), ("mar",))


def test_two_roles_may_have_a_card_of_the_same_name_each(tmp_path):
    own = "".join(f"::: role {role}\n## Mine\n\nWords for {role}.\n:::\n" for role in ("prescriber", "social-care"))
    module = read(tmp_path, module_text(f"{BODY}\n{own}", roles="[prescriber, social-care]"))
    assert module.cards[Role.PRESCRIBER][-1].parts[0].html == "<p>Words for prescriber.</p>"


def test_a_role_without_cards_or_questions_is_named(tmp_path):
    care_only = f"::: role social-care\n{BODY}:::\n"
    faults = faults_in(tmp_path, module_text(care_only, roles="[prescriber, social-care]"))
    assert any("there are no cards for prescriber" in fault for fault in faults)
    unasked = f"{BODY.replace(QUESTION, '')}\n::: role social-care\n{QUESTION}\n:::\n"
    faults = faults_in(tmp_path, module_text(unasked, roles="[prescriber, social-care]"))
    text = module_text(unasked, roles="[prescriber, social-care]")
    assert faults == [
        f"{line_of(text, 'roles: ')}: there are no questions for prescriber: write one, or take the role out"
    ]


def test_minutes_are_held_against_the_role_that_takes_longest_from_them(tmp_path):
    more = (
        f"{BODY}\n::: role prescriber\n## More\n\n{'word ' * 120}\n\n## Most\n\n{'word ' * 120}\n\n## End\n\nEnd\n:::\n"
    )
    text = module_text(more, roles="[prescriber, social-care]")
    faults = faults_in(tmp_path, text)
    assert faults == [
        f"{line_of(text, 'minutes: ')}: `minutes` is 3, but prescriber takes about 4.3 "
        "(words: 721, questions: 1): write 4"
    ]


@pytest.mark.parametrize(("minutes", "fits"), [("3", True), ("4", False)])
def test_minutes_may_be_thirty_per_cent_off_and_no_more(tmp_path, minutes, fits):
    assert (faults_in(tmp_path, module_text(minutes=minutes)) == []) is fits


def test_words_in_questions_citations_and_addresses_are_not_counted(tmp_path):
    long_address = "[word](https://example.org/a/b/c)"
    assert faults_in(tmp_path, with_card(f"{'word ' * 129}{long_address}[^mar]")) == []
    assert "has 131 words" in faults_in(tmp_path, with_card(f"{'word ' * 130}{long_address}[^mar]"))[0]


@pytest.mark.parametrize("example", re.findall(r"```markdown\n(::: .*?)```", GUIDE, re.DOTALL))
def test_the_examples_of_the_authoring_guide_are_right(tmp_path, example):
    assert faults_in(tmp_path, with_card(example.replace("[^cqc-mar]", "[^mar]").replace("first-step", "guide"))) == []


def test_the_authoring_guide_shows_a_question_of_each_shape():
    assert len(re.findall(r"```markdown\n::: question", GUIDE)) == 3
