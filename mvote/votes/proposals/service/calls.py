"""Open a call, which freezes what it says; end it; look calls up."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from mvote.audit.service import list_page, record
from mvote.core.canonical import canonical_bytes
from mvote.core.ids import is_id, new_id
from mvote.core.official import Official
from mvote.core.text import Words
from mvote.db import reading, transaction
from mvote.installation import installation
from mvote.votes.participation import service as participation
from mvote.votes.polls import service as polls
from mvote.votes.proposals.errors import (
    CallAltered,
    CallOfOtherDepartment,
    CallRefused,
    CallUnknown,
    TooManyCalls,
)
from mvote.votes.proposals.rules import CallEnded, CallOpened
from mvote.votes.proposals.rules_calls import AskedOfCall, Call, CallDefinition, check_call
from mvote.votes.proposals.service.thresholds import find_thresholds
from mvote.votes.proposals.tables import CallRow

KEPT_CALLS = 512


def open_call(asked: AskedOfCall, *, official: Official, now: datetime) -> Call:
    """Freeze a call.  Its digest and that of its thresholds go into the audit log.

    Raises CallRefused, CallOfOtherDepartment, TooManyCalls, NumbersNotKnown.
    """
    require_own(asked.department, official)
    with transaction("votes") as session:
        _check_room(session, asked.department)
        made = _define(session, asked, now=now.replace(microsecond=0))
        settings = installation().settings
        latest = now + timedelta(days=settings.standing_call_days)
        check_call(made, now=now, most_lasting=latest)
        spelled = canonical_bytes(made.to_json()).decode()
        row = CallRow(
            id=made.id,
            department=made.department,
            definition=spelled,
            digest=made.digest,
            opens_at=made.opens,
            ends_at=made.closes,
            poll="",
        )
        session.add(row)
        session.flush()
        participation.open_scope(
            session,
            made.id,
            kind="call",
            audience=made.audience,
            proof=made.proof,
            roll_key=made.roll_key,
            closes=_behind(made.closes or latest),
            now=now,
        )
        told = CallOpened(
            made.id,
            digest=made.digest,
            thresholds=made.thresholds.digest,
            department=made.department,
            by=official.id,
        )
        record(session, "votes", told, now=now)
        return to_call(row, made)


def _define(session: Session, asked: AskedOfCall, *, now: datetime) -> CallDefinition:
    thresholds = find_thresholds(session, asked.thresholds)
    if thresholds is None:
        raise CallRefused({"thresholds": ["is not a known set"]})
    known = {one.code for one in polls.list_departments()}
    if asked.department not in known:
        raise CallRefused({"department": ["is not known"]})
    if any(one.department and one.department not in known for one in asked.topics):
        raise CallRefused({"topics": ["names a department that is not known"]})
    return CallDefinition(
        **asked.terms(),
        id=new_id(),
        opens=max(asked.opens or now, now),
        thresholds=thresholds,
        per_citizen=installation().settings.proposals_per_citizen,
    )


def _check_room(session: Session, department: str) -> None:
    most = installation().settings.calls_per_department
    running = select(func.count()).where(
        CallRow.department == department, CallRow.ended_at.is_(None)
    )
    if (session.scalar(running) or 0) >= most:
        raise TooManyCalls(most=most)


def end_call(call_id: str, *, reason: Words, official: Official, now: datetime) -> Call:
    """Take no more proposals from now on; those that there are go on collecting.

    Ended already, it stays as it was.  Raises CallUnknown, CallOfOtherDepartment.
    """
    with transaction("votes") as session:
        row = lock_call(session, call_id)
        require_own(row.department, official)
        if row.ended_at is None:
            row.ends_at = min(row.ends_at or now, now).replace(microsecond=0)
            row.ending = canonical_bytes(dict(reason)).decode()
            _end(session, row, by=official.id, now=now)
        return to_call(row, definition_of(call_id))


def end_calls(now: datetime) -> int:
    """End every call whose time has passed; returns how many."""
    due = select(CallRow.id).where(CallRow.ends_at < now, CallRow.ended_at.is_(None))
    with reading("votes") as session:
        found = session.scalars(due.order_by(CallRow.id)).all()
    ended = 0
    for call_id in found:
        with transaction("votes") as session:
            row = lock_call(session, call_id)
            if row.ended_at is None:
                _end(session, row, by="", now=now)
                ended += 1
    return ended


def _end(session: Session, row: CallRow, *, by: str, now: datetime) -> None:
    row.ended_at = now.replace(microsecond=0)
    session.flush()
    participation.close_scope(session, row.id, now=now)
    record(session, "votes", CallEnded(row.id, department=row.department, by=by), now=now)


def get_call(call_id: str) -> Call:
    """Raises CallUnknown, CallAltered."""
    with reading("votes") as session:
        row = session.get(CallRow, call_id) if is_id(call_id) else None
        if row is None:
            raise CallUnknown()
        return to_call(row, definition_of(call_id))


def list_calls(*, after: tuple[datetime, str] | None, limit: int) -> Sequence[Call]:
    """Calls, the last opened first, behind the time of opening and id in ``after``."""
    query = select(CallRow).order_by(CallRow.opens_at.desc(), CallRow.id).limit(limit)
    if after is not None:
        at, name = after
        same = and_(CallRow.opens_at == at, CallRow.id > name)
        query = query.where(or_(CallRow.opens_at < at, same))
    with reading("votes") as session:
        return [to_call(row, _said(row)) for row in session.scalars(query)]


def _said(row: CallRow) -> CallDefinition:
    return CallDefinition.from_json(json.loads(row.definition))


@lru_cache(maxsize=KEPT_CALLS)
def definition_of(call_id: str) -> CallDefinition:
    """What was frozen, held against what the audit log was told as the call opened.

    Raises CallUnknown, CallAltered.
    """
    with reading("votes") as session:
        text = session.scalar(select(CallRow.definition).where(CallRow.id == call_id))
    if text is None:
        raise CallUnknown()
    made = CallDefinition.from_json(json.loads(text))
    told = list_page("votes", after=0, limit=1, subject=call_id, name="CallOpened")
    if not told or told[0].body["digest"] != made.digest:
        raise CallAltered(call=call_id)
    return made


def lock_call(session: Session, call_id: str) -> CallRow:
    """The row of a call, which no other transaction can now change.  Raises CallUnknown."""
    known = is_id(call_id)
    row = session.get(CallRow, call_id, with_for_update=True) if known else None
    if row is None:
        raise CallUnknown()
    return row


def require_own(department: str, official: Official) -> None:
    """Raises CallOfOtherDepartment."""
    if not official.speaks_for(department):
        raise CallOfOtherDepartment(department=department)


def _behind(last: datetime) -> datetime:
    """A scope takes acts before its close, and what is shown as the last second still counts."""
    return last + timedelta(seconds=1)


def to_call(row: CallRow, definition: CallDefinition) -> Call:
    return Call(
        definition=definition,
        digest=row.digest,
        ends=row.ends_at,
        ended=row.ended_at,
        decided=row.decided_at,
        ending=json.loads(row.ending) if row.ending else None,
        decision=json.loads(row.decision) if row.decision else None,
        poll=row.poll,
    )
