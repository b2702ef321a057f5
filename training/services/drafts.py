"""Drafts: an attempt in progress, at a whole item or at its refresher, with the content it began with."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from training.domain import scoring
from training.domain.language import _
from training.domain.module import Card, Module, Question
from training.domain.refresher import Refresher
from training.domain.roles import Role
from training.domain.scenario import Scenario
from training.domain.scoring import AnswerUnknown
from training.models import Draft
from training.services import refreshers
from training.services.accounts import Viewer
from training.services.versions import read_version

# A query that is made once is understood once.
AT_ITEM = select(Draft).where(Draft.person_id == bindparam("person_id"), Draft.item == bindparam("item"))
TO_CHANGE = (
    select(Draft)
    .where(Draft.person_id == bindparam("person_id"), Draft.attempt_id == bindparam("attempt_id"))
    .with_for_update()
)


class AttemptNotOpen(Exception):
    """It cannot be answered because the attempt is not open: it was sent already, or is somebody else's."""


@dataclass(frozen=True, slots=True)
class OpenAttempt:
    """An attempt in progress with the very content it began with."""

    attempt_id: uuid.UUID
    item: Module | Scenario
    role: Role
    answers: Mapping[str, Any]
    started_at: datetime
    refresher: Refresher | None = None

    @property
    def cards(self) -> tuple[Card, ...]:
        """The cards of a module as the role reads them, of a refresher only its own; a story has none."""
        if self.refresher is not None:
            return self.refresher.shortened
        return self.item.cards[self.role] if isinstance(self.item, Module) else ()


def new_draft(item: Module | Scenario, *, viewer: Viewer, attempt_id: uuid.UUID, role: Role, now: datetime) -> Draft:
    """Return the row of an attempt at a whole item with nothing answered."""
    return Draft(
        organisation_id=viewer.organisation_id,
        attempt_id=attempt_id,
        person_id=viewer.person_id,
        item=item.slug,
        content_hash=item.content_hash,
        role=role,
        answers={} if isinstance(item, Module) else {"choices": []},
        started_at=now,
        touched_at=now,
    )


def find_draft(session: Session, *, viewer: Viewer, slug: str) -> Draft | None:
    """Return the viewer's open attempt at an item."""
    return session.scalar(AT_ITEM, {"person_id": viewer.person_id, "item": slug})


def opened(session: Session, draft: Draft) -> OpenAttempt:
    """Return a draft with the content it began with."""
    item = read_version(session, draft.content_hash)
    return OpenAttempt(
        attempt_id=draft.attempt_id,
        item=item,
        role=Role(draft.role),
        answers=dict(draft.answers),
        started_at=draft.started_at,
        refresher=refreshers.kept_in(draft, item),
    )


def draft_to_change(session: Session, *, viewer: Viewer, attempt_id: uuid.UUID) -> Draft:
    """Return the viewer's draft, locked.

    Raises:
        AttemptNotOpen: when there is none.
    """
    draft = session.scalar(TO_CHANGE, {"person_id": viewer.person_id, "attempt_id": attempt_id})
    if draft is None:
        raise AttemptNotOpen(_("This attempt was sent already, or belongs to somebody else. Nothing was changed."))
    return draft


def find_question(attempt: OpenAttempt, question_id: str) -> Question:
    """Return a question that an attempt asks.

    Raises:
        AnswerUnknown: when it asks no such thing.
    """
    if attempt.refresher is not None and question_id not in attempt.refresher.question_ids:
        raise AnswerUnknown(question_id)
    return scoring.find_question(attempt.item, role=attempt.role, question_id=question_id)
