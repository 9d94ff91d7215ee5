"""Posts, who wrote them within one record, what offices and experts said, and tags.

No row about a citizen's act holds a time of day or a running number.
"""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from mvote.db import NO_ROWID, VotesBase


class PostRow(VotesBase):
    """The text lies with moderation.  ``seq`` is that of the act, by which a retry finds it."""

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("record", "holder", "seq"),
        CheckConstraint(
            "kind IN ('for', 'against', 'question', 'reply', 'addition')", name="kind_known"
        ),
        Index("ix_posts_record_parent", "record", "parent", "id"),
        Index("ix_posts_record_day", "record", "day", "id"),
        NO_ROWID,
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    record: Mapped[str] = mapped_column(String(16))
    holder: Mapped[str] = mapped_column(String(64))
    seq: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(16))
    parent: Mapped[str] = mapped_column(String(16))
    day: Mapped[date] = mapped_column(Date)


class AuthorRow(VotesBase):
    """The label of a holder within a record; no two have the same."""

    __tablename__ = "post_authors"
    __table_args__ = (UniqueConstraint("record", "label"), NO_ROWID)

    record: Mapped[str] = mapped_column(String(16), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64), primary_key=True)
    label: Mapped[int] = mapped_column(Integer)


class OfficeReplyRow(VotesBase):
    """``words`` is JSON; ``by`` the official's account, which is not public."""

    __tablename__ = "office_replies"
    __table_args__ = (Index("ix_office_replies_record_parent", "record", "parent"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    record: Mapped[str] = mapped_column(String(16))
    parent: Mapped[str] = mapped_column(String(16))
    department: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    words: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(64))


class ExpertRow(VotesBase):
    """``content`` is the JSON that the expert's key signs, where there is one."""

    __tablename__ = "expert_statements"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    record: Mapped[str] = mapped_column(String(16), index=True)
    department: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    content: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(100))
    digest: Mapped[str] = mapped_column(String(64))
    by: Mapped[str] = mapped_column(String(64))


class TagRow(VotesBase):
    """Something under a tag.  ``title`` is JSON, empty where the record's title stands for it."""

    __tablename__ = "tags"
    __table_args__ = (Index("ix_tags_item", "kind", "item"), NO_ROWID)

    tag: Mapped[str] = mapped_column(String(30), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    item: Mapped[str] = mapped_column(String(16), primary_key=True)
    record: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(Text)
