"""Learning: beginning an attempt, answering, and the one commit that records it."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.db import Database
from training.domain import scoring
from training.domain.days import day_in
from training.domain.language import _
from training.domain.module import Module, Question
from training.domain.refresher import Refresher
from training.domain.roles import Role
from training.domain.said import said
from training.domain.scenario import Scenario
from training.domain.scoring import Verdict
from training.models import Attempt, Completion, Draft
from training.services import refreshers, standings
from training.services.accounts import Viewer
from training.services.drafts import (
    AttemptNotOpen,
    OpenAttempt,
    draft_to_change,
    find_draft,
    find_question,
    new_draft,
    opened,
)
from training.services.employments import may_learn_as
from training.services.marking import AnswersMissing, Sent, completion_of, marked
from training.services.organisations import NotFound
from training.services.refreshers import RefresherNotOffered
from training.services.versions import keep_versions, read_version, with_replacing

__all__ = ["AnswersMissing", "RefresherNotOffered", "Sent", "keep_versions"]


class AttemptBelongsToAnother(Exception):
    """The attempt cannot be recorded because its id is in use by somebody else."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the server answers to a sent attempt; the same however often it is sent."""

    attempt_id: uuid.UUID
    passed: bool
    percent: int | None
    code: str | None


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer came to: the attempt as it was before, what was asked and given, and how the kept one was."""

    attempt: OpenAttempt
    question: Question
    given: tuple[str, ...]
    verdict: Verdict


def begin(
    database: Database,
    *,
    viewer: Viewer,
    attempt_id: uuid.UUID,
    slug: str,
    role: Role,
    catalog: Catalog,
    now: datetime,
    as_refresher: bool = False,
) -> uuid.UUID:
    """Open an attempt at an item or its refresher, or go on with the one that is open; return its id.

    Whoever wants the whole item while a refresher is open goes on with all of it, and keeps the answers given.

    Raises:
        NotFound: when there is no such item, or it is not for that role.
        AttemptNotOpen: when the id was used for an attempt already, by anybody.
        RefresherNotOffered: when a refresher is not what is owed, saying why.
    """
    item = catalog.find(slug)
    if item is None or role not in item.roles:
        raise NotFound(_("There is no %(slug)s for this role.", slug=slug))
    with database.write(viewer.organisation_id) as session:
        standings.wait_for_turn(session, person_ids=[viewer.person_id])
        draft = find_draft(session, viewer=viewer, slug=slug)
        if draft is not None:
            if not as_refresher:
                draft.question_ids = draft.why = None
            return draft.attempt_id
        refuse_other_role(session, viewer=viewer, item=item, role=role, now=now)
        if any(session.get(table, (viewer.organisation_id, attempt_id)) for table in (Attempt, Draft)):
            raise AttemptNotOpen(_("This attempt was sent already, or belongs to somebody else."))
        draft = new_draft(item, viewer=viewer, attempt_id=attempt_id, role=role, now=now)
        if as_refresher:
            refreshers.keep(draft, offered_refresher(session, viewer=viewer, item=item, role=role, now=now))
        session.add(draft)
    return attempt_id


def offered_refresher(
    session: Session, *, viewer: Viewer, item: Module | Scenario, role: Role, now: datetime
) -> Refresher:
    """Return the refresher that is enough for the viewer today.

    Raises:
        RefresherNotOffered: when none is.
    """
    offer = refreshers.offer(session, viewer=viewer, item=item, role=role, day=day_in(now, viewer.time_zone))
    if offer.refresher is None:
        raise RefresherNotOffered(said(offer.owing.reason))
    return offer.refresher


def refuse_other_role(session: Session, *, viewer: Viewer, item: Module | Scenario, role: Role, now: datetime) -> None:
    """Refuse to let somebody pass in words made for others where the item has words for them."""
    day = day_in(now, viewer.time_zone)
    if not may_learn_as(session, person_id=viewer.person_id, role=role, roles=item.roles, day=day):
        raise NotFound(_("%(slug)s is there for your own role: begin it as that.", slug=item.slug))


def open_attempt(database: Database, *, viewer: Viewer, slug: str) -> OpenAttempt | None:
    """Return the viewer's attempt in progress at an item, if there is one."""
    with database.read(viewer.organisation_id) as session:
        draft = find_draft(session, viewer=viewer, slug=slug)
        return opened(session, draft) if draft else None


def save_answer(
    database: Database,
    *,
    viewer: Viewer,
    attempt_id: uuid.UUID,
    question_id: str,
    answer: tuple[str, ...] | Callable[[Question], tuple[str, ...]],
    now: datetime,
    slug: str | None = None,
) -> Answered:
    """Keep the answer to one question and say how it was; the first answer stays, and choosing nothing is none.

    `answer` may find the answer in what was sent once it is known what was asked, so that the attempt is looked up but
    once; `slug` is the module that it must be at.

    Raises:
        AttemptNotOpen: when the attempt was sent already or is somebody else's.
        AnswerUnknown: when the question has no such options.
    """
    with database.write(viewer.organisation_id) as session:
        draft = draft_to_change(session, viewer=viewer, attempt_id=attempt_id)
        attempt = opened(session, draft)
        if not isinstance(attempt.item, Module) or attempt.item.slug != (slug or attempt.item.slug):
            raise AttemptNotOpen(_("This attempt is at a story, or at another module."))
        question = find_question(attempt, question_id)
        given = answer(question) if callable(answer) else answer
        kept = tuple(attempt.answers.get(question_id, given))
        verdict = scoring.mark_question(question, kept)
        if given and verdict.chosen:
            draft.answers = {**draft.answers, question_id: list(kept)}
            draft.touched_at = now
        return Answered(attempt, question, given, verdict)


def choose(database: Database, *, viewer: Viewer, attempt_id: uuid.UUID, step: int, choice: str, now: datetime) -> None:
    """Take a choice in a scenario; `step` is how many were taken before, so that a second tap changes nothing.

    Raises:
        AttemptNotOpen: when the attempt was sent already or is somebody else's.
        ChoiceNotOffered: when the scene offers no such choice.
    """
    with database.write(viewer.organisation_id) as session:
        draft = draft_to_change(session, viewer=viewer, attempt_id=attempt_id)
        attempt = opened(session, draft)
        if not isinstance(attempt.item, Scenario):
            raise AttemptNotOpen(_("This attempt is at questions, not at a story."))
        choices = list(attempt.answers["choices"])
        if step != len(choices):
            return
        scoring.walk(attempt.item, [*choices, choice])
        draft.answers = {"choices": [*choices, choice]}
        draft.touched_at = now


def finish(database: Database, *, viewer: Viewer, attempt_id: uuid.UUID, now: datetime) -> Receipt:
    """Send the viewer's open attempt; sending it again returns the same receipt.

    Raises:
        AnswersMissing: when something is unanswered; everything answered stays.
        AttemptNotOpen: when the viewer has no such attempt, open or sent.
    """
    with database.read(viewer.organisation_id) as session:
        draft = session.get(Draft, (viewer.organisation_id, attempt_id))
        sent = session.get(Attempt, (viewer.organisation_id, attempt_id))
        if sent is not None and sent.person_id == viewer.person_id:
            return receipt_of(session, sent)
        if draft is None or draft.person_id != viewer.person_id:
            raise AttemptNotOpen(_("This attempt is not open. Begin again."))
        whole = Sent(
            attempt_id=attempt_id,
            item=draft.item,
            content_hash=draft.content_hash,
            role=Role(draft.role),
            answers=dict(draft.answers),
            started_at=draft.started_at,
        )
    return submit_attempt(database, viewer=viewer, sent=whole, now=now)


def submit_attempt(database: Database, *, viewer: Viewer, sent: Sent, now: datetime) -> Receipt:
    """Mark a whole attempt and record it, its completion and the standings it moves, in one commit.

    Sending the same attempt id again returns the same receipt and writes nothing.

    Raises:
        VersionUnknown: when the content was never kept here.
        NotFound: when the item is not for that role, or the role is not the viewer's own.
        AnswersMissing, AnswerUnknown, ChoiceNotOffered: when the answers do not fit the content.
        AttemptBelongsToAnother: when somebody else has used the id.
    """
    with database.write(viewer.organisation_id) as session:
        standings.wait_for_turn(session, person_ids=[viewer.person_id])
        return receipt_of(session, record(session, viewer=viewer, sent=sent, now=now))


def record(session: Session, *, viewer: Viewer, sent: Sent, now: datetime) -> Attempt:
    """Return the row of an attempt, recorded with all that follows from it, or as it was recorded before.

    The caller has waited for the person's turn.

    Raises:
        As `submit_attempt` does.
    """
    before, draft = (session.get(table, (viewer.organisation_id, sent.attempt_id)) for table in (Attempt, Draft))
    if any(row.person_id != viewer.person_id for row in (before, draft) if row):
        raise AttemptBelongsToAnother(_("This attempt is somebody else's. Nothing was changed."))
    if before is not None:
        return before
    item = read_version(session, sent.content_hash)
    if draft is None and sent.offline is None:
        # Whoever began it here, or had it offered to a device, was asked then; what comes by itself is asked now.
        refuse_other_role(session, viewer=viewer, item=item, role=sent.role, now=now)
    attempt = marked(item, viewer=viewer, sent=sent, asked=asked_in(sent, draft), now=now)
    session.add(attempt)
    session.flush()
    if attempt.passed:
        session.add(completion_of(attempt, time_zone=viewer.time_zone))
    if draft is not None:
        session.delete(draft)
    session.flush()
    standings.bring_up_to_date(
        session,
        organisation_id=viewer.organisation_id,
        person_ids=[viewer.person_id],
        today=day_in(now, viewer.time_zone),
        items=with_replacing(session, [item.slug]),
    )
    return attempt


def asked_in(sent: Sent, draft: Draft | None) -> Sequence[str] | None:
    """Return the questions of a refresher that was sent, or None where it is the whole item."""
    if sent.offline is not None:
        return sent.offline.question_ids
    return draft.question_ids if draft else None


def receipt_of(session: Session, attempt: Attempt) -> Receipt:
    """Return the receipt of a recorded attempt."""
    code = session.scalar(select(Completion.code).where(Completion.attempt_id == attempt.id))
    return Receipt(attempt_id=attempt.id, passed=attempt.passed, percent=attempt.percent, code=code)
