"""Accounts, phone checks, sign-ins, registers, lists, officials and limits.

Numbers stand here only as keyed digests.  No row has a running number or a time of
creation, and on SQLite none has a rowid, so that the order of the rows tells nothing.
"""

from datetime import datetime

from sqlalchemy import Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mvote.db import NO_ROWID, PeopleBase

MAC = LargeBinary(32)


class AccountRow(PeopleBase):
    """A citizen.  ``id`` is random and stands in identity tokens."""

    __tablename__ = "accounts"
    __table_args__ = NO_ROWID

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    number_mac: Mapped[bytes] = mapped_column(MAC, unique=True)


class PhoneCheckRow(PeopleBase):
    """A code on its way.  ``tries`` counts every code that was entered, also the right one."""

    __tablename__ = "phone_checks"
    __table_args__ = NO_ROWID

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    number_mac: Mapped[bytes] = mapped_column(MAC)
    code_mac: Mapped[bytes] = mapped_column(MAC)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(Integer)
    used: Mapped[bool]


class FamilyRow(PeopleBase):
    """A sign-in that has not ended; without its row every token of it is void."""

    __tablename__ = "families"
    __table_args__ = NO_ROWID

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    account: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(16))
    proof: Mapped[str] = mapped_column(String(16))
    turn: Mapped[int] = mapped_column(Integer)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class LimitRow(PeopleBase):
    """``uses`` since ``started_at``."""

    __tablename__ = "limits"
    __table_args__ = NO_ROWID

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    key: Mapped[bytes] = mapped_column(MAC, primary_key=True)
    uses: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[datetime] = mapped_column(index=True)


class RegisterRow(PeopleBase):
    """What the city's register says of a number; ``birth_band`` is the first year of five."""

    __tablename__ = "register"
    __table_args__ = NO_ROWID

    number_mac: Mapped[bytes] = mapped_column(MAC, primary_key=True)
    district: Mapped[str | None] = mapped_column(String(64))
    birth_band: Mapped[int | None] = mapped_column(Integer)
    gender: Mapped[str | None] = mapped_column(String(1))


class ListedRow(PeopleBase):
    """A number on a list."""

    __tablename__ = "listed"
    __table_args__ = NO_ROWID

    list: Mapped[str] = mapped_column(String(64), primary_key=True)
    number_mac: Mapped[bytes] = mapped_column(MAC, primary_key=True)


class OfficialRow(PeopleBase):
    """``password`` is an Argon2id hash, ``duties`` are parted by blanks."""

    __tablename__ = "officials"
    __table_args__ = NO_ROWID

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    password: Mapped[str] = mapped_column(Text)
    department: Mapped[str] = mapped_column(String(64))
    duties: Mapped[str] = mapped_column(String(200))
