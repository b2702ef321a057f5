"""What the server signs for a device: whose it is, what it was offered, and the key to what it saves as a file."""

import base64
import hashlib
import hmac
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from training.domain.device_work import Ticket
from training.domain.language import _
from training.domain.roles import Role
from training.services.accounts import Viewer


class TicketForged(Exception):
    """An attempt cannot be taken because its ticket was not given by this server to this person."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose a ticket, or a file that a device saved, is."""

    organisation_id: int
    person_id: uuid.UUID


def person_key(viewer: Viewer) -> str:
    """Return what a device calls whoever is signed in: stable, and it says nothing."""
    return digest("person", f"{viewer.organisation_id} {viewer.person_id}").hex()[:32]


def sign_ticket(ticket: Ticket, *, viewer: Viewer) -> str:
    """Return a ticket as a device carries it."""
    body = {
        "of": [viewer.organisation_id, viewer.person_id.hex],
        "item": ticket.item,
        "hash": ticket.content_hash,
        "role": ticket.role,
        "at": ticket.given_at.isoformat(),
        "why": ticket.why,
    }
    return serializer("offline ticket").dumps(body)


def read_ticket(text: str, *, bearer: Bearer) -> Ticket:
    """Return the ticket that a device sends.

    Raises:
        TicketForged: when it was never given, or to somebody else.
    """
    body = loads("offline ticket", text)
    if body["of"] != [bearer.organisation_id, bearer.person_id.hex]:
        raise TicketForged(_("This work was begun by somebody else."))
    return Ticket(
        item=body["item"],
        content_hash=body["hash"],
        role=Role(body["role"]),
        given_at=datetime.fromisoformat(body["at"]),
        why=body["why"],
    )


def carry_token(viewer: Viewer) -> str:
    """Return what names the learner in a file that their device saves."""
    return serializer("carried by hand").dumps([viewer.organisation_id, viewer.person_id.hex])


def carry_key(token: str) -> bytes:
    """Return the key with which the device of a token signs what it saves."""
    return digest("key to carry", token)


def read_carried(file: Mapping[str, Any]) -> Bearer:
    """Return whose a saved file is.

    Raises:
        TicketForged: when the file was changed after it was saved, or never saved by a device of this service.
    """
    token = str(file.get("carry_token", ""))
    organisation_id, person = loads("carried by hand", token)
    signed = {name: value for name, value in file.items() if name != "signature"}
    text = json.dumps(signed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    right = hmac.new(carry_key(token), text.encode(), hashlib.sha256).digest()
    if not hmac.compare_digest(encoded(right), str(file.get("signature", ""))):
        raise TicketForged(_("The file was changed after it was saved."))
    return Bearer(organisation_id, uuid.UUID(person))


def encoded(data: bytes) -> str:
    """Return bytes as letters that fit anywhere."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def digest(purpose: str, text: str) -> bytes:
    """Return a keyed hash, of another key for each purpose."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, f"{purpose}\0{text}".encode(), hashlib.sha256).digest()


def serializer(purpose: str) -> URLSafeSerializer:
    """Return what signs for one purpose."""
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=purpose)


def loads(purpose: str, text: str) -> dict[str, Any] | list[Any]:
    """Return what was signed.

    Raises:
        TicketForged: when it was not signed here.
    """
    try:
        return serializer(purpose).loads(text)
    except BadSignature as error:
        raise TicketForged(_("This was not given by this service.")) from error
