"""Rows: one file for each aggregate; importing this room makes every table known."""

from training.db import Base
from training.models.absence import Absence, Exemption
from training.models.account import Account, SignInSession, Throttle
from training.models.attempt import Attempt, Draft
from training.models.completion import Completion, Revocation
from training.models.content_version import ContentVersion
from training.models.job import Job
from training.models.organisation import JobTitle, LongLeaveChange, Organisation, Site, TitleRole
from training.models.person import Employment, Invite, Permission, Person
from training.models.reminder import MessageRow, Reminder, RunApproval, StoppedRun, Unsubscribe
from training.models.requirement import ContentDecision, Requirement, RequirementVersion
from training.models.signoff import ContentSignoff, SignoffWithdrawal
from training.models.standing import WHOLE_ID, CounterRow, OnFileRow, StandingRow

__all__ = [
    "WHOLE_ID",
    "Absence",
    "Account",
    "Attempt",
    "Base",
    "Completion",
    "ContentDecision",
    "ContentSignoff",
    "ContentVersion",
    "CounterRow",
    "Draft",
    "Employment",
    "Exemption",
    "Invite",
    "Job",
    "JobTitle",
    "LongLeaveChange",
    "MessageRow",
    "OnFileRow",
    "Organisation",
    "Permission",
    "Person",
    "Reminder",
    "Requirement",
    "RequirementVersion",
    "Revocation",
    "RunApproval",
    "SignInSession",
    "SignoffWithdrawal",
    "Site",
    "StandingRow",
    "StoppedRun",
    "Throttle",
    "TitleRole",
    "Unsubscribe",
]
