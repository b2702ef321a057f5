"""Saved mappings for ESR: what the customer said of columns and competences, for all who see to training."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.db import Database
from training.domain.audit import Act
from training.domain.esr import Column, DayForm, Holds, tidy
from training.domain.esr import EsrMapping as Mapped
from training.domain.language import N_, _
from training.models import EsrMapping
from training.services import audit, facts
from training.services.accounts import Viewer
from training.services.organisations import AlreadyThere, NotFound, refuse_unless_all
from training.services.references import refuse_unless_managing
from training.services.staff import titles_asked

NO_SUCH = N_("There is no such mapping.")


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved mapping with its id."""

    id: uuid.UUID
    mapping: Mapped


def list_mappings(database: Database, *, viewer: Viewer) -> tuple[Saved, ...]:
    """Return the organisation's mappings by name.

    Raises:
        NotAllowed: when the viewer sees to nothing here.
    """
    refuse_unless_managing(viewer)
    with database.read(viewer.organisation_id) as session:
        return tuple(saved_of(row) for row in session.scalars(select(EsrMapping).order_by(EsrMapping.name)))


def find_mapping(database: Database, *, viewer: Viewer, mapping_id: uuid.UUID) -> Saved:
    """Return one of the organisation's mappings.

    Raises:
        NotAllowed, NotFound: when the viewer may not see it, or there is none.
    """
    refuse_unless_managing(viewer)
    with database.read(viewer.organisation_id) as session:
        return saved_of(read_mapping(session, mapping_id))


def read_mapping(session: Session, mapping_id: uuid.UUID) -> EsrMapping:
    """Return a mapping of the organisation in scope."""
    row = session.get(EsrMapping, (session.info["scope"], mapping_id))
    if row is None:
        raise NotFound(_(NO_SUCH))
    return row


def saved_of(row: EsrMapping) -> Saved:
    """Return a row as the rules see it."""
    columns = tuple(Column(Holds(each["holds"]), each["heading"], each["text"]) for each in row.columns)
    return Saved(row.id, Mapped(row.name, columns, row.competences, DayForm(row.day_form)))


def stored(mapping: Mapped) -> dict[str, Any]:
    """Return a mapping as the values of its row."""
    columns = [{"holds": str(each.holds), "heading": each.heading, "text": each.text} for each in mapping.columns]
    return {
        "name": mapping.name,
        "columns": columns,
        "competences": dict(mapping.competences),
        "day_form": str(mapping.day_form),
    }


def save_mapping(
    database: Database, *, viewer: Viewer, mapping: Mapped, mapping_id: uuid.UUID | None = None, now: datetime
) -> uuid.UUID:
    """Keep a mapping, in the place of one that is there where its id is given; return its id.

    Raises:
        NotAllowed: unless the viewer manages the whole organisation.
        MappingRefused, AlreadyThere, NotFound: in words, with nothing written.
    """
    refuse_unless_all(viewer)
    kept = tidy(mapping)
    taken = AlreadyThere(_("There is a mapping called %(name)s already.", name=kept.name))
    with database.write(viewer.organisation_id, if_taken=taken) as session:
        same = select(EsrMapping.id).where(
            EsrMapping.name == kept.name, EsrMapping.id != (mapping_id or uuid.UUID(int=0))
        )
        if session.scalar(same):
            raise taken
        row = read_mapping(session, mapping_id) if mapping_id else EsrMapping(organisation_id=viewer.organisation_id)
        for name, value in stored(kept).items():
            setattr(row, name, value)
        row.id, row.recorded_at = mapping_id or uuid.uuid4(), now
        session.add(row)
        detail = {"mapping_id": row.id, "mapping": kept.name, "items": sorted(kept.competences)}
        audit.record(session, viewer=viewer, act=Act.ESR_MAPPING_SAVED, now=now, detail=detail)
        return row.id


def remove_mapping(database: Database, *, viewer: Viewer, mapping_id: uuid.UUID, now: datetime) -> None:
    """Take a mapping away; nothing that was exchanged with it changes.

    Raises:
        NotAllowed, NotFound: in words.
    """
    refuse_unless_all(viewer)
    with database.write(viewer.organisation_id) as session:
        row = read_mapping(session, mapping_id)
        detail = {"mapping_id": mapping_id, "mapping": row.name}
        session.delete(row)
        audit.record(session, viewer=viewer, act=Act.ESR_MAPPING_REMOVED, now=now, detail=detail)


def list_items(database: Database, *, viewer: Viewer, catalog: Catalog) -> dict[str, str]:
    """Return every item that was ever required, by title."""
    with database.read(viewer.organisation_id) as session:
        titles = titles_asked(facts.read_house(session), catalog)
    return dict(sorted(titles.items(), key=lambda one: (one[1], one[0])))
