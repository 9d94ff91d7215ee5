"""Departments, polls, who wrote them, and what was issued for them."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, validates

from mvote.core.phases import PHASES
from mvote.db import NO_ROWID, VotesBase

HASHES_A_ROW = 1024


class DepartmentRow(VotesBase):
    __tablename__ = "departments"

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    name_ko: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))


class PollRow(VotesBase):
    """``draft`` and ``definition`` are canonical JSON; ``ph`` is the hash of ``definition``.

    ``opens_at`` and ``closes_at`` are the times that the definition names, ``closes_at``
    moved by the outages that were declared; the other times are when it happened, in whole
    seconds.  ``revision`` grows with every change.
    ``quarantine`` is canonical JSON: how many permits are counted apart by rule, and until the
    result is published the pseudonyms of ballots that are.
    A poll that was frozen keeps its hash, so no way leads from there back to a draft.

    ``private``: only who was let into a room may vote, so the public does not see it.
    ``restored_at`` is when a copy of it was put back: it takes no ballots and is suspended
    as soon as it is open, until two officials decide that it goes on, which clears it.
    """

    __tablename__ = "polls"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    state: Mapped[str] = mapped_column(String(12))
    revision: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(20))
    title_ko: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str] = mapped_column(Text)
    department: Mapped[str] = mapped_column(ForeignKey("departments.code"))
    record: Mapped[str] = mapped_column(String(64), index=True)
    author: Mapped[str] = mapped_column(String(40))
    approver: Mapped[str | None] = mapped_column(String(40))
    draft: Mapped[str] = mapped_column(Text)
    definition: Mapped[str | None] = mapped_column(Text)
    ph: Mapped[str | None] = mapped_column(String(64), unique=True)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime]
    drafted_at: Mapped[datetime]
    frozen_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    closing_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    reason_ko: Mapped[str | None] = mapped_column(Text)
    reason_en: Mapped[str | None] = mapped_column(Text)
    issued: Mapped[int | None] = mapped_column(Integer)
    issued_sha256: Mapped[str | None] = mapped_column(String(64))
    quarantine: Mapped[str | None] = mapped_column(Text)
    restored_at: Mapped[datetime | None]
    private: Mapped[bool] = mapped_column(default=False, server_default=false())

    __table_args__ = (
        CheckConstraint(f"state IN {PHASES}", name="state_is_known"),
        CheckConstraint(
            "(ph IS NULL) = (definition IS NULL) AND (ph IS NULL) = (frozen_at IS NULL)",
            name="hash_stands_beside_its_definition",
        ),
        CheckConstraint(
            "state = 'cancelled' OR (ph IS NULL) = (state IN ('draft', 'approved'))",
            name="frozen_has_a_hash",
        ),
        CheckConstraint(
            "(state IN ('suspended', 'cancelled')) = (reason_ko IS NOT NULL)"
            " AND (reason_ko IS NULL) = (reason_en IS NULL)",
            name="stopping_has_a_reason",
        ),
        CheckConstraint(
            "(issued IS NULL) = (issued_sha256 IS NULL)"
            " AND (issued IS NOT NULL OR state NOT IN ('closed', 'published'))",
            name="closed_knows_what_was_issued",
        ),
        Index("ix_polls_state_opens_at", "state", "opens_at"),
        Index("ix_polls_state_closes_at", "state", "closes_at"),
        Index("ix_polls_frozen_at_id", "frozen_at", "id"),
        Index("ix_polls_department_drafted_at", "department", "drafted_at"),
    )

    @validates("definition", "ph", "frozen_at")
    def _set_once(self, key: str, value: object) -> object:
        if getattr(self, key, None) not in (None, value):
            raise ValueError(f"{key} of a frozen poll does not change")
        return value


class PollAuthorRow(VotesBase):
    """Everyone who ever wrote in a poll's draft, with the random id of the account."""

    __tablename__ = "poll_authors"

    poll: Mapped[str] = mapped_column(ForeignKey("polls.id"), primary_key=True)
    official: Mapped[str] = mapped_column(String(40), primary_key=True)


class IssuedHashesRow(VotesBase):
    """What the people wing issued for a secret poll: SHA-256 of each blinded value, sorted.

    A row holds up to ``HASHES_A_ROW`` hashes of 32 bytes, one behind the other; ``number``
    counts the rows.  Sorted, so that nothing says who came first.
    """

    __tablename__ = "issued_hashes"

    poll: Mapped[str] = mapped_column(ForeignKey("polls.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    hashes: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = NO_ROWID


class PurgeStatementRow(VotesBase):
    """The people wing's signed statement that nothing leads from citizens to permits any more.

    ``document`` and ``key``, the public key that signed it, are JSON as they came.
    """

    __tablename__ = "purge_statements"

    poll: Mapped[str] = mapped_column(ForeignKey("polls.id"), primary_key=True)
    document: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)

    __table_args__ = NO_ROWID


class PendingActRow(VotesBase):
    """An act that one official asked for and a second one has to confirm by ``expires_at``.

    ``subject`` is what it is done to (a poll's id).  ``seen`` is how the subject stood when
    it was asked: once that differs, the request is void.  ``content`` is canonical JSON.
    """

    __tablename__ = "pending_acts"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    act: Mapped[str] = mapped_column(String(32))
    seen: Mapped[str] = mapped_column(String(64))
    content: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(40))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (UniqueConstraint("subject", "act", "by", name="uq_pending_acts_official"),)


class DraftRevisionRow(VotesBase):
    """What a draft said in one of its revisions, until it is frozen or cancelled."""

    __tablename__ = "draft_revisions"

    poll: Mapped[str] = mapped_column(ForeignKey("polls.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    official: Mapped[str] = mapped_column(String(40))
    draft: Mapped[str] = mapped_column(Text)


class PollNoteRow(VotesBase):
    """What officials say about a poll that is frozen; a note is never changed.

    ``about`` says why it was written.  ``outage`` is canonical JSON where it tells of one,
    ``roll`` where it tells of a person who was added to the roll or struck from it,
    ``quarantine`` where permits that are counted apart were released, or kept.
    """

    __tablename__ = "poll_notes"

    poll: Mapped[str] = mapped_column(ForeignKey("polls.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    about: Mapped[str] = mapped_column(String(16))
    text_ko: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    corrects: Mapped[int | None] = mapped_column(Integer)
    outage: Mapped[str | None] = mapped_column(Text)
    roll: Mapped[str | None] = mapped_column(Text)
    quarantine: Mapped[str | None] = mapped_column(Text)
    noted_at: Mapped[datetime]


class TemplateRow(VotesBase):
    """A draft to begin others from; without ``department`` it is the whole city's.

    ``content`` is a draft's JSON without what each poll has of its own.
    """

    __tablename__ = "poll_templates"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    department: Mapped[str | None] = mapped_column(ForeignKey("departments.code"), index=True)
    name_ko: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime]
