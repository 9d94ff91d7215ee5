"""Published results, as the bytes that readers get."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mvote.db import VotesBase


class ResultRow(VotesBase):
    """One published result; ``digest`` is the SHA-256 of its JSON, in hexadecimal."""

    __tablename__ = "results"

    poll: Mapped[str] = mapped_column(String(16), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime]


class ResultFileRow(VotesBase):
    """A file of a result.  Rows are written with the result and never changed."""

    __tablename__ = "result_files"

    poll: Mapped[str] = mapped_column(ForeignKey("results.poll"), primary_key=True)
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ChairTieRow(VotesBase):
    """The ``place``-th tie of a poll for which the count waited, with ``options`` as JSON.

    ``decision`` is the chair's as JSON; None while the result waits for it.
    """

    __tablename__ = "chair_ties"

    poll: Mapped[str] = mapped_column(ForeignKey("polls.id"), primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    question: Mapped[str] = mapped_column(String(64))
    options: Mapped[str] = mapped_column(Text)
    decision: Mapped[str | None] = mapped_column(Text)
    by: Mapped[str | None] = mapped_column(String(80))
