"""Indicators, every version of every value, and what citizens ask about them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from mvote.db import NO_ROWID, VotesBase


class IndicatorRow(VotesBase):
    """``name`` and ``unit`` are JSON in two languages, as the newest file tells them."""

    __tablename__ = "indicators"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    department: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)


class IndicatorImportRow(VotesBase):
    """A file that was taken whole; ``digest`` is its SHA-256."""

    __tablename__ = "indicator_imports"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime]
    values: Mapped[int] = mapped_column("rows_told", Integer)
    new: Mapped[int] = mapped_column("rows_new", Integer)


class IndicatorValueRow(VotesBase):
    """Written once; another value for the same period is its next version."""

    __tablename__ = "indicator_values"

    indicator: Mapped[str] = mapped_column(ForeignKey("indicators.id"), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    value: Mapped[str] = mapped_column(String(32))
    target: Mapped[str] = mapped_column(String(32))
    source: Mapped[str] = mapped_column(Text)
    import_id: Mapped[str] = mapped_column(ForeignKey("indicator_imports.id"), index=True)


class IndicatorScopeRow(VotesBase):
    """Scopes in which citizens may question indicators, the newest with the highest number."""

    __tablename__ = "indicator_scopes"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    scope: Mapped[str] = mapped_column(String(16), unique=True)
    closes: Mapped[datetime]


class IndicatorQuestionRow(VotesBase):
    """``holder`` is the pseudonym within the scope, ``act`` the number of the act there."""

    __tablename__ = "indicator_questions"
    __table_args__ = (
        Index("ix_indicator_questions_place", "indicator", "id"),
        Index("ix_indicator_questions_holder", "scope", "holder", "act", unique=True),
        NO_ROWID,
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    indicator: Mapped[str] = mapped_column(ForeignKey("indicators.id"))
    period: Mapped[str] = mapped_column(String(10))
    scope: Mapped[str] = mapped_column(String(16))
    holder: Mapped[str] = mapped_column(String(64))
    act: Mapped[int] = mapped_column(Integer)
    became: Mapped[str] = mapped_column(String(8))
    as_id: Mapped[str] = mapped_column(String(16))


@event.listens_for(IndicatorValueRow, "before_update")
@event.listens_for(IndicatorValueRow, "before_delete")
def _refuse(_mapper: object, _connection: object, row: IndicatorValueRow) -> None:
    raise RuntimeError(f"the value of {row.indicator} for {row.period} is never changed")
