"""Officials, their passkeys, the links by which they enrol, and challenges that were used."""

from datetime import date, datetime

from sqlalchemy import BigInteger, LargeBinary, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from mvote.db import NO_ROWID, PeopleBase

MAC = LargeBinary(32)


class OfficialRow(PeopleBase):
    """``password`` is an Argon2id hash, or empty; ``duties`` are parted by blanks.

    ``oidc_mac`` stands for the subject at the provider of the city's staff.
    """

    __tablename__ = "officials"
    __table_args__ = NO_ROWID

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    password: Mapped[str] = mapped_column(Text)
    department: Mapped[str] = mapped_column(String(64))
    duties: Mapped[str] = mapped_column(String(200))
    disabled: Mapped[bool] = mapped_column(server_default=false())
    oidc_mac: Mapped[bytes | None] = mapped_column(MAC, unique=True)


class PasskeyRow(PeopleBase):
    """What verifies an authenticator.

    ``credential`` is its id, ``public_key`` a COSE key, ``sign_count`` how often it says it
    has signed (always 0 for those that are kept in a cloud).
    """

    __tablename__ = "passkeys"
    __table_args__ = NO_ROWID

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    official: Mapped[str] = mapped_column(String(16), index=True)
    credential: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(4096))
    sign_count: Mapped[int] = mapped_column(BigInteger)
    label: Mapped[str] = mapped_column(String(80))
    added: Mapped[date]
    used: Mapped[date | None]


class EnrolmentRow(PeopleBase):
    """The link of an official that has not been used; a new one takes the place of the last."""

    __tablename__ = "enrolments"
    __table_args__ = NO_ROWID

    official: Mapped[str] = mapped_column(String(16), primary_key=True)
    mac: Mapped[bytes] = mapped_column(MAC, unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SpentChallengeRow(PeopleBase):
    """A challenge that was answered; it is kept until it would not be taken anyway."""

    __tablename__ = "spent_challenges"
    __table_args__ = NO_ROWID

    mac: Mapped[bytes] = mapped_column(MAC, primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
