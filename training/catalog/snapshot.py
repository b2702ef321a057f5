"""An item as one line of JSON, to be kept whole with every content version, and back again."""

import msgspec

from training.domain.module import Module
from training.domain.scenario import Scenario

KINDS = {"module": Module, "scenario": Scenario}


class SnapshotUnreadable(Exception):
    """The item cannot be read back because the text is no snapshot of that kind."""


def to_json(item: Module | Scenario) -> str:
    """Return an item whole: cards, questions, scenes and all. The same item always gives the same text."""
    return msgspec.json.encode(item).decode()


def from_json(kind: str, text: str) -> Module | Scenario:
    """Return the item of a snapshot; `kind` is "module" or "scenario".

    Raises: SnapshotUnreadable.
    """
    if kind not in KINDS:
        raise SnapshotUnreadable(f"there is no kind of item called {kind}")
    try:
        return msgspec.json.decode(text, type=KINDS[kind])
    except (msgspec.MsgspecError, UnicodeEncodeError) as error:
        raise SnapshotUnreadable(str(error)) from error
