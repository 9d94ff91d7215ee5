"""Who follows which topics, and what is still to be sent.

Neither holds when anybody came: ``asked_on`` is a day, and a sent message leaves nothing.
"""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mvote.db import NO_ROWID, VotesBase


class FollowerRow(VotesBase):
    """``target`` is an e-mail address, a URL, or a push subscription as JSON; ``target_key`` its
    SHA-256.

    ``token`` is the secret in the address by which a follower leaves, or a webhook's secret.
    ``topics`` are JSON; ``wanted`` are those that wait to be confirmed, None where none do.
    ``failures`` counts messages that were given up since the last that was taken.
    """

    __tablename__ = "followers"
    __table_args__ = (UniqueConstraint("channel", "target_key"), NO_ROWID)

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    channel: Mapped[str] = mapped_column(String(8))
    target: Mapped[str] = mapped_column(Text)
    target_key: Mapped[str] = mapped_column(String(64))
    token: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(2))
    topics: Mapped[str] = mapped_column(Text)
    wanted: Mapped[str | None] = mapped_column(Text)
    asked_on: Mapped[date] = mapped_column(Date, index=True)
    asks: Mapped[int] = mapped_column(Integer)
    failures: Mapped[int] = mapped_column(Integer)


class DeliveryRow(VotesBase):
    """A message on its way; ``news`` is JSON, empty where an address is asked to confirm."""

    __tablename__ = "deliveries"
    __table_args__ = (NO_ROWID,)

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    follower: Mapped[str] = mapped_column(
        ForeignKey("followers.id", ondelete="CASCADE"), index=True
    )
    news: Mapped[str] = mapped_column(Text)
    tries: Mapped[int] = mapped_column(Integer)
    next_at: Mapped[datetime] = mapped_column(index=True)
