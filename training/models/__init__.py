"""Rows: one file for each aggregate; importing this room makes every table known."""

from training.db import Base
from training.models.absence import Absence, Exemption
from training.models.account import Account, SignInSession, Throttle
from training.models.attempt import Attempt, Draft
from training.models.audit import AuditEntry, AuditHead
from training.models.completion import Completion, Revocation
from training.models.content_version import CaughtUp, ContentVersion, Replacement
from training.models.delivery import Delivery, Outcome
from training.models.imports import ImportedPass, ImportRow, ImportRun, QuietStep
from training.models.job import Job
from training.models.organisation import JobTitle, LongLeaveChange, Organisation, Site, TitleRole
from training.models.pack import Pack, PackLink
from training.models.passkey import Passkey, PasskeyChallenge
from training.models.person import Employment, Invite, Permission, Person
from training.models.push import PushDevice
from training.models.reference import AscWdsItem, AscWdsSetting, EsrMapping, WorkerReference, WorkplaceReference
from training.models.reminder import MessageRow, Reminder, RunApproval, StoppedRun, Unsubscribe
from training.models.requirement import ContentDecision, Requirement, RequirementVersion
from training.models.saved_filter import SavedFilter
from training.models.schedule import ReportSchedule
from training.models.signoff import ContentSignoff, SignoffWithdrawal
from training.models.standing import WHOLE_ID, CounterRow, DueRow, OnFileRow, StandingRow, TitlesRow
from training.models.tablet import Pin, Tablet, TabletSite
from training.models.task import Task, TaskPart
from training.models.trend import TrendFigure, TrendState

__all__ = [
    "WHOLE_ID",
    "Absence",
    "Account",
    "AscWdsItem",
    "AscWdsSetting",
    "Attempt",
    "AuditEntry",
    "AuditHead",
    "Base",
    "CaughtUp",
    "Completion",
    "ContentDecision",
    "ContentSignoff",
    "ContentVersion",
    "CounterRow",
    "Delivery",
    "Draft",
    "DueRow",
    "Employment",
    "EsrMapping",
    "Exemption",
    "ImportRow",
    "ImportRun",
    "ImportedPass",
    "Invite",
    "Job",
    "JobTitle",
    "LongLeaveChange",
    "MessageRow",
    "OnFileRow",
    "Organisation",
    "Outcome",
    "Pack",
    "PackLink",
    "Passkey",
    "PasskeyChallenge",
    "Permission",
    "Person",
    "Pin",
    "PushDevice",
    "QuietStep",
    "Reminder",
    "Replacement",
    "ReportSchedule",
    "Requirement",
    "RequirementVersion",
    "Revocation",
    "RunApproval",
    "SavedFilter",
    "SignInSession",
    "SignoffWithdrawal",
    "Site",
    "StandingRow",
    "StoppedRun",
    "Tablet",
    "TabletSite",
    "Task",
    "TaskPart",
    "Throttle",
    "TitleRole",
    "TitlesRow",
    "TrendFigure",
    "TrendState",
    "Unsubscribe",
    "WorkerReference",
    "WorkplaceReference",
]
