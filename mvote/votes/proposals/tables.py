"""Calls, proposals, who supports which, and what became of them.

No row about a citizen's act holds a time of day or a running number.
"""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    event,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, validates

from mvote.db import NO_ROWID, VotesBase

STATE_KNOWN = "state IN ('collecting', 'ended', 'withdrawn', 'merged')"


class ThresholdSetRow(VotesBase):
    """A city's own set, written once."""

    __tablename__ = "threshold_sets"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    definition: Mapped[str] = mapped_column(Text)


class CallRow(VotesBase):
    """``definition`` is JSON, frozen as the call opens, ``digest`` its SHA-256.

    ``ends_at`` is when it takes no more proposals, null where nobody has said; ``decided_at``
    when its winners were chosen, ``poll`` what they are voted on in.
    """

    __tablename__ = "calls"
    __table_args__ = (Index("ix_calls_opened", "opens_at", "id"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    department: Mapped[str] = mapped_column(String(64), index=True)
    definition: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    opens_at: Mapped[datetime]
    ends_at: Mapped[datetime | None] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    ending: Mapped[str | None] = mapped_column(Text)
    decision: Mapped[str | None] = mapped_column(Text)
    poll: Mapped[str] = mapped_column(String(16), server_default="")

    @validates("definition", "digest")
    def _frozen(self, key: str, value: str) -> str:
        if getattr(self, key, None) not in (None, value):
            raise ValueError("what a call says is never changed")
        return value


class ProposalRow(VotesBase):
    """``author`` is the pseudonym within the call's scope, ``act`` the number of the act there.

    ``opened`` is a day of the city.  ``standing`` follows what moderators decide.  ``search``
    is the text in small letters, ``sketch`` what similar ones are found by.  ``reached`` counts
    stages; ``supports`` is without the changes that no worker has added yet.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        UniqueConstraint("call", "author", "act"),
        CheckConstraint(STATE_KNOWN, name="state_known"),
        Index("ix_proposals_opened", "opened", "id"),
        Index("ix_proposals_supports", "supports", "id"),
        Index("ix_proposals_until", "state", "until", "id"),
        NO_ROWID,
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    call: Mapped[str] = mapped_column(ForeignKey("calls.id"))
    department: Mapped[str] = mapped_column(String(64))
    topic: Mapped[str] = mapped_column(String(40))
    district: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    search: Mapped[str] = mapped_column(Text)
    sketch: Mapped[bytes] = mapped_column(LargeBinary)
    author: Mapped[str] = mapped_column(String(64))
    act: Mapped[int] = mapped_column(BigInteger)
    opened: Mapped[date] = mapped_column(Date)
    until: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    standing: Mapped[str] = mapped_column(String(16))
    supports: Mapped[int] = mapped_column(Integer)
    reached: Mapped[int] = mapped_column(SmallInteger)
    record: Mapped[str] = mapped_column(String(16), index=True)
    into: Mapped[str] = mapped_column(String(16), index=True)
    merging: Mapped[str] = mapped_column(Text)
    chosen: Mapped[bool] = mapped_column(Boolean, server_default=false())


class SupportRow(VotesBase):
    """``holder`` supports a proposal: a pseudonym within that proposal's scope and no other."""

    __tablename__ = "proposal_supports"
    __table_args__ = (NO_ROWID,)

    proposal: Mapped[str] = mapped_column(String(16), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64), primary_key=True)


class SupportChangeRow(VotesBase):
    """A support that came (1) or went (-1) and is not in the proposal's count yet.

    So nobody who supports waits for another: the worker adds the changes up and drops them.
    """

    __tablename__ = "proposal_support_changes"
    __table_args__ = (NO_ROWID,)

    proposal: Mapped[str] = mapped_column(String(16), primary_key=True)
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    change: Mapped[int] = mapped_column(SmallInteger)


class ReachedRow(VotesBase):
    """A stage that a proposal has reached; written once."""

    __tablename__ = "proposal_stages"

    proposal: Mapped[str] = mapped_column(ForeignKey("proposals.id"), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    supports: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime]


class ProposalPollRow(VotesBase):
    """A poll that was drafted from a proposal, or from a call whose winners are voted on."""

    __tablename__ = "proposal_polls"

    poll: Mapped[str] = mapped_column(String(16), primary_key=True)
    subject: Mapped[str] = mapped_column(String(16), index=True)
    at: Mapped[datetime]


@event.listens_for(ReachedRow, "before_update")
@event.listens_for(ReachedRow, "before_delete")
@event.listens_for(ThresholdSetRow, "before_update")
@event.listens_for(ThresholdSetRow, "before_delete")
def _refuse(_mapper: object, _connection: object, row: ReachedRow | ThresholdSetRow) -> None:
    raise RuntimeError(f"a row of {row.__tablename__} is never changed")
