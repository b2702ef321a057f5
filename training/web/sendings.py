"""What a device sends of its work, read strictly: by the network, or in a file that somebody carries."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from werkzeug.exceptions import BadRequest

from training.domain.device_work import Carried
from training.domain.language import _
from training.services.device_attempts import Receipt, State
from training.web.offline_tokens import Bearer, TicketForged, read_ticket

MOST_ATTEMPTS = 200


def read_object(data: bytes) -> dict[str, Any]:
    """Return a JSON object.

    Raises:
        BadRequest: when it is none, or nested without end.
    """
    try:
        found = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadRequest("what was sent is not JSON") from error
    if not isinstance(found, dict):
        raise BadRequest("what was sent is not an object")
    return found


def read_attempts(sent: Mapping[str, Any], *, bearer: Bearer) -> tuple[list[Carried], list[Receipt]]:
    """Return the attempts that were sent, and refusals of those whose ticket is not the bearer's.

    Raises:
        BadRequest: when something is not as our own script sends it.
    """
    every = sent.get("attempts")
    if not isinstance(every, list) or len(every) > MOST_ATTEMPTS:
        raise BadRequest("the attempts are not a list of at most 200")
    sent_at = read_instant(sent.get("device_now") or sent.get("made_at"))
    carried, forged = [], []
    for one in every:
        try:
            carried.append(read_attempt(one, bearer=bearer, sent_at=sent_at))
        except TicketForged as refusal:
            attempt_id = uuid.UUID(one["attempt_id"])
            words = " ".join([str(refusal), _("It stays on the device.")])
            forged.append(
                Receipt(attempt_id=attempt_id, state=State.REFUSED, words=words, attempt_id_to_use=attempt_id)
            )
    return carried, forged


def read_attempt(one: object, *, bearer: Bearer, sent_at: datetime) -> Carried:
    """Return one attempt as it was sent.

    Raises:
        BadRequest: when something is not as our own script sends it.
        TicketForged: when its ticket is not the bearer's.
    """
    try:
        attempt_id = uuid.UUID(one["attempt_id"])
        answers = read_given(one)
        started_at, finished = read_instant(one["started_at"]), one.get("finished_at")
        ticket = str(one["ticket"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadRequest("an attempt is not as it should be") from error
    return Carried(
        attempt_id=attempt_id,
        ticket=read_ticket(ticket, bearer=bearer),
        answers=answers,
        started_at=started_at,
        finished_at=read_instant(finished) if finished else None,
        sent_at=sent_at,
    )


def read_given(one: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the answers of an attempt, without the times at which each was given."""
    if "choices" in one:
        return {"choices": [str(choice["choice"]) for choice in one["choices"]]}
    return {str(name): [str(key) for key in given["keys"]] for name, given in one["answers"].items()}


def read_instant(text: object) -> datetime:
    """Return an instant that a device tells, with its time zone.

    Raises:
        BadRequest: when it is none.
    """
    try:
        told = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise BadRequest("a time is not a time") from error
    if told.tzinfo is None:
        raise BadRequest("a time has no zone")
    return told
