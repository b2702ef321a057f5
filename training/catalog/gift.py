"""Moodle's GIFT quizzes, read into the body of a module: one card for each question."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from training.catalog.importing import Addresses, CannotImport, Carried, address_of, heading_of, markdown_of
from training.catalog.prose import count_words
from training.catalog.timing import minutes_for
from training.domain.days import count_of

MOST_QUESTIONS = 400
CATEGORY = re.compile(r"^\$CATEGORY:\s*(.*)$")
TITLE = re.compile(r"\s*::([^:]*(?::[^:]+)*)::")
FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]")
ANSWER = re.compile(r"([=~])([^=~]*)")
WEIGHT = re.compile(r"\s*%(-?\d+(?:[.,]\d+)?)%")
TRUTH = re.compile(r"\s*(true|false|t|f)\s*(?:#|$)", re.IGNORECASE)
ESCAPED = re.compile(r"\\([~=#{}:\\n])")
ESCAPES = "~=#{}:\\"
# While a question is taken apart, a character that was escaped is one that stands for nothing else.
MASKS = {character: chr(0xE000 + number) for number, character in enumerate(ESCAPES)} | {"n": chr(0xE010)}
UNMASKED = str.maketrans({mask: character for character, mask in MASKS.items()} | {MASKS["n"]: "\n"})
TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*+)[^<>]*+>")
ENDS_A_LINE = {"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4"}
QUIET = ENDS_A_LINE | {"span", "ul", "ol"}
SHOWN = {"img", "audio", "video", "iframe", "object", "source"}
BLANK = "…"


@dataclass(frozen=True, slots=True)
class Entry:
    """One stretch of a GIFT file between empty lines, its escapes masked."""

    line: int
    text: str
    category: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a multiple-choice question; `weight` is what it earns, in per cent."""

    words: str
    weight: float
    feedback: str


@dataclass(slots=True)
class _Quiz:
    """What has been read so far."""

    cards: list[str] = field(default_factory=list)
    left: list[tuple[int, str]] = field(default_factory=list)
    headings: Addresses = field(default_factory=Addresses)
    names: Addresses = field(default_factory=Addresses)
    entries: int = 0
    questions: int = 0


def read_gift(text: str, *, title: str) -> Carried:
    """Return the quiz of a GIFT text.

    Raises: CannotImport, when nothing in it can be carried, or too much.
    """
    quiz = _Quiz()
    for entry in _entries(text):
        if quiz.entries == MOST_QUESTIONS:
            raise CannotImport(f"The quiz has over {MOST_QUESTIONS} questions, too many for one module: split it.")
        _read(entry, quiz)
    if not quiz.questions:
        why = "; ".join(f"line {line}: {what}" for line, what in quiz.left[:3]) or "it holds no questions"
        raise CannotImport(f"There is nothing to carry in this GIFT file: {why}.")
    body = "\n\n".join(quiz.cards)
    told = sum(count_words(card.partition("::: question")[0]) for card in quiz.cards)
    minutes = min(max(minutes_for(told, quiz.questions), 3), 8)
    return Carried("module", title, minutes, body, count_of(quiz.questions, "question"), tuple(quiz.left))


def _entries(text: str) -> Iterator[Entry]:
    """Yield the stretches between empty lines, without comments; a category holds until the next."""
    category, gathered, first = "", [], 0
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.lstrip().startswith("//"):
            continue
        if not gathered and (found := CATEGORY.match(line.strip())):
            category = found[1].replace("$course$", "").split("/")[-1].strip()
        elif line.strip():
            first = first if gathered else number
            gathered.append(line)
        elif gathered:
            yield Entry(first, ESCAPED.sub(lambda escape: MASKS[escape[1]], "\n".join(gathered)), category)
            gathered = []


def _read(entry: Entry, quiz: _Quiz) -> None:
    """Add what an entry holds to the quiz, or note why it cannot be carried."""
    quiz.entries += 1
    named = TITLE.match(entry.text)
    rest = entry.text[named.end() :] if named else entry.text
    name = _plain(named[1]) if named else ""
    prompt, answers, after = _halves(rest)
    if answers is None and ("{" in rest or "}" in rest):
        quiz.left.append((entry.line, "a question whose brace { or } has no partner"))
        return
    _note_marks(rest, entry, quiz)
    heading = _heading(name, entry, quiz)
    said = _prompt(f"{prompt} {BLANK} {after}" if after.strip() else prompt)
    if answers is None:
        quiz.cards.append(f"## {heading}\n\n{said}")
        return
    answers, _, general = answers.partition("####")
    if general.strip():
        quiz.left.append((entry.line, f"the general feedback of “{heading}”: give it to an option"))
    options = _options(answers, heading, entry, quiz)
    if options and said:
        quiz.questions += 1
        quiz_name = quiz.names.give(name, f"question-{quiz.questions}")
        quiz.cards.append(f"## {heading}\n\n::: question {quiz_name}\n{said}\n\n" + "\n".join(options) + "\n:::")
    elif options:
        quiz.left.append((entry.line, f"“{heading}”, which asks nothing"))


def _halves(text: str) -> tuple[str, str | None, str]:
    """Return what stands before the answers, the answers, and what stands after; None where there are no answers."""
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        return text, None, ""
    return text[:start], text[start + 1 : end], text[end + 1 :]


def _heading(name: str, entry: Entry, quiz: _Quiz) -> str:
    words = name or f"Question {quiz.entries}"
    words = f"{_plain(entry.category)}: {words}" if entry.category else words
    heading = heading_of(words, "Question")
    again = quiz.headings.give(heading, "card")
    count = again.removeprefix(address_of(heading) or "card")
    return f"{heading} {count.strip('-')}" if count else heading


def _note_marks(text: str, entry: Entry, quiz: _Quiz) -> None:
    for tag in sorted({tag.lower() for tag in TAG.findall(text)} - QUIET):
        what = "a picture, sound or film" if tag in SHOWN else f"the formatting <{tag}>"
        quiz.left.append((entry.line, what))


def _prompt(text: str) -> str:
    kind = FORMAT.match(text)
    words = text[kind.end() :] if kind else text
    keep = bool(kind and kind[1] == "markdown")
    lines = _plain(words).split("\n")
    return "\n\n".join(markdown_of(line, keep_emphasis=keep) for line in lines if line.strip())


def _plain(words: str) -> str:
    """Return words without tags, entities and masks; only what ends a line starts a new one."""
    joined = " ".join(words.split())
    shown = TAG.sub(lambda tag: "\n" if tag[1].lower() in ENDS_A_LINE else "", joined)
    return html.unescape(shown).translate(UNMASKED).strip()


def _options(answers: str, heading: str, entry: Entry, quiz: _Quiz) -> list[str]:
    """Return the options of a question as list items, or none and a note of its kind."""
    stripped = answers.strip()
    found = ANSWER.findall(answers)
    if truth := TRUTH.match(answers):
        return _true_or_false(truth[1], answers)
    if not stripped or stripped.startswith("#") or not found:
        kind = "numerical" if stripped.startswith("#") else "essay"
    elif all(sign == "=" and "->" in words for sign, words in found):
        return _pairs(found, heading, entry, quiz)
    elif any(sign == "~" for sign, _ in found):
        return _choices(found, heading, entry, quiz)
    else:
        kind = "short-answer"
    quiz.left.append((entry.line, f"the {kind} question “{heading}”: ask for a choice instead"))
    return []


def _item(mark: str, words: str, feedback: str) -> str:
    said = markdown_of(_plain(feedback))
    return f"- {mark}{markdown_of(_plain(words))}" + (f"\n  > {said}" if said else "")


def _true_or_false(word: str, answers: str) -> list[str]:
    right = word[0].lower() == "t"
    _, if_wrong, if_right, *_ = [*answers.split("#", 2), "", ""]
    return [
        _item("[x] " if right else "[ ] ", "True", if_right if right else if_wrong),
        _item("[ ] " if right else "[x] ", "False", if_wrong if right else if_right),
    ]


def _pairs(found: list[tuple[str, str]], heading: str, entry: Entry, quiz: _Quiz) -> list[str]:
    items = []
    for _, words in found:
        left, _, right = words.partition("->")
        right = heading_of(_plain(right), "")
        if left.strip() and right:
            items.append(f"- {markdown_of(_plain(left))} -> {right}")
        else:
            quiz.left.append((entry.line, f"in “{heading}”, an answer that matches nothing"))
    return items


def _choices(found: list[tuple[str, str]], heading: str, entry: Entry, quiz: _Quiz) -> list[str]:
    choices = [_choice(sign, words) for sign, words in found]
    one_right = any(sign == "=" for sign, _ in found)
    right = [choice.weight >= 100 if one_right else choice.weight > 0 for choice in choices]
    if not any(right):
        quiz.left.append((entry.line, f"“{heading}”, in which no answer is right"))
        return []
    earned = {choice.weight for choice, is_right in zip(choices, right, strict=True) if is_right}
    lost = {choice.weight for choice, is_right in zip(choices, right, strict=True) if not is_right}
    if len(earned) > 1 or lost - {0.0}:
        quiz.left.append((entry.line, f"the weights of “{heading}”: an answer is right or wrong here"))
    if one_right and sum(right) > 1:
        quiz.left.append((entry.line, f"in “{heading}” each right answer was enough: now all must be ticked"))
    return [
        _item("[x] " if is_right else "[ ] ", choice.words, choice.feedback)
        for choice, is_right in zip(choices, right, strict=True)
    ]


def _choice(sign: str, words: str) -> Choice:
    weight = 100.0 if sign == "=" else 0.0
    if found := WEIGHT.match(words):
        weight = float(found[1].replace(",", "."))
        words = words[found.end() :]
    said, _, feedback = words.partition("#")
    return Choice(said, weight, feedback)
