"""Deciding whom a new version of content reaches: previewed from the facts, then recorded with what was shown."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.db import Database
from training.domain.audit import Act
from training.domain.days import day_in
from training.domain.language import _
from training.domain.requirement import Reach
from training.models import ContentDecision, Organisation
from training.services import audit, facts
from training.services.accounts import Viewer
from training.services.catching_up import catch_up
from training.services.impact import Comparison, Impact, work_out_impacts
from training.services.new_versions import NewVersion, find_version
from training.services.organisations import refuse_unless_all
from training.services.requirement_plans import Choice, RequirementRefused, check_choice
from training.services.versions import with_replacing


class DecidedMeanwhile(Exception):
    """It cannot be decided because the version, or what is decided of it, is another one since it was opened."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody else has decided about this training since you opened it, or a newer version has come. "
                "Nothing of yours was recorded. Look at what stands below, then decide again if you still want to."
            )
        )


@dataclass(frozen=True, slots=True)
class Opened:
    """A new version as a manager had it open: of which item, which content, and the decision that stood then."""

    item: str
    content_hash: str
    decision_id: uuid.UUID | None


def preview_decision(
    database: Database, *, viewer: Viewer, item: str, again_by: date | None, catalog: Catalog, now: datetime
) -> Mapping[Reach, Impact]:
    """Return what each choice would do, with nothing written; the last only with a day for it.

    Raises:
        NotAllowed, NotFound, RequirementRefused: in words.
    """
    refuse_unless_all(viewer)
    choices = [Choice(reach, again_by) for reach in Reach if again_by or reach is not Reach.EVERYONE_AGAIN]
    with database.read(viewer.organisation_id) as session:
        version = find_version(session, item=item, catalog=catalog)
        rows = {choice.reach: row_of(choice, version, viewer=viewer, now=now) for choice in choices}
        titles = titles_touched(session, version, catalog=catalog)
        return impacts_of(session, rows, titles=titles, viewer=viewer, now=now)


def decide(
    database: Database, *, viewer: Viewer, opened: Opened, choice: Choice, catalog: Catalog, now: datetime
) -> None:
    """Record whom a new version reaches, with the numbers it comes to, and bring standings up to date with it.

    The latest decision about a version stands; what an earlier one did until today stays done.

    Raises:
        NotAllowed, NotFound, DecidedMeanwhile, RequirementRefused: in words, with nothing written.
    """
    refuse_unless_all(viewer)
    with database.write(viewer.organisation_id) as session:
        # One decision at a time, and nobody joins unseen.
        session.execute(select(Organisation.id).where(Organisation.id == viewer.organisation_id).with_for_update())
        version = find_version(session, item=opened.item, catalog=catalog)
        standing = decision_on(session, version.content_hash)
        refuse_if_opened_otherwise(opened, version, standing)
        row = row_of(choice, version, viewer=viewer, now=now)
        if standing is not None and (standing.reach, standing.again_by) == (row.reach, row.again_by):
            raise RequirementRefused(_("That is what is decided already."), field="reach")
        titles = titles_touched(session, version, catalog=catalog)
        impact = impacts_of(session, {row.reach: row}, titles=titles, viewer=viewer, now=now)[row.reach]
        row.preview = {"version": version.version, **impact.numbers()}
        session.add(row)
        session.flush()
        if Reach.EVERYONE_AGAIN in {row.reach, standing.reach if standing else None}:
            catch_up(session, viewer=viewer, today=day_in(now, viewer.time_zone), items=titles)
        detail = {"item": version.item, "version": version.version, "reach": row.reach, "again_by": row.again_by}
        audit.record(session, viewer=viewer, act=Act.VERSION_DECIDED, now=now, detail=detail)


def decision_on(session: Session, content_hash: str) -> ContentDecision | None:
    """Return the decision that stands about a version, the latest."""
    query = select(ContentDecision).where(ContentDecision.content_hash == content_hash)
    return session.scalars(query.order_by(ContentDecision.recorded_at.desc()).limit(1)).first()


def refuse_if_opened_otherwise(opened: Opened, version: NewVersion, standing: ContentDecision | None) -> None:
    """Refuse whoever had another version open, or did not see the decision that stands."""
    if opened.content_hash != version.content_hash or opened.decision_id != (standing.id if standing else None):
        raise DecidedMeanwhile


def row_of(choice: Choice, version: NewVersion, *, viewer: Viewer, now: datetime) -> ContentDecision:
    """Return the row of a decision that is made today.

    Raises:
        RequirementRefused: when its day is missing, or gives nobody time.
    """
    today = day_in(now, viewer.time_zone)
    chosen = check_choice(choice, starts_on=today, today=today)
    return ContentDecision(
        organisation_id=viewer.organisation_id,
        item=version.item,
        content_hash=version.content_hash,
        reach=chosen.reach,
        starts_on=today,
        again_by=chosen.again_by,
        decided_by=viewer.person_id,
        recorded_at=now,
    )


def titles_touched(session: Session, version: NewVersion, *, catalog: Catalog) -> dict[str, str]:
    """Return the titles of the item and of those that replace it, for which its passes count too."""
    return {item: catalog.title(item) for item in sorted(with_replacing(session, [version.item]))}


def impacts_of(
    session: Session,
    rows: Mapping[Reach, ContentDecision],
    *,
    titles: Mapping[str, str],
    viewer: Viewer,
    now: datetime,
) -> dict[Reach, Impact]:
    """Compare what is decided now with what would be by each row, of which none is written yet."""
    today = day_in(now, viewer.time_zone)
    before = facts.read_house(session)
    asked = {}
    for reach, row in rows.items():
        changes = facts.read_changes(session, time_zone=viewer.time_zone, known_at=None, also=row)
        asked[reach] = Comparison(
            before=before,
            after=replace(before, changes=tuple(changes)),
            items=list(titles),
            day=today,
            message_days=[today] if reach is Reach.EVERYONE_AGAIN else (),
        )
    return work_out_impacts(session, asked=asked, titles=titles)
