"""The queries of facts, as known now or at an earlier instant: people's records, their jobs, what is required."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Select,
    String,
    Text,
    Uuid,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from training.domain.requirement import Reach
from training.models import (
    Absence,
    Attempt,
    Completion,
    ContentDecision,
    Employment,
    Exemption,
    ImportedPass,
    LongLeaveChange,
    Organisation,
    Replacement,
    Requirement,
    RequirementVersion,
    Revocation,
    TitleRole,
)

# To build a query takes longer than to ask it: those of so many instants are kept, now among them.
QUERIES = 8


def known(table: Any, at: datetime | None) -> ColumnElement[bool]:  # noqa: ANN401 (a twice-dated table)
    """Return the condition that a twice-dated row is known at an instant, or now."""
    if at is None:
        return table.withdrawn_at.is_(None)
    return (table.recorded_at <= at) & or_(table.withdrawn_at.is_(None), table.withdrawn_at > at)


@lru_cache(maxsize=QUERIES)
def record_query(known_at: datetime | None, *, of_items: bool) -> CompoundSelect:
    """Return the query of all but the jobs on record of `person_ids`, of everything or of some `items`.

    With it comes which items replace which; of the older ones the passes are read too.
    """
    replacements = replacements_known(known_at)
    passes, exemptions, absences = passes_known(known_at), exemptions_known(known_at), absences_known(known_at)
    imported = imported_known(known_at)
    if of_items:
        asked = Replacement.item.in_(bindparam("items", expanding=True))
        older = replacements.with_only_columns(Replacement.older).where(asked)
        passes = passes.where(or_(Completion.item.in_(bindparam("items", expanding=True)), Completion.item.in_(older)))
        these = bindparam("items", expanding=True)
        imported = imported.where(or_(ImportedPass.item.in_(these), ImportedPass.item.in_(older)))
        exemptions = exemptions.where(Exemption.item.in_(bindparam("items", expanding=True)))
    return union_all(
        absences.where(Absence.person_id.in_(bindparam("person_ids", expanding=True))),
        passes.where(Completion.person_id.in_(bindparam("person_ids", expanding=True))),
        imported.where(ImportedPass.person_id.in_(bindparam("person_ids", expanding=True))),
        exemptions.where(Exemption.person_id.in_(bindparam("person_ids", expanding=True))),
        replacements,
    )


def passes_known(known_at: datetime | None) -> Select:
    """Return the query of passes, without those that are known to have been revoked; refreshers say so."""
    revoked = (
        (Revocation.organisation_id == Completion.organisation_id)
        & (Revocation.completion_id == Completion.id)
        & (Revocation.recorded_at <= known_at if known_at else Revocation.recorded_at.is_not(None))
    )
    query = (
        select(
            literal("pass"),
            Completion.person_id,
            Completion.item,
            Completion.passed_on,
            cast(null(), Date),
            Completion.content_hash,
            case((Attempt.question_ids.is_not(None), "refresher"), else_=""),
        )
        .outerjoin(
            Attempt,
            (Attempt.organisation_id == Completion.organisation_id) & (Attempt.id == Completion.attempt_id),
        )
        .outerjoin(Revocation, revoked)
        .where(Revocation.completion_id.is_(None))
    )
    return query.where(Completion.recorded_at <= known_at) if known_at else query


def imported_known(known_at: datetime | None) -> Select:
    """Return the query of passes on other systems' records, with the expiry given and where they come from."""
    columns = (ImportedPass.person_id, ImportedPass.item, ImportedPass.passed_on, ImportedPass.given_until)
    query = select(literal("imported"), *columns, literal(""), ImportedPass.evidence)
    return query.where(known(ImportedPass, known_at))


def absences_known(known_at: datetime | None) -> Select:
    """Return the query of absences; the site stands where others have their item."""
    site = cast(Absence.site_id, String)
    columns = (Absence.person_id, site, Absence.starts_on, Absence.ends_on, literal(""), literal(""))
    return select(literal("absence"), *columns).where(known(Absence, known_at))


def exemptions_known(known_at: datetime | None) -> Select:
    """Return the query of exemptions."""
    columns = (
        Exemption.person_id,
        Exemption.item,
        Exemption.starts_on,
        Exemption.ends_on,
        Exemption.who,
        Exemption.why,
    )
    return select(literal("exemption"), *columns).where(known(Exemption, known_at))


def replacements_known(known_at: datetime | None) -> Select:
    """Return the query of which items replace which; the older stands where passes have their content."""
    no_day = cast(null(), Date)
    columns = (cast(null(), Uuid), Replacement.item, no_day, no_day, Replacement.older, literal(""))
    query = select(literal("replacement"), *columns)
    return query.where(Replacement.recorded_at <= known_at) if known_at else query


@lru_cache(maxsize=QUERIES)
def posts_query(known_at: datetime | None) -> Select:
    """Return the query of the jobs of `person_ids` with every role that their titles ever had."""
    titles = (
        (TitleRole.organisation_id == Employment.organisation_id)
        & (TitleRole.job_title_id == Employment.job_title_id)
        & known(TitleRole, known_at)
    )
    theirs = Employment.person_id.in_(bindparam("person_ids", expanding=True))
    job = (Employment.id, Employment.person_id, Employment.site_id, Employment.job_title_id)
    days = (Employment.starts_on, Employment.ends_on)
    return (
        select(*job, *days, TitleRole.role, TitleRole.starts_on, TitleRole.ends_on)
        .outerjoin(TitleRole, titles)
        .where(theirs, known(Employment, known_at))
        .order_by(Employment.starts_on, Employment.id)
    )


# What the rules see of a version of a requirement: who decided it, and what was shown before, takes long to read.
VERSION_LISTS = ("items", "roles", "job_title_ids", "site_ids")
VERSION = (
    "requirement_id",
    "due_days",
    "valid_months",
    "window_days",
    "basis",
    "fixed_month",
    "fixed_day",
    "minimum_months",
    "reach",
    "again_by",
    "announced_on",
    "starts_on",
    "ends_on",
)
VERSION_READ = (
    Requirement.name,
    *(getattr(RequirementVersion, name) for name in VERSION),
    # As text, which tells whether the rows are those read before.
    *(cast(getattr(RequirementVersion, name), Text).label(name) for name in VERSION_LISTS),
)
REQUIREMENT = (
    select(*VERSION_READ)
    .join(RequirementVersion, RequirementVersion.requirement_id == Requirement.id)
    .where(Requirement.id == bindparam("requirement_id"), known(RequirementVersion, None))
    .order_by(RequirementVersion.starts_on)
)


@lru_cache(maxsize=QUERIES)
def house_query(known_at: datetime | None) -> Select:
    """Return the query of an organisation, its requirements, how many decisions ask again, and what leave was long."""
    again = select(func.count()).where(ContentDecision.reach == Reach.EVERYONE_AGAIN).scalar_subquery()
    versions = (
        (RequirementVersion.organisation_id == Requirement.organisation_id)
        & (RequirementVersion.requirement_id == Requirement.id)
        & known(RequirementVersion, known_at)
    )
    return (
        select(
            Organisation.time_zone,
            Organisation.long_leave_days,
            again.label("passed_again"),
            long_leave_days(known_at).label("days_before"),
            *VERSION_READ,
        )
        .select_from(Organisation)
        .outerjoin(Requirement, Requirement.organisation_id == Organisation.id)
        .outerjoin(RequirementVersion, versions)
        .where(Organisation.id == bindparam("organisation_id"))
        .order_by(Requirement.name, Requirement.id, RequirementVersion.starts_on)
    )


def long_leave_days(known_at: datetime | None) -> ColumnElement[int | None]:
    """Return the query of what leave was long by what was known at an instant; none where it is as now."""
    if known_at is None:
        return cast(null(), Integer)
    later = select(LongLeaveChange.days_before).where(LongLeaveChange.recorded_at > known_at)
    return later.order_by(LongLeaveChange.recorded_at).limit(1).scalar_subquery()
