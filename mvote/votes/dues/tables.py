"""What the city owes by when."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from mvote.db import VotesBase


class DueRow(VotesBase):
    """``due_at`` is worked out once and never made earlier.

    ``id`` stands in a column that bears the name it had when dues were of polls only; of those
    times ``cause`` and ``department`` may be null: the cause is then the id.  ``told_at``,
    ``head_at`` and ``mayor_at`` are when it was told how far it had gone past its date.
    ``moves`` counts how often it went to another department; ``settled`` is 1 from when no
    department can hand it on.
    """

    __tablename__ = "record_dues"
    __table_args__ = (UniqueConstraint("cause", "kind"),)

    id: Mapped[str] = mapped_column("poll", String(16), primary_key=True)
    record: Mapped[str] = mapped_column(ForeignKey("records.id"), index=True)
    cause: Mapped[str | None] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16), server_default="answer")
    department: Mapped[str | None] = mapped_column(String(64), index=True)
    within: Mapped[str | None] = mapped_column(String(32))
    due_at: Mapped[datetime] = mapped_column(index=True)
    set_at: Mapped[datetime]
    met_at: Mapped[datetime | None]
    lifted_at: Mapped[datetime | None]
    why: Mapped[str | None] = mapped_column(Text)
    told_at: Mapped[datetime | None]
    head_at: Mapped[datetime | None]
    mayor_at: Mapped[datetime | None]
    moves: Mapped[int] = mapped_column(Integer, server_default="0")
    settled: Mapped[int] = mapped_column(Integer, server_default="0")

    @validates("due_at")
    def _never_earlier(self, key: str, value: datetime) -> datetime:
        before = getattr(self, key, None)
        if before is not None and value < before:
            raise ValueError("what is due is never made due earlier")
        return value
