"""Notes of a wing about its keys and its copies; nothing of a citizen or a ballot."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from mvote.db import NO_ROWID, PeopleBase, VotesBase
from mvote.settings import Wing


class NotedKeyColumns:
    """A key that was current at a start.  ``mark`` is its kid, or what tells one pepper."""

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    noted_at: Mapped[datetime]


class CopyColumns:
    """A copy that was begun at ``made_at``; where it was put back, ``restored_at``.

    ``continued`` says that the numbers of documents that it had forgotten were filled in.
    """

    made_at: Mapped[datetime] = mapped_column(primary_key=True)
    restored_at: Mapped[datetime | None]
    continued: Mapped[bool]


class PeopleNotedKeyRow(NotedKeyColumns, PeopleBase):
    __tablename__ = "noted_keys"
    __table_args__ = NO_ROWID


class VotesNotedKeyRow(NotedKeyColumns, VotesBase):
    __tablename__ = "noted_keys"
    __table_args__ = NO_ROWID


class PeopleCopyRow(CopyColumns, PeopleBase):
    __tablename__ = "copies"
    __table_args__ = NO_ROWID


class VotesCopyRow(CopyColumns, VotesBase):
    __tablename__ = "copies"
    __table_args__ = NO_ROWID


NOTED_KEY: dict[Wing, type[NotedKeyColumns]] = {
    "people": PeopleNotedKeyRow,
    "votes": VotesNotedKeyRow,
}
COPY: dict[Wing, type[CopyColumns]] = {"people": PeopleCopyRow, "votes": VotesCopyRow}
