"""The opinion pool.  A row's id is random and tells neither its ballot nor who came first."""

from sqlalchemy import Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mvote.db import NO_ROWID, VotesBase


class OpinionRow(VotesBase):
    """``reason`` is JSON: why a moderator hid it."""

    __tablename__ = "opinions"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    poll: Mapped[str] = mapped_column(String(16))
    question: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (Index("ix_opinions_poll_state_id", "poll", "state", "id"), NO_ROWID)


class SharedReasonRow(VotesBase):
    """How many voters of one option gave one reason, where they are many enough to tell.

    ``digest`` is SHA-256 over the plain form of the reason, ``text``.
    """

    __tablename__ = "shared_reasons"

    poll: Mapped[str] = mapped_column(String(16), primary_key=True)
    question: Mapped[str] = mapped_column(String(64), primary_key=True)
    option: Mapped[str] = mapped_column(String(64), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    voters: Mapped[int] = mapped_column(Integer)

    __table_args__ = NO_ROWID
