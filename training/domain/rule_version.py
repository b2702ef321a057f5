"""Which rules a report was made by: a short name of all that was required on a day, and the day it last changed."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256

from training.domain.days import ONE_DAY, format_day
from training.domain.language import _
from training.domain.person_record import House
from training.domain.requirement import Version

LENGTH = 8


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """The short name, equal where every rule is, and the day on which one began or ended last; none without rules."""

    code: str
    changed_on: date | None

    @property
    def words(self) -> str:
        """The version in words."""
        if self.changed_on is None:
            return _("%(code)s, no rules", code=self.code)
        return _("%(code)s, last changed on %(day)s", code=self.code, day=format_day(self.changed_on))


def rule_version(house: House, day: date) -> RuleVersion:
    """Return the version of what an organisation required on a day: who must hold what by which terms.

    It is a hash of the versions of requirements in force, the decisions that everyone passes again that had been
    announced, and how long leave must be to count as long.
    """
    in_force = {key: requirement.on(day) for key, requirement in sorted(house.requirements.items())}
    announced = [change for change in house.changes if change.announced_on <= day]
    changes = sorted((asdict(change) for change in announced), key=lambda each: (each["item"], each["again_by"]))
    versions = [f"{_text(key)}: {_version(each)}" for key, each in in_force.items() if each is not None]
    # One object as JSON, its keys in order.
    pieces = (f'"changes": {_text(changes)}', f'"long_leave_days": {house.long_leave_days}')
    text = f'{{{", ".join(pieces)}, "requirements": {{{", ".join(versions)}}}}}'
    return RuleVersion(sha256(text.encode()).hexdigest()[:LENGTH], last_change(house, day))


def last_change(house: House, day: date) -> date | None:
    """Return the last day, up to a day, on which a version of a requirement began or the day after one ended."""
    turns = [change.announced_on for change in house.changes]
    for requirement in house.requirements.values():
        for version in requirement.versions:
            turns.append(version.days.from_)
            if version.days.until is not None:
                turns.append(version.days.until + ONE_DAY)
    return max((turn for turn in turns if turn <= day), default=None)


@lru_cache(maxsize=1_000)
def _version(version: Version) -> str:
    """Return a version of a requirement as what is hashed; kept, because every page that shows figures asks for it."""
    return _text(asdict(version))


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else str(value)


_text = json.JSONEncoder(default=_plain, sort_keys=True).encode
