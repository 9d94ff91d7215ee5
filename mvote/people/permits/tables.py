"""What the people wing knows of a poll, and who took a permit.

An issued row holds no account, no time but the day, and no running number.
"""

from datetime import date, datetime

from sqlalchemy import Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mvote.db import NO_ROWID, PeopleBase

HASH = LargeBinary(32)


class PollRow(PeopleBase):
    """``approved`` is the definition to which ``said``, this wing's issuer document, belongs.

    ``level``, ``audience``, ``closes`` and ``dispute_days`` are taken from it, because every
    permit asks for them.  ``ph`` is there once the poll is frozen, ``pepper`` until erasure.
    """

    __tablename__ = "polls"
    __table_args__ = NO_ROWID

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    approved: Mapped[str] = mapped_column(Text)
    said: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(String(16))
    audience: Mapped[str] = mapped_column(Text)
    opens: Mapped[datetime | None]
    closes: Mapped[datetime]
    dispute_days: Mapped[int] = mapped_column(Integer)
    kid: Mapped[str] = mapped_column(String(64))
    pepper: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    ph: Mapped[str | None] = mapped_column(String(64))
    erase_at: Mapped[datetime | None] = mapped_column(index=True)
    issued: Mapped[int | None] = mapped_column(Integer)
    issued_sha256: Mapped[str | None] = mapped_column(String(64))


class IssuedRow(PeopleBase):
    """One permit: ``voter_ref`` is core/secrecy/permit.py's, ``permit`` its SHA-256."""

    __tablename__ = "issued"
    __table_args__ = NO_ROWID

    poll: Mapped[str] = mapped_column(String(16), primary_key=True)
    voter_ref: Mapped[bytes] = mapped_column(HASH, primary_key=True)
    permit: Mapped[bytes] = mapped_column(HASH)
    day: Mapped[date]


class IssuedDayRow(PeopleBase):
    """How many permits were issued on a day; kept when the rows are erased."""

    __tablename__ = "issued_days"
    __table_args__ = NO_ROWID

    poll: Mapped[str] = mapped_column(String(16), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    issued: Mapped[int] = mapped_column(Integer)
