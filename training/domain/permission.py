"""Two kinds of permission: a manager's, who may change things, and an auditor's, who may look."""

from enum import StrEnum

from training.domain.language import N_, _


class PermissionKind(StrEnum):
    """What a permission lets somebody do, in the whole organisation or at some of its sites."""

    MANAGER = "manager"
    AUDITOR = "auditor"

    @property
    def label(self) -> str:
        """What somebody is who has it."""
        return _(LABELS[self])


LABELS = {PermissionKind.MANAGER: N_("Manager"), PermissionKind.AUDITOR: N_("Auditor")}
