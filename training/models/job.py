"""Work that runs without a click: who is at it, when it was last alive, and how far it has come."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from training.db import Base


class Job(Base):
    """One kind of work: held by one process at a time, until `held_until` passes without a sign of life."""

    __tablename__ = "job"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    held_by: Mapped[str] = mapped_column(String(120))
    held_until: Mapped[datetime]
    watermark: Mapped[str] = mapped_column(String(120))
    finished_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(Text)
