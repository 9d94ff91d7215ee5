"""The register and the lists: numbers stand here only as keyed digests, without an order."""

from datetime import datetime

from sqlalchemy import Index, Integer, LargeBinary, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from mvote.db import NO_ROWID, PeopleBase

MAC = LargeBinary(32)


class RegisterRow(PeopleBase):
    """What the city's register says of a person; ``birth_band`` is the first year of five.

    ``entry`` is the roll entry: the keyed digest of the city's own id of the person, and of
    the number where the city has none.
    """

    __tablename__ = "register"
    __table_args__ = NO_ROWID

    entry: Mapped[bytes] = mapped_column(MAC, primary_key=True)
    number_mac: Mapped[bytes | None] = mapped_column(MAC, unique=True)
    district: Mapped[str | None] = mapped_column(String(64))
    birth_band: Mapped[int | None] = mapped_column(Integer)
    gender: Mapped[str | None] = mapped_column(String(1))


class ListedEntryRow(PeopleBase):
    """A roll entry on a list: of the register, or one that a printed code made."""

    __tablename__ = "listed_entries"
    __table_args__ = NO_ROWID

    list: Mapped[str] = mapped_column(String(64), primary_key=True)
    entry: Mapped[bytes] = mapped_column(MAC, primary_key=True)


class ListedRow(PeopleBase):
    """A number on a list."""

    __tablename__ = "listed"
    __table_args__ = NO_ROWID

    list: Mapped[str] = mapped_column(String(64), primary_key=True)
    number_mac: Mapped[bytes] = mapped_column(MAC, primary_key=True)


class RoomRow(PeopleBase):
    """A private room; ``password`` is an Argon2id hash.  Nothing is kept of who enters."""

    __tablename__ = "rooms"
    __table_args__ = NO_ROWID

    number: Mapped[str] = mapped_column(String(8), primary_key=True)
    name_ko: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    department: Mapped[str] = mapped_column(String(64), index=True)
    password: Mapped[str] = mapped_column(Text)
    closed: Mapped[bool]


class AudienceCountRow(PeopleBase):
    """How many an audience was said to hold; ``digest`` names it and its ``roll_key``.

    ``counted`` is how many there were when it was drawn, ``told`` what is said (None: few)
    and was looked at ``told_at``; ``slack`` by how many people that has to differ before
    something else is said.  ``like`` names the audience whose number it shares.
    """

    __tablename__ = "audience_counts"
    __table_args__ = NO_ROWID

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    audience: Mapped[str] = mapped_column(Text)
    roll_key: Mapped[str] = mapped_column(String(8))
    counted: Mapped[int] = mapped_column(Integer)
    told: Mapped[int | None] = mapped_column(Integer)
    slack: Mapped[int] = mapped_column(Integer)
    like: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    told_at: Mapped[datetime] = mapped_column(index=True)


class CodeBatchRow(PeopleBase):
    """Printed codes made together; those of a batch that is not ``bound`` are entries of their own.

    Such entries stand on the list of the same name.
    """

    __tablename__ = "code_batches"
    __table_args__ = NO_ROWID

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    bound: Mapped[bool]


class PrintedCodeRow(PeopleBase):
    """A code as a keyed digest; ``state`` is new, used or revoked, and a used one stays used.

    ``doubted``: it was revoked after its use, which polls may count apart.
    """

    __tablename__ = "printed_codes"
    __table_args__ = (
        UniqueConstraint("batch", "serial"),
        Index("ix_printed_codes_batch_state", "batch", "state"),
        NO_ROWID,
    )

    mac: Mapped[bytes] = mapped_column(MAC, primary_key=True)
    batch: Mapped[str] = mapped_column(String(64))
    serial: Mapped[int] = mapped_column(Integer)
    entry: Mapped[bytes] = mapped_column(MAC)
    state: Mapped[str] = mapped_column(String(8))
    doubted: Mapped[bool] = mapped_column(default=False, server_default=false())


class DeskRequestRow(PeopleBase):
    """A phone that waits for an official at a counter; ``entry`` is there once one confirmed it.

    ``account`` is that of the phone where it was signed in, and by what ``proof`` at most.
    """

    __tablename__ = "desk_requests"
    __table_args__ = NO_ROWID

    number: Mapped[str] = mapped_column(String(8), primary_key=True)
    secret_mac: Mapped[bytes] = mapped_column(MAC)
    account: Mapped[str | None] = mapped_column(String(16))
    proof: Mapped[str | None] = mapped_column(String(16))
    entry: Mapped[bytes | None] = mapped_column(MAC)
    expires_at: Mapped[datetime] = mapped_column(index=True)
