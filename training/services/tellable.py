"""Who can be told by a message of what has happened to something of theirs, and what was told already."""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from training.models import Employment, MessageRow, Person
from training.services.employments import covers
from training.services.messages import State

# What ended longer ago is no news, as where there was no way to send.
NEWS_FOR = timedelta(days=2)


def can_be_told(day: date, *, again: bool) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which a person can be written to and has not left.

    What is tried `again` may be because a manager says that an address that was refused is good.
    """
    refused = select(MessageRow.id).where(
        MessageRow.person_id == Person.id, MessageRow.address == Person.email, MessageRow.status == State.REFUSED
    )
    here = select(Employment.id).where(Employment.person_id == Person.id, *covers(Employment, day))
    ever = select(Employment.id).where(Employment.person_id == Person.id, Employment.withdrawn_at.is_(None))
    reached = () if again else (~refused.exists(),)
    return Person.email.is_not(None), *reached, or_(here.exists(), ~ever.exists())


def read_told(session: Session, keys: Collection[str]) -> frozenset[str]:
    """Return the keys of those messages that there are."""
    if not keys:
        return frozenset()
    return frozenset(session.scalars(select(MessageRow.key).where(MessageRow.key.in_(keys))))
