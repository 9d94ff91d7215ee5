"""Declare an outage: by the rule frozen in the poll, its closing moves by the outage's length.

The definition stays as it is.  The note that tells of the outage says when the poll closes
now, everyone reads it and the board carries it; the people wing is told, so that permits are
issued for as long.
"""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.canonical import JSON
from mvote.core.official import Official
from mvote.core.outage import Outage, moved_closing
from mvote.core.phases import check_act
from mvote.core.poll import PollDefinition
from mvote.core.poll_notes import Moved, read_moved
from mvote.core.text import Words
from mvote.core.times import iso, parse_iso
from mvote.db import transaction
from mvote.exchange.service import publish
from mvote.votes.polls.rules import OUTAGE, ClosingMoved, Note, PendingAct
from mvote.votes.polls.service.deciding import (
    check_time_left,
    decide_together,
    lock_own,
    require_decider,
)
from mvote.votes.polls.service.notes import add_note
from mvote.votes.polls.tables import PollNoteRow, PollRow


def declare_outage(
    poll_id: str,
    *,
    outage: Outage | None = None,
    reason: Words | None = None,
    official: Official,
    pending: str | None = None,
    now: datetime,
) -> Note | PendingAct:
    """Move the closing by the length of an outage, when two officials have declared it.

    ``outage`` and ``reason`` may be missing only beside ``pending``, the request that a
    second official confirms; what was asked for counts.  Raises PollUnknown,
    NotYourDepartment, the refusals of a poll that is not open, ClosingTimePassed, those of
    ``core.outage.moved_closing``, and those of ``decide_together``.
    """
    with transaction("votes") as session:
        row = lock_own(session, poll_id, official, gate=True)
        if pending is not None:
            require_decider(session, row, official)
        check_act(row.state, "extend")
        check_time_left(row, now)
        if outage is not None:
            _moved(session, row, outage, now=now)
        asked = decide_together(
            session, row, OUTAGE, _spell(outage, reason), pending, official=official, now=now
        )
        if isinstance(asked, PendingAct):
            return asked
        return _move(session, row, asked, by=official.id, now=now)


def _move(
    session: Session, row: PollRow, asked: Mapping[str, JSON], *, by: str, now: datetime
) -> Note:
    outage = Outage(parse_iso(asked["begin"]), parse_iso(asked["end"]))
    before, row.closes_at = row.closes_at, _moved(session, row, outage, now=now)
    row.revision += 1
    moved = Moved(outage, row.closes_at)
    note = add_note(session, row, about=OUTAGE, text=asked["reason"], by=by, outage=moved, now=now)
    happening = ClosingMoved(
        row.id, by=by, note=note.number, before=iso(before), closes=iso(row.closes_at)
    )
    record(session, "votes", happening, now=now)
    body = {"state": row.state, "at": iso(now), "closes": iso(row.closes_at)}
    publish(session, "votes", kind="poll-state", poll=row.id, body=body)
    return note


def _moved(session: Session, row: PollRow, outage: Outage, *, now: datetime) -> datetime:
    """When the poll closes with this outage.  Raises as ``moved_closing``."""
    frozen = PollDefinition.from_json(json.loads(row.definition or ""))
    told = select(PollNoteRow.outage).where(
        PollNoteRow.poll == row.id, PollNoteRow.outage.is_not(None)
    )
    return moved_closing(
        outage,
        rule=frozen.outage,
        frozen=frozen.closes,
        closes=row.closes_at,
        opened=row.opened_at or row.closes_at,
        before=[read_moved(json.loads(one or "")).outage for one in session.scalars(told)],
        now=now,
    )


def _spell(outage: Outage | None, reason: Words | None) -> dict[str, JSON]:
    made: dict[str, JSON] = {"reason": dict(reason)} if reason else {}
    if outage is not None:
        made |= {"begin": iso(outage.begin), "end": iso(outage.end)}
    return made
