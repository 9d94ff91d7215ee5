"""Records and their entries."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import Mapped, mapped_column

from mvote.db import VotesBase


class RecordRow(VotesBase):
    """``entries`` and ``chain`` are number and digest of the last entry, ``title`` is JSON."""

    __tablename__ = "records"
    __table_args__ = (Index("ix_records_opened", "opened_at", "id"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    department: Mapped[str] = mapped_column(String(64), index=True)
    title: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    entries: Mapped[int] = mapped_column(Integer)
    chain: Mapped[str] = mapped_column(String(64))


class RecordEntryRow(VotesBase):
    """Written once, never changed.  ``poll`` is empty where the entry is about none.

    The unique constraint and the check let a poll and its result enter once,
    whoever runs the job and however often.
    """

    __tablename__ = "record_entries"
    __table_args__ = (
        UniqueConstraint("record", "kind", "poll", "version"),
        CheckConstraint(
            "kind NOT IN ('poll', 'result', 'cancelled') OR version = 1", name="enters_once"
        ),
        CheckConstraint("number >= 1 AND version >= 1", name="counted"),
    )

    record: Mapped[str] = mapped_column(ForeignKey("records.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20))
    poll: Mapped[str] = mapped_column(String(16), index=True)
    version: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


@event.listens_for(RecordEntryRow, "before_update")
@event.listens_for(RecordEntryRow, "before_delete")
def _refuse(_mapper: object, _connection: object, row: RecordEntryRow) -> None:
    raise RuntimeError(f"entry {row.number} of record {row.record} is never changed")
