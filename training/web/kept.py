"""What a device without an account kept of its learning, read from the text that its browser sends."""

import json
import re
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from training.domain.roles import Role
from training.services.learning import Sent

MOST = 100


def read_kept(text: str, *, now: datetime) -> list[Sent]:
    """Return the attempts in a device's text; what makes no sense is left out, and no device learns in the future."""
    try:
        found = json.loads(text or "[]")
    except (ValueError, RecursionError):
        return []
    entries = found[:MOST] if isinstance(found, list) else []
    return [sent for sent in (read_one(entry, now=now) for entry in entries) if sent]


def read_one(entry: object, *, now: datetime) -> Sent | None:
    """Return one attempt, or None where the device's text was cut short or changed by hand."""
    try:
        if not isinstance(entry, dict):
            return None
        return Sent(
            attempt_id=uuid.UUID(entry["id"]),
            item=str(entry["item"]),
            content_hash=hash_of(entry["hash"]),
            role=Role.FAMILY_CARER,
            answers=answers_of(entry["answers"]),
            started_at=min(datetime.fromisoformat(entry["startedAt"]).astimezone(now.tzinfo), now),
        )
    except (TypeError, KeyError, ValueError, AttributeError, OverflowError):
        return None


def hash_of(found: object) -> str:
    """Return the hash of a content.

    Raises:
        ValueError: when it cannot be one.
    """
    if not isinstance(found, str) or not re.fullmatch(r"[0-9a-f]{64}", found):
        raise ValueError("a content has a hash")
    return found


def answers_of(found: object) -> Mapping[str, Any]:
    """Return answers by question.

    Raises:
        ValueError: when they are not such a thing.
    """
    if not isinstance(found, dict):
        raise ValueError("answers are by question")
    return found


def read_answers(text: str) -> dict[str, tuple[str, ...]]:
    """Return the answers to a module's questions that a device sends to be marked; nothing where they make no sense."""
    try:
        found = answers_of(json.loads(text or "{}"))
    except (ValueError, RecursionError):
        return {}
    return {
        name: tuple(given)
        for name, given in found.items()
        if isinstance(given, list) and all(isinstance(word, str) for word in given)
    }
