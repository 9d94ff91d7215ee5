"""What the city owes by when, its pauses, who owed it before, and days on which it is closed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from mvote.db import VotesBase


class DueRow(VotesBase):
    """``due_at`` is worked out once and never made earlier.

    ``id`` stands in a column that bears the name it had when dues were of polls only; of those
    times ``cause`` and ``department`` may be null: the cause is then the id.  ``told_at``,
    ``head_at`` and ``mayor_at`` are when it was told how far it had gone past its date.
    ``owner`` says whether the department that owes it can still hand it on.
    """

    __tablename__ = "record_dues"
    __table_args__ = (UniqueConstraint("cause", "kind"),)

    id: Mapped[str] = mapped_column("poll", String(16), primary_key=True)
    record: Mapped[str] = mapped_column(ForeignKey("records.id"), index=True)
    cause: Mapped[str | None] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16), server_default="answer")
    department: Mapped[str | None] = mapped_column(String(64), index=True)
    owner: Mapped[str] = mapped_column(String(8), server_default="first")
    within: Mapped[str | None] = mapped_column(String(32))
    due_at: Mapped[datetime] = mapped_column(index=True)
    set_at: Mapped[datetime]
    met_at: Mapped[datetime | None]
    lifted_at: Mapped[datetime | None]
    why: Mapped[str | None] = mapped_column(Text)
    told_at: Mapped[datetime | None]
    head_at: Mapped[datetime | None]
    mayor_at: Mapped[datetime | None]

    @validates("due_at")
    def _never_earlier(self, key: str, value: datetime) -> datetime:
        before = getattr(self, key, None)
        if before is not None and value < before:
            raise ValueError("what is due is never made due earlier")
        return value


class DuePauseRow(VotesBase):
    """Written once.  ``reason`` is JSON; ``due_before`` and ``due_after`` are what it moved."""

    __tablename__ = "due_pauses"
    __table_args__ = (CheckConstraint("due_after >= due_before", name="never_earlier"),)

    due: Mapped[str] = mapped_column(ForeignKey("record_dues.poll"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    began_at: Mapped[datetime]
    until: Mapped[date]
    days: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(64))
    due_before: Mapped[datetime]
    due_after: Mapped[datetime]


class DueMoveRow(VotesBase):
    """Written once: ``by`` said “not mine” and named another, or settled whose it is."""

    __tablename__ = "due_moves"

    due: Mapped[str] = mapped_column(ForeignKey("record_dues.poll"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    how: Mapped[str] = mapped_column(String(8))
    by: Mapped[str] = mapped_column(String(64))
    named: Mapped[str] = mapped_column(String(64))
    owner: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)


class ClosureRow(VotesBase):
    """Days from ``first`` to ``last`` on which the city does not work, by its own decision."""

    __tablename__ = "closures"
    __table_args__ = (CheckConstraint("first <= last", name="forward"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    first: Mapped[date] = mapped_column(index=True)
    last: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(64))
    entered_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_why: Mapped[str | None] = mapped_column(Text)
