"""Indicators, their values and what was asked about them, as everyone reads them."""

import json
from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from mvote.core.ids import is_id
from mvote.db import reading
from mvote.votes.indicators.errors import IndicatorUnknown, QuestionUnknown
from mvote.votes.indicators.rules import QUESTION, Import, Indicator, Question, Value
from mvote.votes.indicators.service.importing import import_of
from mvote.votes.indicators.tables import (
    IndicatorImportRow,
    IndicatorQuestionRow,
    IndicatorRow,
    IndicatorValueRow,
)
from mvote.votes.moderation import service as moderation

AT_ONCE = 200


def list_indicators(*, after: str = "", limit: int) -> list[Indicator]:
    """Indicators with the newest version of each value, by id."""
    query = select(IndicatorRow).where(IndicatorRow.id > after).order_by(IndicatorRow.id)
    with reading("votes") as session:
        return _with_values(session, session.scalars(query.limit(limit)).all())


def stream_indicators() -> Iterator[Indicator]:
    """All of them, by id, in pieces."""
    after = ""
    while found := list_indicators(after=after, limit=AT_ONCE):
        yield from found
        after = found[-1].id


def get_indicator(indicator_id: str) -> tuple[Indicator, list[Value]]:
    """An indicator, and every version of its values.  Raises IndicatorUnknown."""
    with reading("votes") as session:
        row = session.get(IndicatorRow, indicator_id) if is_id(indicator_id) else None
        if row is None:
            raise IndicatorUnknown()
        return _with_values(session, [row])[0], _values(session, [row.id]).get(row.id, [])


def list_imports(*, limit: int) -> list[Import]:
    """Files that were taken, the newest first."""
    query = select(IndicatorImportRow).order_by(IndicatorImportRow.at.desc(), IndicatorImportRow.id)
    with reading("votes") as session:
        return [import_of(row) for row in session.scalars(query.limit(limit))]


def _with_values(session: Session, rows: Sequence[IndicatorRow]) -> list[Indicator]:
    told = _values(session, [row.id for row in rows])
    return [
        Indicator(
            id=row.id,
            department=row.department,
            name=json.loads(row.name),
            unit=json.loads(row.unit),
            values=tuple({one.period: one for one in told.get(row.id, ())}.values()),
        )
        for row in rows
    ]


def _values(session: Session, indicators: Collection[str]) -> dict[str, list[Value]]:
    """Every version, by indicator, period and version."""
    query = select(IndicatorValueRow).where(IndicatorValueRow.indicator.in_(indicators))
    order = IndicatorValueRow.indicator, IndicatorValueRow.period, IndicatorValueRow.version
    found: dict[str, list[Value]] = {}
    for row in session.scalars(query.order_by(*order)):
        facts = row.period, row.value, row.target, row.source, row.version, row.import_id
        found.setdefault(row.indicator, []).append(Value(*facts))
    return found


def list_questions(
    *, indicator: str = "", became: str = "", department: str = "", after: str = "", limit: int
) -> list[Question]:
    """What was asked, by id, which tells nothing of when."""
    query = (
        select(IndicatorQuestionRow, IndicatorRow.department)
        .join(IndicatorRow, IndicatorRow.id == IndicatorQuestionRow.indicator)
        .where(IndicatorQuestionRow.id > after)
        .order_by(IndicatorQuestionRow.id)
        .limit(limit)
    )
    named = (
        (IndicatorQuestionRow.indicator, indicator),
        (IndicatorQuestionRow.became, became),
        (IndicatorRow.department, department),
    )
    for column, wanted in named:
        if wanted:
            query = query.where(column == wanted)
    with reading("votes") as session:
        rows = session.execute(query).all()
        return to_questions(session, [(row, department) for row, department in rows])


def get_question(question_id: str) -> Question:
    """Raises QuestionUnknown."""
    with reading("votes") as session:
        row = session.get(IndicatorQuestionRow, question_id) if is_id(question_id) else None
        if row is None:
            raise QuestionUnknown()
        owner = session.get_one(IndicatorRow, row.indicator).department
        return to_questions(session, [(row, owner)])[0]


def to_questions(
    session: Session, rows: Collection[tuple[IndicatorQuestionRow, str]]
) -> list[Question]:
    """Questions as moderators let them be shown; with the department of each indicator."""
    items = [row.id for row, _ in rows]
    standings = moderation.list_standings(session, kind=QUESTION, items=items)
    return [
        Question(
            id=row.id,
            indicator=row.indicator,
            department=department,
            period=row.period,
            became=row.became,
            as_id=row.as_id,
            standing=standings[row.id],
        )
        for row, department in rows
    ]
