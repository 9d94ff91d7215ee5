"""Signed statements of what went because nobody used it."""

from datetime import date

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from mvote.db import NO_ROWID, PeopleBase


class RetentionRow(PeopleBase):
    """The statement of a day, as canonical JSON with its signature."""

    __tablename__ = "retention_statements"
    __table_args__ = NO_ROWID

    day: Mapped[date] = mapped_column(primary_key=True)
    statement: Mapped[str] = mapped_column(Text)
