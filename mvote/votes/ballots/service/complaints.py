"""Complaints: a receipt whose ballot the board did not keep becomes a case with a date.

A complaint names its receipt, so it tells which ballot it is about; nobody has to say who
he is.  Of a ballot that comes with it only the verdict is kept.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.canonical import JSON, canonical_bytes
from mvote.core.errors import Refusal
from mvote.core.ids import is_id, new_id
from mvote.core.official import Official
from mvote.core.phases import CLOSED, PUBLISHED
from mvote.core.secrecy import keys
from mvote.core.secrecy.receipt import Receipt, read_receipt, verify_receipt
from mvote.core.text import Words
from mvote.core.times import iso, parse_iso
from mvote.db import reading, transaction
from mvote.installation import installation
from mvote.votes.ballots.errors import (
    BallotOnBoard,
    ComplaintAnswered,
    ComplaintUnknown,
    InclusionNotDue,
)
from mvote.votes.ballots.rules import Complaint, ComplaintDecided, ComplaintFiled
from mvote.votes.ballots.service.cast import check_ballot
from mvote.votes.ballots.service.published import get_tree
from mvote.votes.ballots.service.signing import board_key_of
from mvote.votes.ballots.tables import ComplaintRow, EntryRow
from mvote.votes.polls import service as polls
from mvote.votes.polls.errors import NotYourDepartment

LABEL: Final = "mvote-complaint-v1"
COMPLETE: Final = (CLOSED, PUBLISHED)
"""Nothing stands behind the last entry of these boards: what is missing stays missing."""
NONE, VALID, NOT_VALID = "none", "valid", "not-valid"


def file_complaint(
    poll_id: str, *, receipt: JSON, ballot: JSON = None, now: datetime
) -> tuple[Complaint, bool]:
    """Take up a receipt of this board whose ballot is missing; the same one twice is one case.

    Returns the complaint and whether it is new.  Raises PollUnknown, ReceiptMalformed,
    ReceiptNotValid (forged, or for another poll), BallotOnBoard, InclusionNotDue,
    BoardNotReady, BoardBehindCheckpoint.
    """
    polls.get_public_poll(poll_id)
    read = read_receipt(receipt)
    board_key = keys.load_raw(polls.definition_of(poll_id).board_key, field="board_key")
    verify_receipt(read, board_key=board_key, poll=poll_id, leaf=read.leaf)
    size = _missing_from(poll_id, read, now=now)
    verdict = _verdict(poll_id, read, ballot)
    with transaction("votes") as session:
        polls.take_gate(session, poll_id, exclusive=True)
        kept = _find(session, poll_id, read.leaf)
        if kept is not None:
            return _complaint(kept), False
        row = _row(read, size=size, verdict=verdict, now=now.replace(microsecond=0))
        session.add(row)
        happening = ComplaintFiled(poll_id, complaint=row.number, due=iso(row.due_at))
        record(session, "votes", happening, now=now)
        return _complaint(row), True


def answer_complaint(
    poll_id: str, number: str, *, upheld: bool, answer: Words, official: Official, now: datetime
) -> Complaint:
    """Decide about a complaint, once and for good.

    Raises PollUnknown, ComplaintUnknown, NotYourDepartment, ComplaintAnswered.
    """
    poll = polls.get_public_poll(poll_id)
    if not official.speaks_for(poll.department):
        raise NotYourDepartment(department=poll.department)
    with transaction("votes") as session:
        polls.take_gate(session, poll_id, exclusive=True)
        row = _get(session, poll_id, number)
        if row.answered_at is not None:
            raise ComplaintAnswered()
        row.answered_at, row.upheld = now.replace(microsecond=0), upheld
        row.answer_ko, row.answer_en = answer["ko"], answer["en"]
        decided = ComplaintDecided(poll_id, complaint=number, upheld=upheld, by=official.id)
        record(session, "votes", decided, now=now)
        return _complaint(row)


def get_complaint(poll_id: str, number: str) -> Complaint:
    """Raises PollUnknown, ComplaintUnknown."""
    polls.get_public_poll(poll_id)
    with reading("votes") as session:
        return _complaint(_get(session, poll_id, number))


def list_complaints(poll_id: str, *, after: str, limit: int) -> Sequence[Complaint]:
    """A poll's complaints behind the tracking number ``after`` (empty: from the first).

    Raises PollUnknown.
    """
    polls.get_public_poll(poll_id)
    query = select(ComplaintRow).where(ComplaintRow.poll == poll_id)
    if after:
        query = query.where(ComplaintRow.number > after)
    with reading("votes") as session:
        rows = session.scalars(query.order_by(ComplaintRow.number).limit(limit))
        return [_complaint(row) for row in rows]


def _missing_from(poll_id: str, receipt: Receipt, *, now: datetime) -> int:
    """The size of the board that does not hold the promised leaf, in time or at its end.

    Raises BallotOnBoard, InclusionNotDue, BoardNotReady, BoardBehindCheckpoint.
    """
    complete = polls.get_poll(poll_id).state in COMPLETE  # read before the tree, which it ends
    size = get_tree(poll_id).size
    query = select(EntryRow.position).where(
        EntryRow.poll == poll_id, EntryRow.leaf == receipt.leaf, EntryRow.position < size
    )
    with reading("votes") as session:
        position = session.scalar(query)
    if position is not None:
        raise BallotOnBoard(position=position, size=size)
    if not complete and now < parse_iso(receipt.include_by):
        raise InclusionNotDue(include_by=receipt.include_by)
    return size


def _verdict(poll_id: str, receipt: Receipt, ballot: JSON) -> str:
    """Whether the ballot that came along is the one of the receipt and would have counted."""
    if ballot is None:
        return NONE
    try:
        return VALID if check_ballot(poll_id, ballot).leaf == receipt.leaf else NOT_VALID
    except Refusal:
        return NOT_VALID


def _row(receipt: Receipt, *, size: int, verdict: str, now: datetime) -> ComplaintRow:
    due = now + timedelta(days=installation().settings.complaint_days)
    content: dict[str, JSON] = {
        "v": 1,
        "complaint": new_id(),
        "poll": receipt.poll,
        "receipt": receipt.to_json(),
        "size": size,
        "ballot": verdict,
        "filed": iso(now),
        "due": iso(due),
    }
    board_key = board_key_of(polls.definition_of(receipt.poll))
    signed = {**content, "sig": keys.sign(board_key, LABEL, content)}
    return ComplaintRow(
        number=content["complaint"],
        poll=receipt.poll,
        leaf=receipt.leaf,
        filed_at=now,
        due_at=due,
        body=canonical_bytes(signed).decode(),
    )


def _find(session: Session, poll_id: str, leaf: bytes) -> ComplaintRow | None:
    query = select(ComplaintRow).where(ComplaintRow.poll == poll_id, ComplaintRow.leaf == leaf)
    return session.scalar(query)


def _get(session: Session, poll_id: str, number: str) -> ComplaintRow:
    row = session.get(ComplaintRow, number) if is_id(number) else None
    if row is None or row.poll != poll_id:
        raise ComplaintUnknown()
    return row


def _complaint(row: ComplaintRow) -> Complaint:
    answer = None
    if row.answer_ko is not None and row.answer_en is not None:
        answer = {"ko": row.answer_ko, "en": row.answer_en}
    signed: Mapping[str, Any] = json.loads(row.body)
    return Complaint(
        row.number,
        row.poll,
        signed,
        row.filed_at,
        row.due_at,
        row.answered_at,
        row.upheld,
        answer,
    )
