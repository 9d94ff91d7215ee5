"""What citizens wrote as moderators see it, who reported it, what was decided.

No row about a citizen's act holds a time of day or a running number.
"""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, Index, Integer, String, Text, event, false
from sqlalchemy.orm import Mapped, mapped_column

from mvote.db import NO_ROWID, VotesBase

STATES = "'published', 'waiting', 'hidden', 'removed', 'withdrawn'"


class ModeratedRow(VotesBase):
    """``text`` and ``salt`` are empty once it is withdrawn or removed.

    ``author`` is the pseudonym within ``scope``; ``reports`` counts those since it was last
    read by a moderator; ``kept``: one decided that it stays; ``final``: that was on appeal;
    ``bound``: the city owes an answer to it.  ``hidden_by`` is the account of who hid it.
    """

    __tablename__ = "moderated_texts"
    __table_args__ = (
        CheckConstraint(f"state IN ({STATES})", name="state_known"),
        Index("ix_moderated_texts_queue", "department", "state", "id"),
        Index("ix_moderated_texts_appeals", "due", "appeal_state"),
        NO_ROWID,
    )

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    record: Mapped[str] = mapped_column(String(16))
    scope: Mapped[str] = mapped_column(String(16))
    author: Mapped[str] = mapped_column(String(64))
    department: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    since: Mapped[date] = mapped_column(Date)
    text: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64))
    seen: Mapped[bool] = mapped_column(Boolean, server_default=false())
    reports: Mapped[int] = mapped_column(Integer)
    kept: Mapped[bool] = mapped_column(Boolean, server_default=false())
    final: Mapped[bool] = mapped_column(Boolean, server_default=false())
    bound: Mapped[bool] = mapped_column(Boolean, server_default=false())
    hidden_by: Mapped[str] = mapped_column(String(64))
    appeal_state: Mapped[str] = mapped_column(String(16))
    appeal: Mapped[str] = mapped_column(Text)
    due: Mapped[date | None] = mapped_column(Date)
    told: Mapped[bool] = mapped_column(Boolean, server_default=false())


class ReportRow(VotesBase):
    """One citizen reports one text once; ``categories`` is JSON."""

    __tablename__ = "text_reports"
    __table_args__ = (NO_ROWID,)

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    item: Mapped[str] = mapped_column(String(64), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64), primary_key=True)
    scope: Mapped[str] = mapped_column(String(16))
    categories: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)


class DecisionRow(VotesBase):
    """Kept for ever and never changed; the official's account is not among what is public."""

    __tablename__ = "moderation_decisions"
    __table_args__ = (Index("ix_moderation_decisions_item", "kind", "item"),)

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(16))
    item: Mapped[str] = mapped_column(String(64))
    record: Mapped[str] = mapped_column(String(16))
    department: Mapped[str] = mapped_column(String(64), index=True)
    decision: Mapped[str] = mapped_column(String(16))
    category: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    by: Mapped[str] = mapped_column(String(64))


@event.listens_for(DecisionRow, "before_update")
@event.listens_for(DecisionRow, "before_delete")
def _refuse(_mapper: object, _connection: object, row: DecisionRow) -> None:
    raise RuntimeError(f"decision {row.number} is never changed")
