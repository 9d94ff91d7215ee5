"""Records and their entries, what moved between records, steps promised, replies of citizens."""

from datetime import date, datetime

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

from mvote.db import NO_ROWID, VotesBase


class RecordRow(VotesBase):
    """``entries`` and ``chain`` are number and digest of the last entry, ``title`` is JSON.

    ``merged_into`` is the record in which what it was about goes on, at the end of all merging.
    """

    __tablename__ = "records"
    __table_args__ = (Index("ix_records_opened", "opened_at", "id"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    department: Mapped[str] = mapped_column(String(64), index=True)
    title: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    entries: Mapped[int] = mapped_column(Integer)
    chain: Mapped[str] = mapped_column(String(64))
    merged_into: Mapped[str | None] = mapped_column(String(16), index=True)


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


class RecordSubjectRow(VotesBase):
    """What was split off: a poll, a promise or else, and the record in which it goes on."""

    __tablename__ = "record_subjects"

    subject: Mapped[str] = mapped_column(String(16), primary_key=True)
    record: Mapped[str] = mapped_column(ForeignKey("records.id"), index=True)


class PromiseStepRow(VotesBase):
    """A step of a promise, as its entries tell of it, to be found by department and day.

    ``record`` is where it goes on now, ``told`` the due day that was told to have passed.
    """

    __tablename__ = "promise_steps"

    promise: Mapped[str] = mapped_column(String(16), primary_key=True)
    step: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    record: Mapped[str] = mapped_column(ForeignKey("records.id"), index=True)
    department: Mapped[str] = mapped_column(String(64), index=True)
    first_due: Mapped[date]
    due: Mapped[date] = mapped_column(index=True)
    done: Mapped[date | None]
    told: Mapped[date | None]


class AnswerReplyRow(VotesBase):
    """What one holder said to an answer: a rating of one version, or that it should be given anew.

    ``scope`` is the record in which the poll was opened.  ``answer`` is the digest of the answer
    that is rated, empty for asking again, which counts for the poll.  ``item`` names the text
    under moderation, empty where none was written.
    """

    __tablename__ = "answer_replies"

    scope: Mapped[str] = mapped_column(String(16), primary_key=True)
    poll: Mapped[str] = mapped_column(String(16), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    answer: Mapped[str] = mapped_column(String(64), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64), primary_key=True)
    stars: Mapped[int] = mapped_column(Integer)
    item: Mapped[str] = mapped_column(String(16))

    __table_args__ = NO_ROWID
