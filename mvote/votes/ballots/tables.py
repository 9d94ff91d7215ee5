"""The inbox, the board, the texts beside ballots, and complaints about the board.

No row of a ballot has a number that counts arrivals or a time, so that neither says who
voted when.  On SQLite a row lies where its key says (``WITHOUT ROWID``): a rowid would be
such a number.
"""

from datetime import datetime

from sqlalchemy import BigInteger, Integer, LargeBinary, String, Text, UniqueConstraint
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


class TextInboxRow(VotesBase):
    """A text beside a ballot that waits for a batch; of a voter's texts the highest seq stays."""

    __tablename__ = "text_inbox"

    poll: Mapped[str] = mapped_column(String(16), primary_key=True)
    voter_key: Mapped[bytes] = mapped_column(LargeBinary(LEAF_BYTES), primary_key=True)
    question: Mapped[str] = mapped_column(String(64), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    text: Mapped[str] = mapped_column(Text)

    __table_args__ = NO_ROWID


class TextRow(VotesBase):
    """A text beside the last ballot of its voter on the board, until the poll is over.

    Written in the order of the voter keys, which tells no order of arrival.
    """

    __tablename__ = "ballot_texts"

    poll: Mapped[str] = mapped_column(String(16), primary_key=True)
    voter_key: Mapped[bytes] = mapped_column(LargeBinary(LEAF_BYTES), primary_key=True)
    question: Mapped[str] = mapped_column(String(64), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    text: Mapped[str] = mapped_column(Text)

    __table_args__ = NO_ROWID


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


class TileRow(VotesBase):
    """A tile of a board's Merkle tree: up to 256 hashes of 32 bytes, left to right.

    ``level`` and ``number`` are those of C2SP tlog-tiles: level 0 holds leaf hashes, each
    hash above is the root of a full tile below.
    """

    __tablename__ = "board_tiles"

    poll: Mapped[str] = mapped_column(String(16), primary_key=True)
    level: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    data: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = NO_ROWID


class TreeRow(VotesBase):
    """How far a board had grown: after entry 0, after each batch, after each note, at its end.

    ``size`` counts entries, ``voters`` those who have a ballot among them; ``at`` is the
    time of the last batch, or of entry 0 before it, which is nobody's time of voting.
    """

    __tablename__ = "board_trees"

    poll: Mapped[str] = mapped_column(String(16), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary(LEAF_BYTES))
    voters: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    checkpoint: Mapped[str] = mapped_column(Text)

    __table_args__ = NO_ROWID


class ComplaintRow(VotesBase):
    """A receipt that the board did not keep.  ``body`` is the signed complaint, JCS text.

    The ballot itself is never kept here, only whether one came with it and was good.
    """

    __tablename__ = "complaints"

    number: Mapped[str] = mapped_column(String(16), primary_key=True)
    poll: Mapped[str] = mapped_column(String(16), index=True)
    leaf: Mapped[bytes] = mapped_column(LargeBinary(LEAF_BYTES))
    filed_at: Mapped[datetime]
    due_at: Mapped[datetime]
    body: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime | None]
    upheld: Mapped[bool | None]
    answer_ko: Mapped[str | None] = mapped_column(Text)
    answer_en: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("poll", "leaf", name="uq_complaints_receipt"),)
