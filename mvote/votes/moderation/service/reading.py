"""Where texts stand, the public log of decisions, and what moderators still have to do."""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import Select, func, or_, select, tuple_
from sqlalchemy.orm import Session

from mvote.audit.service import record as audit
from mvote.core.official import Official
from mvote.db import reading, transaction
from mvote.installation import city_day
from mvote.votes.moderation.errors import TextUnknown
from mvote.votes.moderation.rules import (
    FILED,
    HIDDEN,
    PUBLISHED,
    REMOVED,
    WAITING,
    AppealOverdue,
    Backlog,
    Decision,
    Queued,
    Reported,
    Standing,
    check_kind,
)
from mvote.votes.moderation.tables import DecisionRow, ModeratedRow, ReportRow

MOST_SAID = 50
"""Words of reporters that a moderator is shown."""
SHOWING = (PUBLISHED, WAITING)
CHUNK = 500
"""Ids in one question to the database, which bears only so many."""


def list_standings(session: Session, *, kind: str, items: Collection[str]) -> dict[str, Standing]:
    """Where texts of one kind stand, by id, of those that were submitted."""
    wanted, found = sorted(items), dict[str, Standing]()
    for start in range(0, len(wanted), CHUNK):
        chosen = ModeratedRow.id.in_(wanted[start : start + CHUNK])
        rows = session.scalars(select(ModeratedRow).where(ModeratedRow.kind == kind, chosen)).all()
        reasons = _reasons(session, kind, [row.id for row in rows if row.state not in SHOWING])
        found |= {row.id: _standing(row, reasons.get(row.id)) for row in rows}
    return found


def get_standing(kind: str, item: str) -> tuple[Standing, list[Decision]]:
    """Where one text stands, and all that was decided about it.  Raises TextUnknown."""
    check_kind(kind)
    known = item.isascii() and item.isprintable()
    with reading("votes") as session:
        row = session.get(ModeratedRow, (kind, item)) if known else None
        if row is None:
            raise TextUnknown()
        about = (DecisionRow.kind == kind, DecisionRow.item == item)
        decided = session.scalars(select(DecisionRow).where(*about).order_by(DecisionRow.number))
        return standing_of(session, row), [_to_decision(one) for one in decided]


def list_decisions(
    *, before: int | None, limit: int, department: str | None = None, record: str | None = None
) -> list[Decision]:
    """The public log, the newest first, of numbers below ``before``."""
    query = select(DecisionRow).order_by(DecisionRow.number.desc()).limit(limit)
    if before is not None:
        query = query.where(DecisionRow.number < before)
    if department is not None:
        query = query.where(DecisionRow.department == department)
    if record is not None:
        query = query.where(DecisionRow.record == record)
    with reading("votes") as session:
        return [_to_decision(row) for row in session.scalars(query)]


def list_queue(
    *, state: str, official: Official, after: tuple[str, str], limit: int
) -> Sequence[Queued]:
    """Texts of the official's department in a state, by kind and id.

    Of those that are published only what was reported since a moderator last read it.
    """
    reported = ModeratedRow.reports > (0 if state == PUBLISHED else -1)
    order = (ModeratedRow.kind, ModeratedRow.id)
    query = (
        select(ModeratedRow)
        .where(
            ModeratedRow.department == official.department,
            ModeratedRow.state == state,
            reported,
            tuple_(*order) > tuple_(*after),
        )
        .order_by(*order)
        .limit(limit)
    )
    return _queued(query)


def list_appeals(
    *, official: Official, after: tuple[date, str, str] | None, limit: int
) -> Sequence[Queued]:
    """Appeals of all departments that wait for an official other than who hid the text.

    By their day, kind and id.
    """
    order = (ModeratedRow.due, ModeratedRow.kind, ModeratedRow.id)
    query = (
        select(ModeratedRow)
        .where(ModeratedRow.appeal_state == FILED, ModeratedRow.hidden_by != official.id)
        .order_by(*order)
        .limit(limit)
    )
    return _queued(query if after is None else query.where(tuple_(*order) > tuple_(*after)))


def list_backlogs(*, now: datetime) -> list[Backlog]:
    """What waits, by department, for everyone to see."""
    today, waits, filed = city_day(now), ModeratedRow.state == WAITING, ModeratedRow.appeal_state
    query = (
        select(
            ModeratedRow.department,
            func.count().filter(waits),
            func.min(ModeratedRow.since).filter(waits),
            func.count().filter(filed == FILED),
            func.min(ModeratedRow.due).filter(filed == FILED),
            func.count().filter(filed == FILED, ModeratedRow.due < today),
        )
        .where(or_(waits, filed == FILED))
        .group_by(ModeratedRow.department)
        .order_by(ModeratedRow.department)
    )
    with reading("votes") as session:
        return [Backlog(*row) for row in session.execute(query)]


def tell_overdue(*, now: datetime) -> int:
    """Tell the audit log once of every appeal whose day passed; returns how many."""
    late = (
        ModeratedRow.appeal_state == FILED,
        ModeratedRow.due < city_day(now),
        ModeratedRow.told.is_(False),
    )
    with reading("votes") as session:
        if session.scalars(select(ModeratedRow.id).where(*late).limit(1)).first() is None:
            return 0
    with transaction("votes") as session:
        rows = session.scalars(select(ModeratedRow).where(*late).with_for_update()).all()
        for row in rows:
            row.told = True
            due = row.due.isoformat() if row.due else ""
            happened = AppealOverdue(row.id, row.kind, row.department, due)
            audit(session, "votes", happened, now=now)
        return len(rows)


def standing_of(session: Session, row: ModeratedRow) -> Standing:
    """Where the text of a row stands."""
    return _standing(row, _reasons(session, row.kind, [row.id]).get(row.id))


def _standing(row: ModeratedRow, why: DecisionRow | None) -> Standing:
    shown = row.state == PUBLISHED
    told = why if row.state in (HIDDEN, REMOVED) else None
    return Standing(
        kind=row.kind,
        id=row.id,
        state=row.state,
        seen=row.seen,
        since=row.since,
        text=row.text if shown else None,
        salt=row.salt if shown else None,
        digest=row.digest,
        reason=json.loads(told.reason) if told else None,
        category=(told.category or None) if told else None,
    )


def _reasons(session: Session, kind: str, items: Collection[str]) -> dict[str, DecisionRow]:
    """The decision by which each of these texts is not shown: the newest that names a category."""
    query = (
        select(DecisionRow)
        .where(DecisionRow.kind == kind, DecisionRow.item.in_(items), DecisionRow.category != "")
        .order_by(DecisionRow.number)
    )
    return {row.item: row for row in session.scalars(query)} if items else {}


def _queued(query: Select[ModeratedRow]) -> list[Queued]:
    with reading("votes") as session:
        rows = session.scalars(query).all()
        return [_to_queued(row, _reported(session, row)) for row in rows]


def _reported(session: Session, row: ModeratedRow) -> Reported:
    about = (ReportRow.kind == row.kind, ReportRow.item == row.id)
    found = session.scalars(select(ReportRow).where(*about).order_by(ReportRow.holder)).all()
    counted = Counter(one for report in found for one in json.loads(report.categories))
    said = sorted(report.text for report in found if report.text)[:MOST_SAID]
    return Reported(dict(sorted(counted.items())), tuple(said))


def _to_queued(row: ModeratedRow, reported: Reported) -> Queued:
    return Queued(
        kind=row.kind,
        id=row.id,
        record=row.record,
        department=row.department,
        state=row.state,
        text=row.text,
        since=row.since,
        bound=row.bound,
        reported=reported,
        appeal=row.appeal if row.appeal_state == FILED else None,
        due=row.due,
    )


def _to_decision(row: DecisionRow) -> Decision:
    return Decision(
        number=row.number,
        at=row.at,
        kind=row.kind,
        item=row.item,
        record=row.record,
        department=row.department,
        decision=row.decision,
        category=row.category,
        reason=json.loads(row.reason),
        digest=row.digest,
    )
