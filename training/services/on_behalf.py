"""Acting for somebody who is not here: what they may see now, whatever they might when they asked."""

import uuid

from sqlalchemy import select

from training.db import Database
from training.domain.permission import PermissionKind
from training.models import Organisation, Permission, Person
from training.services.accounts import Viewer
from training.services.organisations import NotAllowed

NO_MORE = "Whoever asked for this may not see the team any more."


def viewer_for(database: Database, *, organisation_id: int, person_id: uuid.UUID) -> Viewer:
    """Return somebody as a viewer with the reach they have now.

    Raises:
        NotAllowed: when they may see nobody but themselves, or are gone.
    """
    with database.read(organisation_id) as session:
        person = session.get(Person, (organisation_id, person_id))
        organisation = session.get_one(Organisation, organisation_id)
        held = session.execute(
            select(Permission.site_id, Permission.kind).where(Permission.person_id == person_id)
        ).all()
    if person is None or person.account_id is None or not held:
        raise NotAllowed(NO_MORE)
    sites = {row.site_id for row in held}
    return Viewer(
        organisation_id=organisation_id,
        organisation_name=organisation.name,
        organisation_slug=organisation.slug,
        time_zone=organisation.time_zone,
        account_id=person.account_id,
        person_id=person_id,
        name=person.name,
        manages_all=None in sites,
        reads_only=any(row.kind == PermissionKind.AUDITOR for row in held),
        site_ids=frozenset(sites - {None}),
    )
