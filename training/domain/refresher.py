"""Refreshers: when one is owed instead of the whole item, what it asks, and whether it was passed."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from training.domain.changes import Changes, Difference, changed_cards
from training.domain.days import ONE_DAY, english_day
from training.domain.expiry import last_valid_day
from training.domain.module import Card, Module, Question
from training.domain.refusal import Refusal
from training.domain.requirement import Reach
from training.domain.roles import Role
from training.domain.scoring import Answer, AnswerUnknown, Mark, mark_questions
from training.domain.standing import Standing, status_on
from training.domain.status import Status

MONTHS_ENOUGH = 12
TOO_MANY_FAILURES = 2
FEWEST_QUESTIONS = 3
SCENARIO = "scenario"
NOTHING_CHANGED = Changes(cards=Difference(), questions=Difference())


class NothingToAsk(Refusal):
    """A refresher cannot be put together because the module asks this role nothing."""


class Owed(StrEnum):
    """What a person owes of an item on a day."""

    NOTHING = "nothing"
    REFRESHER = "refresher"
    IN_FULL = "in-full"


class Why(StrEnum):
    """Why a refresher asks a question, the weightiest first."""

    SAFETY = "safety"
    WRONG_BEFORE = "wrong-before"
    CHANGED = "changed"
    LOOKING_BACK = "looking-back"


@dataclass(frozen=True, slots=True)
class Owing:
    """What is owed on a day, and why in one sentence; `enough_until` is the last day on which a refresher will do."""

    owed: Owed
    reason: str
    enough_until: date | None = None


@dataclass(frozen=True, slots=True)
class WrongAnswer:
    """A question that this person once answered wrongly, and the day."""

    question_id: str
    on: date


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a refresher, the card it stands on, and why it was chosen: as words of ours and as a sentence."""

    question: Question
    card: Card
    whys: tuple[Why, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class CardToRead:
    """A card to read again; `changed` says that it is new or different since the pass."""

    card: Card
    changed: bool


@dataclass(frozen=True, slots=True)
class Refresher:
    """What one person is asked and may read again, both in reading order."""

    asked: tuple[Asked, ...]
    cards: tuple[CardToRead, ...]

    @property
    def question_ids(self) -> tuple[str, ...]:
        """The names of the questions, to keep with the attempt."""
        return tuple(asked.question.id for asked in self.asked)

    @property
    def shortened(self) -> tuple[Card, ...]:
        """The cards as a refresher shows them: with their words, and of their questions those chosen."""
        chosen = set(self.question_ids)
        return tuple(each.card.asking(chosen) for each in self.cards)

    def says_changed(self, card: Card) -> bool:
        """Say whether a card is new or different since the pass."""
        return any(each.changed for each in self.cards if each.card.slug == card.slug)


def refresher_owed(
    standing: Standing, *, day: date, kind: str, passed_here: Iterable[date], failed: Iterable[date]
) -> Owing:
    """Say what somebody owes of an item on a day; the day is not before the one the standing was worked out for.

    `kind` is the item's ("module" or "scenario"), and the standing that of its strictest line. `passed_here` are the
    days of the passes of this very item that count and whose version is on record: not of an item that it replaces,
    not of an import that names no version of ours, not revoked. `failed` are the days of finished attempts that did
    not pass, each as often as it was failed. Days after the day asked are left aside.

    Two failures in one renewal bring back the full module. A failure is any finished attempt that did not pass,
    refresher or full module alike, because what failed is the renewal and not its form. A renewal begins on the day
    the window opens, goes on after expiry, and ends with the next pass: what was failed before the window, or on or
    before the day of the last pass, belongs to another one. Somebody who once passed a version of ours keeps the right
    to a refresher when an import carries the date further. A scenario has no parts and is always taken whole.

    The full module may be taken instead at any time and renews the same. If the need ends, nothing is owed any more; a
    refresher already begun still counts when it is passed.
    """
    status = status_on(standing, day)
    if (why_not := _why_nothing(standing, status)) is not None:
        return Owing(Owed.NOTHING, f"Nothing is owed: {why_not}.")
    why_in_full = _why_in_full(standing, day, kind=kind, passed_here=passed_here, failed=failed)
    if why_in_full is not None:
        whole = "whole story" if kind == SCENARIO else "full module"
        return Owing(Owed.IN_FULL, f"The {whole} is owed: {why_in_full}.")
    enough_until = _enough_until(standing.valid_until)
    if status is Status.EXPIRING_SOON:
        why = f"the window to renew opened on {english_day(standing.window_opens_on)}"
    else:
        why = f"a refresher is enough until {english_day(enough_until)}"
    return Owing(Owed.REFRESHER, f"A refresher is owed: {_in_date_until(standing)}, and {why}.", enough_until)


def change_reaches(reach: Reach | None, *, decided_on: date | None, need_began_on: date | None) -> bool:
    """Say whether a change of content is for this person's refresher.

    Undecided (None), it is for nobody yet. "From now on only" is for needs begun on the day of the choice or later.
    """
    if reach is Reach.FROM_NOW_ON:
        return decided_on is not None and need_began_on is not None and decided_on <= need_began_on
    return reach is not None


def refresher_questions(
    module: Module, *, role: Role, passed: Module | None, wrong: Iterable[WrongAnswer], with_changes: bool
) -> Refresher:
    """Choose what a refresher asks one person in one role, from the present version of a module.

    It asks every `must` question; each that this person had wrong at any time and that the role is still asked; and,
    with changes, those that are new or different since `passed`, or stand on a card that is. `passed` is the version
    last passed, or a later one up to which changes are to be left out; without it nothing can be called changed. Where
    all this gives no question, three are asked from the module's beginning, middle and end, or all if there are fewer.
    A question that only moved to another place has not changed, unless the card it came to has.

    The cards to read again are those that are new or changed, and each on which a chosen question stands.

    Raises:
        NothingToAsk: the role is asked nothing, or the module is not for it.
    """
    changes = changed_cards(passed, module, role) if with_changes and passed is not None else NOTHING_CHANGED
    return choose_questions(module, role=role, wrong=wrong, changes=changes)


def choose_questions(module: Module, *, role: Role, wrong: Iterable[WrongAnswer], changes: Changes) -> Refresher:
    """Choose as `refresher_questions` does, where it is known already which changes are for this person.

    Raises:
        NothingToAsk: the role is asked nothing, or the module is not for it.
    """
    placed = [(card, question) for card in module.cards.get(role, ()) for question in card.questions]
    if not placed:
        raise NothingToAsk(f"“{module.title}” asks nothing in this role, so there is nothing to refresh.")
    wrong_on = _last_days(wrong)
    asked = tuple(
        Asked(question, card, tuple(clauses), _sentence(clauses.values()))
        for card, question in placed
        if (clauses := dict(_clauses(question, card, wrong_on=wrong_on, changes=changes)))
    )
    asked = asked or _spread(placed)
    return Refresher(asked, _to_read(module.cards[role], asked, changes))


def mark_refresher(module: Module, *, role: Role, asked: Collection[str], answers: Mapping[str, Answer]) -> Mark:
    """Mark a refresher by the module's own pass mark, with every `must` question right.

    `asked` are the questions that were chosen when it began. A `must` question is marked even where it is missing from
    them, so no choice of questions passes without it.

    Raises:
        AnswerUnknown: a question asked or answered, or an option, is not one of this refresher in this role.
    """
    questions = tuple(module.questions(role))
    strange = set(asked) - {question.id for question in questions}
    if strange:
        raise AnswerUnknown(", ".join(sorted(strange)))
    chosen = tuple(question for question in questions if question.must or question.id in asked)
    return mark_questions(chosen, pass_mark=module.pass_mark, answers=answers)


def _why_nothing(standing: Standing, status: Status) -> str | None:
    if status is Status.NOT_ON_FILE:
        return "no employment covers this day"
    if status in {Status.HELD, Status.NOT_NEEDED}:
        return "the present role does not need it"
    if status is Status.ON_LEAVE:
        return f"on leave{_until(standing.on_leave.until)}"
    if status is Status.EXEMPT:
        return f"exempt{_until(standing.exemption.span.until)}"
    if status is not Status.UP_TO_DATE:
        return None
    if standing.never_expires:
        return "it does not expire"
    return f"{_in_date_until(standing)}, and the window to renew opens on {english_day(standing.window_opens_on)}"


def _why_in_full(
    standing: Standing, day: date, *, kind: str, passed_here: Iterable[date], failed: Iterable[date]
) -> str | None:
    if standing.valid_until is None:
        return "not passed yet"
    until, enough_until = _in_date_until(standing), _enough_until(standing.valid_until)
    if kind == SCENARIO:
        return f"{until}, and a story has no parts to ask on their own"
    if not any(passed_on <= day for passed_on in passed_here):
        return f"{until}, and no version of it was passed here"
    if day > enough_until:
        return f"{until}, and a refresher was enough until {english_day(enough_until)}"
    tries = _failures(standing, day, failed)
    if tries >= TOO_MANY_FAILURES:
        return f"{until}, and {tries} tries since {english_day(_renewal_begins_on(standing))} did not pass"
    return None


def _in_date_until(standing: Standing) -> str:
    return f"in date until {english_day(standing.valid_until)}"


def _until(day: date | None) -> str:
    return f" until {english_day(day)}" if day else ""


def _enough_until(valid_until: date) -> date:
    return last_valid_day(valid_until + ONE_DAY, MONTHS_ENOUGH)


def _failures(standing: Standing, day: date, failed: Iterable[date]) -> int:
    begins_on = _renewal_begins_on(standing)
    return sum(begins_on <= failed_on <= day for failed_on in failed)


def _renewal_begins_on(standing: Standing) -> date:
    # Where a window is open on the very day of a pass, what was failed that day was made good by it.
    return max(standing.window_opens_on, standing.last_passed_on + ONE_DAY)


def _last_days(wrong: Iterable[WrongAnswer]) -> dict[str, date]:
    days: dict[str, date] = {}
    for answer in wrong:
        days[answer.question_id] = max(answer.on, days.get(answer.question_id, answer.on))
    return days


def _clauses(
    question: Question, card: Card, *, wrong_on: Mapping[str, date], changes: Changes
) -> Iterator[tuple[Why, str]]:
    if question.must:
        yield Why.SAFETY, "this is a safety question"
    if question.id in wrong_on:
        yield Why.WRONG_BEFORE, f"you had this wrong on {english_day(wrong_on[question.id])}"
    if question.id in changes.questions.added:
        yield Why.CHANGED, "this is new since you passed"
    elif question.id in changes.questions.changed:
        yield Why.CHANGED, "this has changed since you passed"
    elif card.slug in changes.cards.new_or_changed:
        yield Why.CHANGED, "its card has changed since you passed"


def _sentence(clauses: Iterable[str]) -> str:
    *most, last = clauses
    words = f"{', '.join(most)} and {last}" if most else last
    return f"{words[0].upper()}{words[1:]}."


def _spread(placed: list[tuple[Card, Question]]) -> tuple[Asked, ...]:
    fewest = min(FEWEST_QUESTIONS, len(placed))
    places = (0,) if fewest == 1 else (turn * (len(placed) - 1) // (fewest - 1) for turn in range(fewest))
    sentence = "This is one of a few questions from across the module."
    return tuple(Asked(placed[at][1], placed[at][0], (Why.LOOKING_BACK,), sentence) for at in places)


def _to_read(cards: Iterable[Card], asked: Iterable[Asked], changes: Changes) -> tuple[CardToRead, ...]:
    changed = set(changes.cards.new_or_changed)
    looked_up = {each.card.slug for each in asked}
    return tuple(CardToRead(card, card.slug in changed) for card in cards if card.slug in changed | looked_up)
