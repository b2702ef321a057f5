"""What a device carries: a ticket for what it was offered, and what was done with it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from training.domain.roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What the server offered somebody's device, and when: an item at a version, in a role, whole or as a refresher.

    `why` is a refresher's, as a draft keeps it.
    """

    item: str
    content_hash: str
    role: Role
    given_at: datetime
    why: Mapping[str, Any] | None = None

    @property
    def question_ids(self) -> tuple[str, ...] | None:
        """The questions that a refresher asks, or None for the whole item."""
        return None if self.why is None else tuple(self.why["asked"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """An attempt as a device sends it; `finished_at` is None where it is half-done. All times are the device's."""

    attempt_id: uuid.UUID
    ticket: Ticket
    answers: Mapping[str, Any]
    started_at: datetime
    finished_at: datetime | None = None
    sent_at: datetime | None = None
