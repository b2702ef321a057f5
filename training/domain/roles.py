"""The four audiences that every module, scenario and requirement speaks of."""

from enum import StrEnum

from training.domain.language import N_, _


class Role(StrEnum):
    """An audience, known everywhere by its slug."""

    PRESCRIBER = "prescriber"
    NON_PRESCRIBER = "non-prescriber"
    SOCIAL_CARE = "social-care"
    FAMILY_CARER = "family-carer"

    @property
    def label(self) -> str:
        """The role in words, for a heading or a button."""
        return _(LABELS[self])


LABELS = {
    Role.PRESCRIBER: N_("Prescriber"),
    Role.NON_PRESCRIBER: N_("Health professional who does not prescribe"),
    Role.SOCIAL_CARE: N_("Social care worker"),
    Role.FAMILY_CARER: N_("Family carer"),
}
