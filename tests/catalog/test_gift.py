"""A GIFT quiz becomes a module: what fits is carried as it was, and what does not is said with its line."""

import pytest
from importing_files import body_of, bring_in, faults_left, filled_in, left_of
from sample_content import line_of

from training.catalog.authored import read_authored
from training.catalog.importing import CannotImport
from training.catalog.library import check_content
from training.domain.module import QuestionKind
from training.domain.roles import Role

SINGLE = "::First step:: What now? {~Wait#Too late. =Ring#Yes. ~Shout#It frightens.}\n"
ALL_KINDS = """// Written by the trust
$CATEGORY: $course$/top/Side effects

::First step:: What do you do first? {
  // the best comes second
  ~Wait#It may be serious.
  =Ring today#Yes.
}

::Tick:: Which help? {~%50%Dates#Yes. ~%50%Times#Yes. ~Blame#No.}

::Sure:: It can wait. {FALSE#It cannot.#Right.}

::Pairs:: Match them. {=Restless -> Akathisia =Stiff -> Parkinsonism}

A chart {=shows#Yes. ~hides#No.} the pattern.
"""


def questions_in(report):
    path = report.path
    path.write_text(filled_in(report), encoding="utf-8")
    authored, faults = read_authored(path)
    assert faults.found == []
    return list(authored.item.questions(Role.SOCIAL_CARE))


def many(text: str) -> str:
    """Repeat a quiz until it is long enough for a module."""
    return "\n".join(text.replace("First step", f"Step {number}") for number in range(9))


def test_a_whole_quiz_passes_the_check_once_what_the_report_lists_is_filled_in(tmp_path):
    report = bring_in(tmp_path, many(SINGLE), "gift")
    assert faults_left(report) == []
    assert [fault.message.split("`")[1] for fault in report.to_do] == [
        *("summary", "roles", "outcomes", "capability", "sources", "review_by")
    ]
    for fault in report.to_do:
        assert report.path.read_text().split("\n")[fault.line - 1].startswith(fault.message.split("`")[1])
    report.path.write_text(filled_in(report), encoding="utf-8")
    assert check_content(report.path) == []


def test_the_report_lists_all_that_the_check_will_find(tmp_path):
    report = bring_in(tmp_path, "What? {=a ~b#No.}\n", "gift")
    expected = faults_left(report)
    report.path.write_text(filled_in(report), encoding="utf-8")
    assert [f"{fault.line}: {fault.message}" for fault in check_content(report.path)] == expected
    assert expected[0] == "20: this option has no feedback: quote it on the next line, `  > What would happen`"


def test_every_kind_that_we_have_is_carried(tmp_path):
    report = bring_in(tmp_path, ALL_KINDS, "gift")
    assert report.amount == "5 questions"
    assert left_of(report) == []
    body = body_of(report)
    assert "## Side effects: First step\n\n::: question first-step\nWhat do you do first?\n\n- [ ] Wait" in body
    assert "- [ ] Wait\n  > It may be serious.\n- [x] Ring today\n  > Yes.\n:::" in body
    assert "- [x] Dates\n  > Yes.\n- [x] Times\n  > Yes.\n- [ ] Blame\n  > No." in body
    assert "- [ ] True\n  > It cannot.\n- [x] False\n  > Right." in body
    assert "- Restless -> Akathisia\n- Stiff -> Parkinsonism" in body
    assert "## Side effects: Question 5" in body
    assert "A chart … the pattern.\n\n- [x] shows" in body


def test_kinds_are_read_as_what_they_are(tmp_path):
    report = bring_in(tmp_path, f"{ALL_KINDS}\n{many(SINGLE)}", "gift")
    without = "this option has no feedback"
    assert [without in fault for fault in faults_left(report)] == [True, True]
    text = report.path.read_text()
    for pair in ("- Restless -> Akathisia", "- Stiff -> Parkinsonism"):
        text = text.replace(pair, f"{pair}\n  > So it is.")
    report.path.write_text(text)
    kinds = [question.kind for question in questions_in(report)]
    assert kinds[:5] == [
        *(QuestionKind.SINGLE, QuestionKind.SEVERAL, QuestionKind.TRUE_FALSE, QuestionKind.MATCH),
        QuestionKind.SINGLE,
    ]


@pytest.mark.parametrize(
    ("answers", "right"),
    [("T", True), ("TRUE", True), ("true", True), ("F", False), ("FALSE#Wrong.#Right.", False), ("t#W#R", True)],
)
def test_true_and_false_may_be_written_in_any_way(tmp_path, answers, right):
    body = body_of(bring_in(tmp_path, f"Is it? {{{answers}}}", "gift"))
    assert f"- [{'x' if right else ' '}] True" in body
    assert f"- [{' ' if right else 'x'}] False" in body


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("When? {#1822:5}", "the numerical question “Question 1”: ask for a choice instead"),
        ("Why? {}", "the essay question “Question 1”: ask for a choice instead"),
        ("Who? {=me =you}", "the short-answer question “Question 1”: ask for a choice instead"),
        ("::Who:: Who? {=%50%me}", "the short-answer question “Who”: ask for a choice instead"),
        ("What? {~a ~b}", "“Question 1”, in which no answer is right"),
        ("{=a ~b}", "“Question 1”, which asks nothing"),
        ("What? {=a ~b", "a question whose brace { or } has no partner"),
        ("What? =a}", "a question whose brace { or } has no partner"),
        ("What? {=a ~%50%b}", "the weights of “Question 1”: an answer is right or wrong here"),
        ("What? {~%80%a ~%20%b ~c}", "the weights of “Question 1”: an answer is right or wrong here"),
        ("What? {=a =b ~c}", "in “Question 1” each right answer was enough: now all must be ticked"),
        ("What? {=a ~b####Well done}", "the general feedback of “Question 1”: give it to an option"),
        ("Match {=a->b =->c =d->e}", "in “Question 1”, an answer that matches nothing"),
        ("[html]<p>See <img src='x'></p> {=a ~b}", "a picture, sound or film"),
        ("[html]<p>See <b>this</b></p> {=a ~b}", "the formatting <b>"),
    ],
)
def test_what_cannot_be_carried_is_said_with_its_line(tmp_path, question, says):
    report = bring_in(tmp_path, f"// one\n\n{question}\n\n{SINGLE}", "gift")
    assert left_of(report) == [f"3: {says}"]


def test_escapes_stand_for_themselves_and_lines_for_paragraphs(tmp_path):
    body = body_of(bring_in(tmp_path, r"a\:b \{c\} d\=e\nSecond {=x\~y\#z#f\\g ~\=no}", "gift"))
    assert "a:b {c} d=e\n\nSecond" in body
    assert "- [x] x~y#z\n  > f\\\\g" in body
    assert "- [ ] \\=no" in body


def test_what_markdown_would_read_as_marks_stays_words(tmp_path):
    text = many(
        "::First step:: *a* _b_ [c](http\\://x) <d \\{#e\\} `f` & \\# g {=- h#1. i ~\\# j#> k ~l#\\:\\:\\: m}\n"
    )
    shown = questions_in(bring_in(tmp_path, text, "gift"))[0]
    assert shown.prompt_html == "*a* _b_ [c](http://x) &lt;d {#e} `f` &amp; # g"
    assert [option.html for option in shown.options] == ["- h", "# j", "l"]
    assert [option.feedback_html for option in shown.options] == ["<p>1. i</p>", "<p>&gt; k</p>", "<p>::: m</p>"]


def test_marks_of_a_markdown_question_are_kept(tmp_path):
    assert "Is it **so**?" in body_of(bring_in(tmp_path, "[markdown]Is it **so**? {T}", "gift"))


def test_a_description_is_a_card_of_words(tmp_path):
    body = body_of(bring_in(tmp_path, f"::Read this:: Words\nover two lines\n\n{SINGLE}", "gift"))
    assert body.startswith("## Read this\n\nWords over two lines\n\n## First step")


def test_two_questions_of_one_name_get_an_address_each(tmp_path):
    body = body_of(bring_in(tmp_path, f"{SINGLE}\n{SINGLE}\n::First [step]:: What? {{T}}", "gift"))
    assert [line for line in body.split("\n") if line.startswith("## ")] == [
        *("## First step", "## First step 2", "## First step 3")
    ]
    assert "::: question first-step-2\n" in body
    assert "::: question first-step-3\n" in body


def test_a_byte_order_mark_and_other_line_ends_make_no_difference(tmp_path):
    plain = body_of(bring_in(tmp_path, ALL_KINDS, "gift"))
    (tmp_path / "other").mkdir()
    marked = "\ufeff" + ALL_KINDS.replace("\n", "\r\n")
    assert body_of(bring_in(tmp_path / "other", marked, "gift")) == plain


def test_a_file_without_questions_says_what_it_holds(tmp_path):
    with pytest.raises(CannotImport, match="nothing to carry in this GIFT file: line 1: the essay question"):
        bring_in(tmp_path, "Why? {}", "gift")
    with pytest.raises(CannotImport, match="it holds no questions"):
        bring_in(tmp_path, "// nothing", "gift")
    assert not (tmp_path / "out").exists()


def test_a_quiz_far_too_long_for_a_module_is_refused(tmp_path):
    with pytest.raises(CannotImport, match="over 400 questions"):
        bring_in(tmp_path, "What? {T}\n\n" * 401, "gift")


def test_a_file_that_is_there_already_is_left_alone(tmp_path):
    first = bring_in(tmp_path, SINGLE, "gift")
    before = first.path.read_text()
    with pytest.raises(CannotImport, match=r"quiz\.md is there already"):
        bring_in(tmp_path, ALL_KINDS, "gift")
    assert first.path.read_text() == before


def test_lines_of_the_report_are_those_of_the_file(tmp_path):
    text = f"{SINGLE}\n\n// more\n\nWhy? {{}}\n"
    assert left_of(bring_in(tmp_path, text, "gift"))[0].startswith(f"{line_of(text, 'Why?')}: ")
