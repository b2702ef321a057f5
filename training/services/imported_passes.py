"""Passes on another system's record, as a person's record shows them: what they give, and where they come from."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from training.domain.language import _
from training.domain.person_record import PersonRecord
from training.domain.said import until_words
from training.services.facts import imported_pass
from training.services.standings import Given, period_of


@dataclass(frozen=True, slots=True)
class Imported:
    """A pass from elsewhere with what it gave; there is no certificate, receipt or version of it here."""

    item: str
    passed_on: date
    content_hash: str
    evidence: str
    until: date | None = None
    reason: str = ""
    is_required: bool = False

    @property
    def until_words(self) -> str:
        """The date in words."""
        if not self.is_required:
            return _("No date: no organisation asks for it to be renewed")
        return until_words(self.until)


def imported_with(record: PersonRecord, *, given: Given, until: date | None = None) -> dict[str, tuple[Imported, ...]]:
    """Return somebody's passes from elsewhere with what they were given, by item and in order of day."""
    found: dict[str, list[Imported]] = defaultdict(list)
    for item, passes in record.passes.items():
        for each in sorted(passes, key=lambda one: one.passed_on):
            own = each == imported_pass(item, each.passed_on, each.given_until, evidence=each.evidence)
            if each.evidence and own and (until is None or each.passed_on <= until):
                bare = Imported(item, each.passed_on, each.content_hash, each.evidence)
                found[item].append(with_period(bare, given))
    return {item: tuple(each) for item, each in found.items()}


def with_period(bare: Imported, given: Given) -> Imported:
    """Return a pass with what it gave."""
    period = period_of(bare, given)
    if period is None:
        return bare
    known = (bare.item, bare.passed_on, bare.content_hash, bare.evidence)
    return Imported(*known, until=period.valid_until, reason=period.reason, is_required=True)
