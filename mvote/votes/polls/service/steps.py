"""What happens to a poll by itself: freezing, the schedule, the way from closing to published."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.canonical import JSON, b64u, canonical_bytes
from mvote.core.document import DocumentMalformed
from mvote.core.eligibility import is_open_to
from mvote.core.phases import (
    CLOSED,
    CLOSING,
    DRAFT,
    FROZEN,
    OPEN,
    PUBLISHED,
    SUSPENDED,
    check_act,
)
from mvote.core.poll import PollDefinition, PollDraft
from mvote.core.secrecy.keys import raw_public
from mvote.core.secrecy.levels import publishes_ballots
from mvote.core.text import Words
from mvote.core.times import iso
from mvote.db import reading, transaction
from mvote.exchange.service import publish
from mvote.installation import installation
from mvote.votes.polls.errors import IssuedListMissing
from mvote.votes.polls.rules import (
    SCHEDULE,
    Apart,
    IssuedListTaken,
    PollCancelled,
    PollClosed,
    PollClosing,
    PollFrozen,
    PollOpened,
)
from mvote.votes.polls.service.issued import keep_issued
from mvote.votes.polls.service.quarantine import forget_marks, keep_apart
from mvote.votes.polls.service.revisions import drop_revisions
from mvote.votes.polls.service.turns import lock_row, take_gate
from mvote.votes.polls.tables import PollRow

UNOPENED: Words = {
    "ko": "마감 시각까지 시작되지 않아 취소되었습니다.",
    "en": "Nobody opened it before its closing time.",
}


def freeze_poll(
    session: Session, poll_id: str, *, issuer: Sequence[JSON], roll: JSON, now: datetime
) -> None:
    """Complete the approved poll with what the people wing says, and keep it so for ever.

    Raises PollUnknown, PollNotApproved, AlreadyFrozen, PollCancelled, DefinitionRefused.
    """
    row = lock_row(session, poll_id)
    after = check_act(row.state, "freeze")
    board_key = b64u(raw_public(installation().keys["votes"]["board"].public))
    approved = PollDraft.from_json(json.loads(row.draft)).approved(poll=row.id).to_json()
    definition = PollDefinition.from_json(
        {**approved, "roll": roll, "issuer": issuer, "board_key": board_key}
    )
    frozen = definition.to_json()
    row.definition, row.ph = canonical_bytes(frozen).decode(), definition.hash
    row.private = not is_open_to(definition.audience)
    row.frozen_at = now.replace(microsecond=0)
    row.state, row.revision = after, row.revision + 1
    drop_revisions(session, row.id)
    publish(session, "votes", kind="poll-frozen", poll=row.id, body=frozen)
    happening = PollFrozen(row.id, ph=row.ph, department=row.department, record=row.record)
    record(session, "votes", happening, now=now)


def open_due(now: datetime) -> int:
    """Open every frozen poll whose time has come; returns how many."""
    due = _due((PollRow.state == FROZEN) & (PollRow.opens_at <= now))
    return sum(_open_one(poll_id, now) for poll_id in due)


def close_due(now: datetime) -> int:
    """Close every open or suspended poll whose time is over; returns how many.

    One that was put back from a copy may lack ballots, so two officials close or cancel it.
    """
    over = PollRow.state.in_((OPEN, SUSPENDED)) & (PollRow.closes_at <= now)
    due = _due(over & PollRow.restored_at.is_(None))
    return sum(_close_one(poll_id, now) for poll_id in due)


def cancel_unopened(now: datetime) -> int:
    """Cancel every poll that opens by hand and did not before its closing time; returns how many.

    Else it would be announced for ever, and the link between citizens and permits kept.
    """
    unopened = (PollRow.state == FROZEN) & PollRow.opens_at.is_(None) & (PollRow.closes_at <= now)
    return sum(_cancel_one(poll_id, now) for poll_id in _due(unopened))


def take_issued_list(
    session: Session,
    poll_id: str,
    *,
    issued: int,
    sha256: str,
    hashes: Sequence[str] | None = None,
    apart: Apart | None = None,
    now: datetime,
) -> None:
    """Keep what the people wing issued for a poll that is closing.

    ``hashes`` (hexadecimal, sorted) have to be told where ballots are published, and are
    left out elsewhere.  ``apart`` has to be told where the poll has rules for it.  Raises
    PollUnknown, DocumentMalformed and the refusal of a poll that is not closing.
    """
    row = lock_row(session, poll_id)
    check_act(row.state, "seal")
    if (hashes is not None) != publishes_ballots(json.loads(row.draft)["level"]):
        raise DocumentMalformed(field="hashes")
    if not keep_apart(row, apart, issued=issued):
        raise DocumentMalformed(field="quarantine")
    keep_issued(session, poll_id, hashes or ())
    row.issued, row.issued_sha256 = issued, sha256
    row.revision += 1
    record(session, "votes", IssuedListTaken(row.id, issued=issued, sha256=sha256), now=now)


def mark_closed(session: Session, poll_id: str, *, now: datetime) -> None:
    """The last entry stands on the board; the caller holds the gate.

    Raises PollUnknown, IssuedListMissing and the refusal of a poll that is not closing.
    """
    row = lock_row(session, poll_id)
    check_act(row.state, "seal")
    if row.issued is None:
        raise IssuedListMissing()
    row.state, row.closed_at = CLOSED, now.replace(microsecond=0)
    row.revision += 1
    happening = PollClosed(row.id, department=row.department, record=row.record)
    record(session, "votes", happening, now=now)


def mark_published(session: Session, poll_id: str, *, now: datetime) -> None:
    """The result is out; telling so in the log is the caller's.  Raises PollNotClosed, …"""
    row = lock_row(session, poll_id)
    check_act(row.state, "publish")
    row.state, row.published_at = PUBLISHED, now.replace(microsecond=0)
    forget_marks(row)
    row.revision += 1


def begin(session: Session, row: PollRow, *, by: str, now: datetime) -> None:
    """Open a poll, from which on the city owes an answer."""
    enter_state(session, row, "open", now=now)
    row.opened_at = now.replace(microsecond=0)
    days = json.loads(row.draft)["answer_days"]
    happening = PollOpened(
        row.id,
        by=by,
        department=row.department,
        record=row.record,
        closes=iso(row.closes_at),
        answer_days=days,
    )
    record(session, "votes", happening, now=now)


def end(session: Session, row: PollRow, *, by: str, now: datetime) -> None:
    """Close a poll to ballots; the caller holds its gate."""
    enter_state(session, row, "close", now=now)
    row.closing_at = now.replace(microsecond=0)
    record(session, "votes", PollClosing(row.id, by=by), now=now)


def call_off(session: Session, row: PollRow, *, reason: Words, by: str, now: datetime) -> None:
    """Cancel a poll; the caller holds its gate."""
    before = row.state
    enter_state(session, row, "cancel", reason=reason, now=now, told=before != DRAFT)
    row.cancelled_at = now.replace(microsecond=0)
    drop_revisions(session, row.id)
    happening = PollCancelled(
        row.id,
        by=by,
        before=before,
        reason=reason,
        department=row.department,
        record=row.record,
    )
    record(session, "votes", happening, now=now)


def enter_state(
    session: Session,
    row: PollRow,
    act: str,
    *,
    now: datetime,
    reason: Words | None = None,
    told: bool = True,
    together: bool = False,
) -> None:
    """Change the state and tell the people wing, unless it never heard of the poll.

    ``together``: two officials let it go on after a copy was put back.
    """
    row.state = check_act(row.state, act)
    row.reason_ko, row.reason_en = (reason["ko"], reason["en"]) if reason else (None, None)
    row.revision += 1
    if not told:
        return
    body: dict[str, JSON] = {"state": row.state, "at": iso(now)}
    if reason is not None:
        body["reason"] = dict(reason)
    if together:
        body["together"] = True
    if row.state == CLOSING:
        body["closes"] = iso(min(now, row.closes_at))
    publish(session, "votes", kind="poll-state", poll=row.id, body=body)


def _due(condition: ColumnElement[bool]) -> Sequence[str]:
    with reading("votes") as session:
        return session.scalars(select(PollRow.id).where(condition).order_by(PollRow.id)).all()


def _open_one(poll_id: str, now: datetime) -> int:
    """Once more behind the lock: an official may have been quicker."""
    with transaction("votes") as session:
        row = lock_row(session, poll_id)
        if row.state != FROZEN:
            return 0
        begin(session, row, by=SCHEDULE, now=now)
        return 1


def _close_one(poll_id: str, now: datetime) -> int:
    with transaction("votes") as session:
        take_gate(session, poll_id, exclusive=True)
        row = lock_row(session, poll_id)
        if row.state not in (OPEN, SUSPENDED) or now < row.closes_at or row.restored_at:
            return 0
        end(session, row, by=SCHEDULE, now=now)
        return 1


def _cancel_one(poll_id: str, now: datetime) -> int:
    with transaction("votes") as session:
        take_gate(session, poll_id, exclusive=True)
        row = lock_row(session, poll_id)
        if row.state != FROZEN:
            return 0
        call_off(session, row, reason=UNOPENED, by=SCHEDULE, now=now)
        return 1
