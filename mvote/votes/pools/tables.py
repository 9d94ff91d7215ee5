"""Pools, their statements, who voted how under which pseudonym, and contests of results.

No row about a citizen's act holds a time or a running number; ``number`` of a statement is
given when the pool is frozen, but for those of officials.
"""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from mvote.db import NO_ROWID, VotesBase


class PoolRow(VotesBase):
    """``title`` and ``intro`` are JSON.  ``result`` is canonical JSON, ``digest`` its SHA-256.

    ``source`` is empty, or says in JSON from where the pool was imported.
    """

    __tablename__ = "pools"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    record: Mapped[str] = mapped_column(String(16), index=True)
    department: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(Text)
    intro: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(8), index=True)
    opened_at: Mapped[datetime]
    closes: Mapped[datetime] = mapped_column(index=True)
    votes_public: Mapped[bool]
    source: Mapped[str] = mapped_column(Text)
    frozen_at: Mapped[datetime | None]
    result: Mapped[str | None] = mapped_column(Text)
    digest: Mapped[str | None] = mapped_column(String(64))


class PoolStatementRow(VotesBase):
    """``words`` is JSON where officials wrote it; what citizens wrote lies with moderation.

    ``same`` is the SHA-256 of the text without what does not matter, so that nobody adds one
    twice.  ``holder`` and ``seq`` are those of the act, empty and 0 where there was none.
    """

    __tablename__ = "pool_statements"
    __table_args__ = (UniqueConstraint("pool", "same"), NO_ROWID)

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    pool: Mapped[str] = mapped_column(String(16), index=True)
    number: Mapped[int | None] = mapped_column(Integer)
    words: Mapped[str] = mapped_column(Text)
    same: Mapped[str] = mapped_column(String(64))
    holder: Mapped[str] = mapped_column(String(64))
    seq: Mapped[int] = mapped_column(BigInteger)


class PoolVoteRow(VotesBase):
    """The last vote of a holder on a statement: 1 agree, 0 pass, -1 disagree."""

    __tablename__ = "pool_votes"
    __table_args__ = (CheckConstraint("vote BETWEEN -1 AND 1", name="vote_known"), NO_ROWID)

    pool: Mapped[str] = mapped_column(String(16), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64), primary_key=True)
    statement: Mapped[str] = mapped_column(String(16), primary_key=True)
    vote: Mapped[int] = mapped_column(Integer)


class PoolContestRow(VotesBase):
    """A participant contests the place of a statement; the text lies with moderation.

    ``answer`` is JSON, empty until the department has answered.
    """

    __tablename__ = "pool_contests"
    __table_args__ = (UniqueConstraint("pool", "holder", "statement"), NO_ROWID)

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    pool: Mapped[str] = mapped_column(String(16), index=True)
    statement: Mapped[str] = mapped_column(String(16))
    holder: Mapped[str] = mapped_column(String(64))
    seq: Mapped[int] = mapped_column(BigInteger)
    answer: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime | None]
