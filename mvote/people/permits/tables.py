"""What the people wing knows of a poll, and who took a permit.

An issued row holds no account, no time but the day, and no running number.
"""

from datetime import date, datetime

from sqlalchemy import Integer, LargeBinary, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from mvote.db import NO_ROWID, PeopleBase

HASH = LargeBinary(32)


class PollRow(PeopleBase):
    """``approved`` is the definition to which ``said``, this wing's issuer document, belongs.

    ``level``, ``proof``, ``roll_key``, ``audience``, ``quarantine``, ``closes`` and
    ``dispute_days`` are taken from it, because every permit asks for them.  ``ph`` is there once
    the poll is frozen, ``pepper`` until erasure.

    ``ordered`` is how many permits there were when their rows were last written anew, at
    ``ordered_at``.  ``untidy`` counts what was deleted of the poll and may still lie on the
    disk.  ``erased_at`` is when the link was destroyed, and ``purge_stated`` that everyone
    was told.

    ``added`` is how many were added to the roll since it was counted.

    ``locked_at`` is when a copy of it was put back: no permit is given until the poll goes on
    by a decision after that; ``lock_said`` that the votes wing was told.
    """

    __tablename__ = "polls"
    __table_args__ = NO_ROWID

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    approved: Mapped[str] = mapped_column(Text)
    said: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(String(16))
    proof: Mapped[str] = mapped_column(String(16), server_default="sms")
    roll_key: Mapped[str] = mapped_column(String(16), server_default="number")
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
    ordered: Mapped[int] = mapped_column(Integer)
    ordered_at: Mapped[datetime | None]
    untidy: Mapped[int] = mapped_column(Integer)
    erased_at: Mapped[datetime | None]
    purge_stated: Mapped[bool]
    added: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    locked_at: Mapped[datetime | None]
    lock_said: Mapped[bool] = mapped_column(default=False, server_default=false())
    quarantine: Mapped[str] = mapped_column(Text, default="[]", server_default="[]")


class IssuerKeyRow(PeopleBase):
    """The key pair of a secret poll; ``sealed``, the encrypted private half, until it ends."""

    __tablename__ = "issuer_keys"
    __table_args__ = NO_ROWID

    poll: Mapped[str] = mapped_column(String(16), primary_key=True)
    kid: Mapped[str] = mapped_column(String(64), primary_key=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


class IssuedRow(PeopleBase):
    """One permit: ``voter_ref`` is core/secrecy/permit.py's.

    ``permit`` is the SHA-256 of a pseudonym permit, or of a blinded value that was signed;
    two citizens who send the same value would get one permit between them.

    ``quarantine`` are names of the poll's rules that the permit meets, if any; then ``mark`` is
    the pseudonym on its ballot, where there is one.
    """

    __tablename__ = "issued"
    __table_args__ = (UniqueConstraint("poll", "permit"), NO_ROWID)

    poll: Mapped[str] = mapped_column(String(16), primary_key=True)
    voter_ref: Mapped[bytes] = mapped_column(HASH, primary_key=True)
    permit: Mapped[bytes] = mapped_column(HASH)
    day: Mapped[date]
    quarantine: Mapped[str | None] = mapped_column(String(40))
    mark: Mapped[str | None] = mapped_column(String(43))


class IssuedDayRow(PeopleBase):
    """How many permits were issued on a day; kept when the rows are erased."""

    __tablename__ = "issued_days"
    __table_args__ = NO_ROWID

    poll: Mapped[str] = mapped_column(String(16), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    issued: Mapped[int] = mapped_column(Integer)


class RollEntryRow(PeopleBase):
    """Where a citizen stands on the roll of one poll, whatever register and lists say.

    ``voter_ref`` is as in ``issued``.  ``standing`` is ``fixed`` for everybody on a closed
    roll, ``added`` or ``struck`` by two officials.  ``counted``: the number of the eligible
    holds this person.
    """

    __tablename__ = "roll_entries"
    __table_args__ = NO_ROWID

    poll: Mapped[str] = mapped_column(String(16), primary_key=True)
    voter_ref: Mapped[bytes] = mapped_column(HASH, primary_key=True)
    standing: Mapped[str] = mapped_column(String(8))
    counted: Mapped[bool]


class RollCorrectionRow(PeopleBase):
    """A change to the roll of a poll that one official asked for and another has to confirm.

    ``review`` is the citizen's request that it grants, if there was one.
    """

    __tablename__ = "roll_corrections"
    __table_args__ = NO_ROWID

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    poll: Mapped[str] = mapped_column(String(16), index=True)
    change: Mapped[str] = mapped_column(String(8))
    voter_ref: Mapped[bytes] = mapped_column(HASH)
    text_ko: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    review: Mapped[str | None] = mapped_column(String(16))
    by: Mapped[str] = mapped_column(String(40))
    expires_at: Mapped[datetime] = mapped_column(index=True)


class QuarantineDecisionRow(PeopleBase):
    """About all permits that a rule flags: asked for until ``expires_at``, without it decided."""

    __tablename__ = "quarantine_decisions"
    __table_args__ = NO_ROWID

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    poll: Mapped[str] = mapped_column(String(16), index=True)
    rule: Mapped[str] = mapped_column(String(16))
    released: Mapped[bool]
    text_ko: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(40))
    expires_at: Mapped[datetime | None] = mapped_column(index=True)


class ReviewRow(PeopleBase):
    """A citizen who may not vote asks officials to look again, once a poll.

    ``state`` is ``open``, ``granted`` or ``refused``; ``reminded_at`` is when officials were
    last told that it is overdue.
    """

    __tablename__ = "reviews"
    __table_args__ = NO_ROWID

    poll: Mapped[str] = mapped_column(String(16), primary_key=True)
    voter_ref: Mapped[bytes] = mapped_column(HASH, primary_key=True)
    id: Mapped[str] = mapped_column(String(16), unique=True)
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(8))
    due_at: Mapped[datetime] = mapped_column(index=True)
    reminded_at: Mapped[datetime | None]
    reason_ko: Mapped[str | None] = mapped_column(Text)
    reason_en: Mapped[str | None] = mapped_column(Text)
