"""What a board notes about its poll, and its last entry, behind which nothing stands."""

import json
import logging
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mvote.audit.rules import Entry
from mvote.audit.service import list_entries, read_on, record
from mvote.core.canonical import JSON
from mvote.core.phases import CLOSING
from mvote.core.poll_notes import note_entry
from mvote.core.times import iso
from mvote.db import reading, transaction
from mvote.votes.ballots.rules import (
    CANCEL,
    CLOSE,
    NOTE,
    POLL,
    RESUME,
    SUSPEND,
    BoardBatchSealed,
    BoardDoesNotAddUp,
    close_entry,
)
from mvote.votes.ballots.service.batches import forget_arrivals
from mvote.votes.ballots.service.board import (
    append_entry,
    board_size,
    count_on_board,
    grow_board,
    move_inbox,
)
from mvote.votes.ballots.service.published import (
    going_on,
    is_known,
    publish_newest,
    record_once,
)
from mvote.votes.ballots.service.texts import drop_texts
from mvote.votes.ballots.tables import EntryRow
from mvote.votes.polls import service as polls
from mvote.votes.polls.rules import Poll

log = logging.getLogger("mvote.ballots")

READER = "boards"
KINDS = {
    "PollFrozen": POLL,
    "PollSuspended": SUSPEND,
    "PollResumed": RESUME,
    "PollCancelled": CANCEL,
    "PollNoted": NOTE,
}


NOTED = ("number", "about", "text", "corrects", "outage", "roll", "quarantine")


def note_states(_now: datetime) -> int:
    """Put what happened to polls on their boards, in the order in which it happened."""
    noted: set[str] = set()

    def take(session: Session, entry: Entry) -> None:
        noted.add(entry.subject)
        _note(session, entry)

    done = read_on("votes", READER, take, names=tuple(KINDS))
    for poll in sorted(noted):
        with going_on(poll):
            publish_newest(poll)
    return done


def _note(session: Session, entry: Entry) -> None:
    """A board that stands still does not hold up the others: its alarm is told afterwards."""
    kind, poll = KINDS[entry.name], entry.subject
    polls.take_gate(session, poll, exclusive=True)
    if polls.find_poll(poll) is None:  # a rehearsal that was removed
        return
    if not is_known(session, poll) or not _belongs(entry):
        return
    if kind == POLL:
        append_entry(session, poll, kind=kind, body=json.loads(polls.definition_text_of(poll)))
        grow_board(session, poll, batch_at=entry.at)
    elif size := board_size(session, poll):
        if kind == CANCEL:
            size += move_inbox(session, poll)
        append_entry(session, poll, kind=kind, body=_body_of(entry, kind, size))
        grow_board(session, poll, batch_at=entry.at if kind == CANCEL else None)
        if kind == CANCEL:
            drop_texts(session, poll)


def _belongs(entry: Entry) -> bool:
    """What officials note behind the last entry stands on no board."""
    return KINDS[entry.name] != NOTE or bool(entry.body["on_board"])


def _body_of(entry: Entry, kind: str, position: int) -> dict[str, JSON]:
    if kind == NOTE:
        told = {key: entry.body.get(key) for key in NOTED}
        return note_entry(position=position, at=entry.at, **told)
    body: dict[str, JSON] = {"type": kind, "position": position, "at": iso(entry.at)}
    if "reason" in entry.body:
        body["reason"] = entry.body["reason"]
    return body


def finish_boards(now: datetime) -> int:
    """Close every poll that stopped and whose issued list has come; returns how many it closed."""
    waiting = [poll for poll in polls.list_in_state(CLOSING) if poll.issued is not None]
    finished = 0
    for poll in waiting:
        with going_on(poll.id):
            finished += finish_board(poll, now=now)
            publish_newest(poll.id)
    if finished:
        forget_arrivals()
    return finished


def finish_board(poll: Poll, *, now: datetime) -> int:
    """Move all that is left, write the last entry and mark the poll closed, in one transaction.

    Returns 1 where the poll was closed.  Where more voted than were given permits
    nothing is changed but an alarm in the log: closing would hide it.
    """
    if not _all_noted(poll.id):
        return 0
    with transaction("votes") as session:
        polls.take_gate(session, poll.id, exclusive=True)
        found = polls.lock_poll(session, poll.id)
        if found.state != CLOSING or found.issued is None or found.issued_sha256 is None:
            return 0
        if not _all_noted(poll.id):  # a note came before the poll was locked
            return 0
        moved = move_inbox(session, poll.id)
        ballots, voters = count_on_board(session, poll.id)
        if voters <= found.issued:
            _write_last_entry(session, found, moved=moved, counted=(ballots, voters), now=now)
            return 1
        session.rollback()
    _raise_alarm(BoardDoesNotAddUp(poll.id, voters=voters, issued=found.issued), now=now)
    return 0


def _write_last_entry(
    session: Session, poll: Poll, *, moved: int, counted: tuple[int, int], now: datetime
) -> None:
    ballots, voters = counted
    body = close_entry(
        ballots=ballots,
        voters=voters,
        issued=poll.issued or 0,
        issued_sha256=poll.issued_sha256 or "",
        apart=poll.apart,
    )
    append_entry(session, poll.id, kind=CLOSE, body=body)
    tree = grow_board(session, poll.id, batch_at=now)
    record(session, "votes", BoardBatchSealed(poll.id, n=moved, size=tree.size), now=now)
    polls.mark_closed(session, poll.id, now=now)


def _all_noted(poll: str) -> bool:
    """Whether everything that the log says of the poll stands on its board."""
    entries = list_entries("votes", subject=poll)
    said = sum(entry.name in KINDS and _belongs(entry) for entry in entries)
    query = select(func.count()).where(EntryRow.poll == poll, EntryRow.kind.in_(KINDS.values()))
    with reading("votes") as session:
        return session.scalar(query) == said


def _raise_alarm(alarm: BoardDoesNotAddUp, *, now: datetime) -> None:
    """Told once: the job comes by every second until somebody has looked."""
    if any(entry.name == alarm.name for entry in list_entries("votes", subject=alarm.subject)):
        return
    log.critical(
        "poll %s stays unclosed: %s voted, %s permits were issued",
        alarm.subject,
        alarm.voters,
        alarm.issued,
    )
    record_once(alarm, now=now)
