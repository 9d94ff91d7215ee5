"""The inbox and the board.

No row has a number that counts arrivals and none has a time, so that neither says who
voted when.  On SQLite a row lies where its key says (``WITHOUT ROWID``): a rowid would be
such a number.
"""

from datetime import datetime

from sqlalchemy import BigInteger, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mvote.db import NO_ROWID, VotesBase

LEAF_BYTES = 32


class InboxRow(VotesBase):
    """A ballot that has its receipt and waits for a batch.  ``body`` is its JCS text."""

    __tablename__ = "ballot_inbox"

    poll: Mapped[str] = mapped_column(String(16), primary_key=True)
    leaf: Mapped[bytes] = mapped_column(LargeBinary(LEAF_BYTES), primary_key=True)
    voter_key: Mapped[bytes] = mapped_column(LargeBinary(LEAF_BYTES))
    seq: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("poll", "voter_key", "seq", name="uq_ballot_inbox_voter"),
        NO_ROWID,
    )


class EntryRow(VotesBase):
    """An entry of a board.  ``voter_key`` and ``seq`` stand at ballots only."""

    __tablename__ = "board_entries"

    poll: Mapped[str] = mapped_column(String(16), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(16))
    leaf: Mapped[bytes] = mapped_column(LargeBinary(LEAF_BYTES))
    voter_key: Mapped[bytes | None] = mapped_column(LargeBinary(LEAF_BYTES))
    seq: Mapped[int | None] = mapped_column(BigInteger)
    body: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("poll", "leaf", name="uq_board_entries_leaf"),
        UniqueConstraint("poll", "voter_key", "seq", name="uq_board_entries_voter"),
        NO_ROWID,
    )


class TreeRow(VotesBase):
    """How far a board had grown: after entry 0, after each batch and after each note.

    ``size`` counts entries, ``voters`` those who have a ballot among them; ``at`` is the
    time of the batch, which is nobody's time of voting.
    """

    __tablename__ = "board_trees"

    poll: Mapped[str] = mapped_column(String(16), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    voters: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]

    __table_args__ = NO_ROWID
