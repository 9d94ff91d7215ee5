"""One append-only log a wing, and the chain that the sealer lays over it."""

from datetime import datetime

from sqlalchemy import LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mvote.db import PeopleBase, Serial, VotesBase
from mvote.settings import Wing


class AuditColumns:
    """``name`` is the past-tense class name of the happening, ``body`` its canonical JSON."""

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    name: Mapped[str] = mapped_column(String(80), index=True)
    subject: Mapped[str] = mapped_column(String(80), index=True)
    body: Mapped[str] = mapped_column(Text)


class ChainColumns:
    """Link ``seq`` covers audit row ``row``; ``hash`` as in ``audit.rules.link``."""

    seq: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=False)
    row: Mapped[int] = mapped_column(Serial, unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class CursorColumns:
    """How far a reader of the log has come."""

    reader: Mapped[str] = mapped_column(String(80), primary_key=True)
    row: Mapped[int] = mapped_column(Serial)


class PeopleAuditRow(AuditColumns, PeopleBase):
    __tablename__ = "audit"


class PeopleChainRow(ChainColumns, PeopleBase):
    __tablename__ = "audit_chain"


class PeopleCursorRow(CursorColumns, PeopleBase):
    __tablename__ = "audit_cursors"


class VotesAuditRow(AuditColumns, VotesBase):
    __tablename__ = "audit"


class VotesChainRow(ChainColumns, VotesBase):
    __tablename__ = "audit_chain"


class VotesCursorRow(CursorColumns, VotesBase):
    __tablename__ = "audit_cursors"


AUDIT: dict[Wing, type[AuditColumns]] = {"people": PeopleAuditRow, "votes": VotesAuditRow}
CHAIN: dict[Wing, type[ChainColumns]] = {"people": PeopleChainRow, "votes": VotesChainRow}
CURSOR: dict[Wing, type[CursorColumns]] = {"people": PeopleCursorRow, "votes": VotesCursorRow}
