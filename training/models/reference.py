"""How other systems name what is here: references of sites and people, ASC-WDS categories, saved ESR mappings."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from training.db import Base, TenantOwned


class WorkplaceReference(TenantOwned, Base):
    """The LOCALESTID of a site: what the customer's own workplace file calls it."""

    __tablename__ = "workplace_reference"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "site_id"], ["site.organisation_id", "site.id"]),
        UniqueConstraint("organisation_id", "reference"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(50))
    recorded_at: Mapped[datetime]


class WorkerReference(TenantOwned, Base):
    """The UNIQUEWORKERID of a person whose staff number is not what the customer's own staff file has."""

    __tablename__ = "worker_reference"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "person_id"], ["person.organisation_id", "person.id"]),
        UniqueConstraint("organisation_id", "reference"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(50))
    recorded_at: Mapped[datetime]


class AscWdsItem(TenantOwned, Base):
    """What the ASC-WDS file says of an item, where it is not what is usual: its category, and a name of its own."""

    __tablename__ = "asc_wds_item"
    __table_args__ = (ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),)

    item: Mapped[str] = mapped_column(String(120), primary_key=True)
    category: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    recorded_at: Mapped[datetime]


class AscWdsSetting(TenantOwned, Base):
    """What the ASC-WDS file says in every row, and its layout, where an organisation has chosen."""

    __tablename__ = "asc_wds_setting"
    __table_args__ = (ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),)

    layout: Mapped[str] = mapped_column(String(40))
    accredited: Mapped[str] = mapped_column(String(3))
    delivered_by: Mapped[str] = mapped_column(String(1))
    provider: Mapped[str] = mapped_column(String(20))
    recorded_at: Mapped[datetime]


class EsrMapping(TenantOwned, Base):
    """A saved way of exchanging training with ESR: columns in their order, and which competence stands for which item.

    `columns` is a list of what each holds, its heading and, where all rows say the same, what they say.
    `competences` has the name in ESR by item.
    """

    __tablename__ = "esr_mapping"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        UniqueConstraint("organisation_id", "name"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(String(255))
    columns: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    competences: Mapped[dict[str, str]] = mapped_column(JSON)
    day_form: Mapped[str] = mapped_column(String(20))
    recorded_at: Mapped[datetime]
