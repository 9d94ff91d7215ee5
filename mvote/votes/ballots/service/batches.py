"""Seal batches: ballots leave the inbox together, and the disk does not keep who came when."""

import logging
from datetime import datetime, timedelta
from weakref import WeakSet

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.phases import CLOSING, OPEN, SUSPENDED
from mvote.db import engine, reading, take_off_disk, transaction
from mvote.installation import installation
from mvote.votes.ballots.rules import BoardBatchSealed
from mvote.votes.ballots.service.board import board_is_complete, grow_board, move_inbox
from mvote.votes.ballots.service.published import going_on, publish_newest
from mvote.votes.ballots.tables import InboxRow, TreeRow
from mvote.votes.polls import service as polls
from mvote.votes.polls.rules import Poll

log = logging.getLogger("mvote.ballots")

BATCHED = (OPEN, SUSPENDED, CLOSING)

_not_forgotten: WeakSet[Engine] = WeakSet()
"""Databases whose log was in use when it should have been cut; tried again every round."""


def seal_batches(now: datetime) -> int:
    """Move the inbox of every poll whose batch is due; returns how many it sealed."""
    batched = polls.list_in_state(*BATCHED)
    with reading("votes") as session:
        due = [poll for poll in batched if _is_due(session, poll, now)]
    sealed = 0
    for poll in due:
        with going_on(poll.id):
            sealed += _seal_batch(poll, now=now)
            publish_newest(poll.id)
    if sealed or engine("votes") in _not_forgotten:
        forget_arrivals()
    return sealed


def _seal_batch(poll: Poll, *, now: datetime) -> int:
    """Move one poll's inbox if its batch is still due; returns 1 where it was."""
    with transaction("votes") as session:
        polls.take_gate(session, poll.id, exclusive=True)
        if not _is_due(session, poll, now) or board_is_complete(session, poll.id):
            return 0
        moved = move_inbox(session, poll.id)
        tree = grow_board(session, poll.id, batch_at=now)
        sealed = BoardBatchSealed(poll.id, n=moved, size=tree.size)
        record(session, "votes", sealed, now=now)
    return 1


def _is_due(session: Session, poll: Poll, now: datetime) -> bool:
    """Enough voters to hide among, and enough time since the last batch or the opening.

    Voters, not ballots: one who votes again and again would fill a batch for the next one.
    A poll that is closing waits for nothing, least of all for the other wing: its
    receipts promise a place on the board by a fixed time.
    """
    settings = installation().settings
    inbox = select(InboxRow.voter_key).where(InboxRow.poll == poll.id)
    if poll.state == CLOSING:
        return session.scalar(inbox.limit(1)) is not None
    last = session.scalar(select(func.max(TreeRow.at)).where(TreeRow.poll == poll.id))
    if last is None or poll.opened_at is None:
        return False
    if now < max(last, poll.opened_at) + timedelta(seconds=settings.batch_seconds):
        return False
    least = max(1, settings.batch_ballots)
    return len(session.scalars(inbox.distinct().limit(least)).all()) == least


def forget_arrivals(*, texts: bool = False) -> None:
    """Take the order of arrival off the disk too; where it cannot be now, the next round does.

    ``texts``: also whose the texts were that were given away.
    """
    votes = engine("votes")
    rewritten = ("ballot_texts",) if texts or votes in _not_forgotten else ()
    if take_off_disk("votes", "ballot_inbox", "text_inbox", rewritten=rewritten):
        _not_forgotten.discard(votes)
    elif votes not in _not_forgotten:
        _not_forgotten.add(votes)
        log.warning("the write-ahead log was in use and still holds the last batch's arrivals")
