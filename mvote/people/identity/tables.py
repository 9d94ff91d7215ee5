"""Accounts, phone checks, sign-ins and limits.

Numbers stand here only as keyed digests.  No row has a running number or a time of
creation, and on SQLite none has a rowid, so that the order of the rows tells nothing.
"""

from datetime import date, datetime

from sqlalchemy import Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from mvote.db import NO_ROWID, PeopleBase

MAC = LargeBinary(32)


class AccountRow(PeopleBase):
    """A citizen.  ``id`` is random and stands in identity tokens; the others are roll keys.

    ``entry_proof`` says how the entry of the roll was proved: ``code`` or ``desk``.  ``seen``
    is the first day of the month of the last sign-in, by which unused accounts are found.
    """

    __tablename__ = "accounts"
    __table_args__ = NO_ROWID

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    number_mac: Mapped[bytes | None] = mapped_column(MAC, unique=True)
    oidc_mac: Mapped[bytes | None] = mapped_column(MAC, unique=True)
    entry_mac: Mapped[bytes | None] = mapped_column(MAC, unique=True)
    entry_proof: Mapped[str | None] = mapped_column(String(16))
    seen: Mapped[date | None] = mapped_column(index=True)


class ConsentRow(PeopleBase):
    """What a citizen agreed to; ``digest`` is that of the text that was read."""

    __tablename__ = "consents"
    __table_args__ = NO_ROWID

    account: Mapped[str] = mapped_column(String(16), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(32), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    given: Mapped[date]
    withdrawn: Mapped[date | None]


class DeclaredRow(PeopleBase):
    """What a citizen says of herself or himself; ``birth_band`` is the first year of five."""

    __tablename__ = "declared"
    __table_args__ = NO_ROWID

    account: Mapped[str] = mapped_column(String(16), primary_key=True)
    district: Mapped[str | None] = mapped_column(String(64))
    birth_band: Mapped[int | None] = mapped_column(Integer)
    gender: Mapped[str | None] = mapped_column(String(1))


class PhoneCheckRow(PeopleBase):
    """A code on its way.  ``tries`` counts every code that was entered, also the right one.

    ``consent`` is the version of the text that was agreed to, if it was.
    """

    __tablename__ = "phone_checks"
    __table_args__ = NO_ROWID

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    number_mac: Mapped[bytes] = mapped_column(MAC)
    code_mac: Mapped[bytes] = mapped_column(MAC)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(Integer)
    used: Mapped[bool]
    consent: Mapped[int | None] = mapped_column(Integer)


class OidcLoginRow(PeopleBase):
    """A sign-in at a provider under way; ``id`` is the state that travels with it.

    ``begun`` holds whoever began it, as the digest of a secret; ``code_mac`` and ``subject_mac``
    are there once the provider has told whom it knows.
    """

    __tablename__ = "oidc_logins"
    __table_args__ = NO_ROWID

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    begun: Mapped[bytes] = mapped_column(MAC)
    nonce: Mapped[str] = mapped_column(String(64))
    verifier: Mapped[str] = mapped_column(String(64))
    returned: Mapped[bool]
    code_mac: Mapped[bytes | None] = mapped_column(MAC)
    subject_mac: Mapped[bytes | None] = mapped_column(MAC)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class FamilyRow(PeopleBase):
    """A sign-in that has not ended; without its row every token of it is void.

    ``department`` and ``duties`` (parted by blanks) are those of an official's tokens.
    ``started`` (a day) and ``device`` are kept for officials only, who look through theirs.
    """

    __tablename__ = "families"
    __table_args__ = NO_ROWID

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    account: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(16))
    proof: Mapped[str] = mapped_column(String(16))
    turn: Mapped[int] = mapped_column(Integer)
    department: Mapped[str] = mapped_column(String(64), server_default="")
    duties: Mapped[str] = mapped_column(String(200), server_default="")
    started: Mapped[date | None]
    device: Mapped[str] = mapped_column(String(80), server_default="")
    expires_at: Mapped[datetime] = mapped_column(index=True)


class LimitRow(PeopleBase):
    """``uses`` since ``started_at``."""

    __tablename__ = "limits"
    __table_args__ = NO_ROWID

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    key: Mapped[bytes] = mapped_column(MAC, primary_key=True)
    uses: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[datetime] = mapped_column(index=True)
