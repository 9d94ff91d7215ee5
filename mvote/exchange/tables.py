"""An outbox and an inbox a wing."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mvote.db import PeopleBase, Serial, VotesBase
from mvote.settings import Wing


class OutboxColumns:
    """``seq`` has no gaps and grows in the order of commits: a cursor misses nothing."""

    seq: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(40))
    poll: Mapped[str] = mapped_column(String(16), index=True)
    document: Mapped[str] = mapped_column(Text)


class InboxColumns:
    """``refusal`` is the code of the refusal with which a document was turned down, or None."""

    seq: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(40))
    poll: Mapped[str] = mapped_column(String(16))
    taken_at: Mapped[datetime]
    refusal: Mapped[str | None] = mapped_column(String(80))


class LookColumns:
    """When the worker last looked for documents, and when it last could read them all.

    One row, ``id`` 1: it also tells that a worker is alive.  ``last_said`` is the number of
    the other wing's last document; ``asked_at`` and ``asked_after`` are when the other wing
    last asked, and up to which number it had taken what this one says.
    """

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=False)
    looked_at: Mapped[datetime]
    reached_at: Mapped[datetime | None]
    last_said: Mapped[int | None] = mapped_column(Serial)
    asked_at: Mapped[datetime | None]
    asked_after: Mapped[int | None] = mapped_column(Serial)


class PeopleOutboxRow(OutboxColumns, PeopleBase):
    __tablename__ = "exchange_outbox"


class PeopleInboxRow(InboxColumns, PeopleBase):
    __tablename__ = "exchange_inbox"


class VotesOutboxRow(OutboxColumns, VotesBase):
    __tablename__ = "exchange_outbox"


class VotesInboxRow(InboxColumns, VotesBase):
    __tablename__ = "exchange_inbox"


class PeopleLookRow(LookColumns, PeopleBase):
    __tablename__ = "exchange_looks"


class VotesLookRow(LookColumns, VotesBase):
    __tablename__ = "exchange_looks"


OUTBOX: dict[Wing, type[OutboxColumns]] = {"people": PeopleOutboxRow, "votes": VotesOutboxRow}
INBOX: dict[Wing, type[InboxColumns]] = {"people": PeopleInboxRow, "votes": VotesInboxRow}
LOOK: dict[Wing, type[LookColumns]] = {"people": PeopleLookRow, "votes": VotesLookRow}
