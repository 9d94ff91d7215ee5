"""Officials."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mvote.db import NO_ROWID, PeopleBase


class OfficialRow(PeopleBase):
    """``password`` is an Argon2id hash, ``duties`` are parted by blanks."""

    __tablename__ = "officials"
    __table_args__ = NO_ROWID

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    password: Mapped[str] = mapped_column(Text)
    department: Mapped[str] = mapped_column(String(64))
    duties: Mapped[str] = mapped_column(String(200))
