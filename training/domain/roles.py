"""The four audiences that every module, scenario and requirement speaks of."""

from enum import StrEnum


class Role(StrEnum):
    """An audience, known everywhere by its slug."""

    PRESCRIBER = "prescriber"
    NON_PRESCRIBER = "non-prescriber"
    SOCIAL_CARE = "social-care"
    FAMILY_CARER = "family-carer"

    @property
    def label(self) -> str:
        """The role in words, for a heading or a button."""
        return LABELS[self]


LABELS = {
    Role.PRESCRIBER: "Prescriber",
    Role.NON_PRESCRIBER: "Health professional who does not prescribe",
    Role.SOCIAL_CARE: "Social care worker",
    Role.FAMILY_CARER: "Family carer",
}
