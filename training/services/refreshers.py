"""Refreshers: what one person owes of an item on a day, and what a refresher would ask them and why.

Nothing is stored for it: whoever asks on a day gets the answer of that day, worked out from the facts.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import ceil
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.catalog.timing import minutes_for_cards
from training.domain.changes import Changes, all_changes, changed_cards
from training.domain.days import day_in
from training.domain.module import Module
from training.domain.refresher import (
    Asked,
    CardToRead,
    NothingToAsk,
    Owed,
    Owing,
    Refresher,
    Why,
    WrongAnswer,
    change_reaches,
    choose_questions,
    refresher_owed,
)
from training.domain.requirement import Reach
from training.domain.roles import Role
from training.domain.scenario import Scenario
from training.domain.scoring import mark_question
from training.domain.standing import Standing, strictest
from training.models import Attempt, Completion, ContentDecision, ContentVersion, Draft, Revocation
from training.services import standings
from training.services.accounts import Viewer
from training.services.versions import read_versions

NOBODY_ASKS = Owing(Owed.NOTHING, "Nothing is owed: no organisation asks for it.")
ATTEMPTS = (
    select(
        Attempt.item,
        Attempt.content_hash,
        Attempt.role,
        Attempt.answers,
        Attempt.question_ids,
        Attempt.passed,
        Attempt.completed_at,
        Completion.passed_on,
        Revocation.completion_id.label("revoked"),
    )
    .outerjoin(Completion, Completion.attempt_id == Attempt.id)
    .outerjoin(Revocation, Revocation.completion_id == Completion.id)
    .where(Attempt.person_id == bindparam("person_id"), Attempt.item.in_(bindparam("items", expanding=True)))
    .order_by(Completion.passed_on, Attempt.completed_at)
)
VERSIONS = (
    select(ContentVersion.item, ContentVersion.content_hash, ContentDecision.reach, ContentDecision.starts_on)
    .outerjoin(ContentDecision, ContentDecision.content_hash == ContentVersion.content_hash)
    .where(ContentVersion.item.in_(bindparam("items", expanding=True)))
    .order_by(ContentVersion.recorded_at, ContentDecision.recorded_at)
)


class RefresherNotOffered(Exception):
    """A refresher cannot be begun because the whole item is owed, or nothing; the message says why."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What is owed of an item and why; `refresher` is what it would ask in a role, and `minutes` how long that takes.

    `owes_again` says that the item was passed before, so that to owe it in full needs explaining.
    """

    owing: Owing
    role: Role | None = None
    refresher: Refresher | None = None
    minutes: int | None = None
    owes_again: bool = False


@dataclass(frozen=True, slots=True)
class Asking:
    """An item, somebody's strictest line on it, and the role in which they would take it."""

    item: Module | Scenario
    standing: Standing
    role: Role


@dataclass(slots=True)
class Past:
    """What one person did at one item: what was wrong, what failed, and the passes that count, in order of the day."""

    wrong: list[WrongAnswer] = field(default_factory=list)
    failed: list[date] = field(default_factory=list)
    passed: list[tuple[date, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Decided:
    """What an organisation decided of one version of an item; nothing as long as it has not."""

    reach: Reach | None
    on: date | None


def offer(session: Session, *, viewer: Viewer, item: Module | Scenario, role: Role, day: date) -> Offer:
    """Return what the viewer owes of one item on a day, and the refresher in this role where one is enough."""
    lines = standings.read_lines(session, today=day, person_ids=[viewer.person_id])
    held = [line.standing for line in lines if line.item == item.slug]
    if not held:
        return Offer(NOBODY_ASKS)
    asking = Asking(item, strictest(held, day=day), role)
    return work_out(session, viewer=viewer, asked=[asking], day=day)[item.slug]


def offers(
    session: Session,
    *,
    viewer: Viewer,
    held: Mapping[str, Standing],
    catalog: Catalog,
    roles: Sequence[Role],
    day: date,
) -> dict[str, Offer]:
    """Return what the viewer owes of every item held, by its strictest line, in the first of the roles that has it.

    It asks the database nothing where no window is open, and otherwise as often for ten items as for one.
    """
    asked = [
        Asking(item, standing, next((role for role in roles if role in item.roles), item.roles[0]))
        for slug, standing in held.items()
        if (item := catalog.find(slug)) is not None
    ]
    return work_out(session, viewer=viewer, asked=asked, day=day)


def work_out(session: Session, *, viewer: Viewer, asked: Sequence[Asking], day: date) -> dict[str, Offer]:
    """Return what is owed of each item, reading the past of those alone that a refresher could be enough for."""
    found = {each.item.slug: first_look(each, day=day) for each in asked}
    likely = [each for each in asked if found[each.item.slug].owing.owed is Owed.REFRESHER]
    if not likely:
        return found
    slugs = [each.item.slug for each in likely]
    pasts = read_pasts(session, viewer=viewer, items=slugs)
    histories = read_histories(session, items=slugs)
    for each in likely:
        slug = each.item.slug
        found[slug] = offer_of(session, each, past=pasts[slug], history=histories[slug], day=day)
    return found


def first_look(asking: Asking, *, day: date) -> Offer:
    """Return what is owed by the standing alone: a refresher may turn out not to be enough, never the reverse."""
    standing = asking.standing
    owing = refresher_owed(standing, day=day, kind=asking.item.kind, passed_here=[date.min], failed=())
    return Offer(owing, owes_again=standing.valid_until is not None)


def offer_of(session: Session, asking: Asking, *, past: Past, history: Mapping[str, Decided], day: date) -> Offer:
    """Return what is owed of a module by somebody with this past."""
    module, standing, role = asking.item, asking.standing, asking.role
    passed_here = [passed_on for passed_on, _ in past.passed]
    owing = refresher_owed(standing, day=day, kind=module.kind, passed_here=passed_here, failed=past.failed)
    if owing.owed is not Owed.REFRESHER:
        return Offer(owing, owes_again=True)
    changes = changes_for(
        session, module, role=role, passed=past.passed[-1][1], history=history, need_began_on=standing.need_begins_on
    )
    try:
        refresher = choose_questions(module, role=role, wrong=past.wrong, changes=changes)
    except NothingToAsk as nothing:
        return Offer(Owing(Owed.IN_FULL, f"The full module is owed: {nothing}"), owes_again=True)
    return Offer(owing, role, refresher, minutes_of(refresher, whole=module.minutes), owes_again=True)


def minutes_of(refresher: Refresher, *, whole: int) -> int:
    """Return how long a refresher takes: its cards and questions at the pace of every module, rounded up.

    It is never said to take longer than the whole.
    """
    return max(1, min(whole, ceil(minutes_for_cards(refresher.shortened))))


def read_pasts(session: Session, *, viewer: Viewer, items: Collection[str]) -> dict[str, Past]:
    """Return what the viewer did at these items; every answer is marked against the version that it was given to."""
    rows = session.execute(ATTEMPTS, {"person_id": viewer.person_id, "items": list(items)}).all()
    versions = read_versions(session, {row.content_hash for row in rows})
    pasts: dict[str, Past] = defaultdict(Past)
    for attempt in rows:
        past, day = pasts[attempt.item], day_in(attempt.completed_at, viewer.time_zone)
        past.wrong += (WrongAnswer(name, day) for name in wrong_in(attempt, versions[attempt.content_hash]))
        if not attempt.passed:
            past.failed.append(day)
        elif not attempt.revoked and (attempt.question_ids is None or past.passed):
            # A refresher that rested only on a revoked pass does not count either.
            past.passed.append((attempt.passed_on, attempt.content_hash))
    return pasts


def wrong_in(attempt: Row, version: Module | Scenario) -> Iterator[str]:
    """Yield the questions that an attempt answered wrongly."""
    if isinstance(version, Scenario):
        return
    for question in version.questions(Role(attempt.role)):
        given = attempt.answers.get(question.id)
        if given is not None and not mark_question(question, tuple(given)).right:
            yield question.id


def read_histories(session: Session, *, items: Collection[str]) -> dict[str, dict[str, Decided]]:
    """Return the versions of these items in the order in which they were kept, each with the latest decision on it."""
    rows = session.execute(VERSIONS, {"items": list(items)})
    histories: dict[str, dict[str, Decided]] = defaultdict(dict)
    for row in rows:
        reach = Reach(row.reach) if row.reach else None
        histories[row.item][row.content_hash] = Decided(reach, row.starts_on)
    return histories


def changes_for(
    session: Session,
    module: Module,
    *,
    role: Role,
    passed: str,
    history: Mapping[str, Decided],
    need_began_on: date | None,
) -> Changes:
    """Return what changed for this person since the version they passed.

    A decision on a version is about everything since the version decided before it; what came after the last decision
    is for nobody yet.
    """
    kept = list(history)
    until = kept.index(module.content_hash) + 1 if module.content_hash in history else len(kept)
    steps, before = [], passed
    for after in kept[kept.index(passed) + 1 : until]:
        decided = history[after]
        if change_reaches(decided.reach, decided_on=decided.on, need_began_on=need_began_on):
            steps.append((before, after))
        before = after if decided.reach else before
    versions = read_versions(session, {content_hash for step in steps for content_hash in step})
    return all_changes(changed_cards(versions[before], versions[after], role) for before, after in steps)


def keep(draft: Draft, refresher: Refresher) -> None:
    """Write into a draft what the refresher asks and why, so that it stays as it was when it began."""
    draft.question_ids = list(refresher.question_ids)
    draft.why = why_of(refresher)


def why_of(refresher: Refresher) -> dict[str, Any]:
    """Return what a refresher asks, with the reasons, and which cards it shows as changed, as it is kept."""
    return {
        "asked": {asked.question.id: [asked.sentence, *asked.whys] for asked in refresher.asked},
        "changed": [each.card.slug for each in refresher.cards if each.changed],
    }


def kept_in(draft: Draft, item: Module | Scenario) -> Refresher | None:
    """Return the refresher that a draft is, or None where it is the whole item."""
    if draft.question_ids is None or isinstance(item, Scenario):
        return None
    return restored(item, role=Role(draft.role), why=draft.why or {"asked": {}, "changed": []})


def restored(module: Module, *, role: Role, why: Mapping[str, Any]) -> Refresher:
    """Return a refresher as it was chosen, with the sentences that were given then."""
    asked = tuple(
        Asked(question, card, tuple(Why(word) for word in words), sentence)
        for card in module.cards[role]
        for question in card.questions
        if question.id in why["asked"]
        for sentence, *words in [why["asked"][question.id]]
    )
    slugs = {each.card.slug for each in asked} | set(why["changed"])
    cards = (CardToRead(card, card.slug in why["changed"]) for card in module.cards[role] if card.slug in slugs)
    return Refresher(asked, tuple(cards))
