"""Scopes, and of every holder the last act: no time, no number of arrival.

On SQLite a row lies where its key says (``WITHOUT ROWID``); ``service.ordering`` writes the
rows anew, so that their place on the disk tells no order of arrival either.
"""

from datetime import datetime

from sqlalchemy import BigInteger, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mvote.db import NO_ROWID, VotesBase


class ScopeRow(VotesBase):
    """``definition`` is JSON (core/scope.py), ``sh`` its hash, ``issuers`` a JSON list of keys."""

    __tablename__ = "scopes"
    __table_args__ = NO_ROWID

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    state: Mapped[str] = mapped_column(String(8))
    definition: Mapped[str] = mapped_column(Text)
    sh: Mapped[str] = mapped_column(String(64))
    closes: Mapped[datetime] = mapped_column(index=True)
    issuers: Mapped[str] = mapped_column(Text)


class HolderRow(VotesBase):
    """The last act of one holder: ``digest`` is the SHA-256 of its canonical bytes."""

    __tablename__ = "scope_holders"
    __table_args__ = NO_ROWID

    scope: Mapped[str] = mapped_column(String(16), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))


class OrderedRow(VotesBase):
    """Rows by holder of one table and scope were last written anew ``at`` a time.

    ``acts`` is the sum of ``seq`` over the scope's holders by then: it grows with every act.
    """

    __tablename__ = "scope_orders"
    __table_args__ = NO_ROWID

    of: Mapped[str] = mapped_column(String(40), primary_key=True)
    scope: Mapped[str] = mapped_column(String(16), primary_key=True)
    acts: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
