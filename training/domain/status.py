"""The words for where someone stands with an item, and what each counts for."""

from enum import StrEnum

from training.domain.language import N_, _


class Status(StrEnum):
    """Where someone stands on a day, known everywhere by its slug; the first that fits wins."""

    NOT_ON_FILE = "not-on-file"
    HELD = "held"
    NOT_NEEDED = "not-needed"
    ON_LEAVE = "on-leave"
    EXEMPT = "exempt"
    UP_TO_DATE = "up-to-date"
    EXPIRING_SOON = "expiring-soon"
    NOT_YET_DUE = "not-yet-due"
    EXPIRED = "expired"
    OVERDUE = "overdue"

    @property
    def label(self) -> str:
        """The status in plain words."""
        return _(LABELS[self.value])

    @property
    def counted(self) -> bool:
        """Whether it is in the denominator of compliance."""
        return self.compliant or self in (Status.EXPIRED, Status.OVERDUE)

    @property
    def compliant(self) -> bool:
        """Whether it is in the numerator of compliance."""
        return self in (Status.UP_TO_DATE, Status.EXPIRING_SOON)

    @property
    def apart(self) -> bool:
        """Whether it is on file but shown apart from the figure."""
        return self is not Status.NOT_ON_FILE and not self.counted


LABELS = {
    "not-on-file": N_("Not on file"),
    "held": N_("Held"),
    "not-needed": N_("Not needed"),
    "on-leave": N_("On leave"),
    "exempt": N_("Exempt"),
    "up-to-date": N_("Up to date"),
    "expiring-soon": N_("Expiring soon"),
    "not-yet-due": N_("Not yet due"),
    "expired": N_("Expired"),
    "overdue": N_("Overdue"),
}
