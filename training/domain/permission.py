"""Two kinds of permission: a manager's, who may change things, and an auditor's, who may look."""

from enum import StrEnum


class PermissionKind(StrEnum):
    """What a permission lets somebody do, in the whole organisation or at some of its sites."""

    MANAGER = "manager"
    AUDITOR = "auditor"
