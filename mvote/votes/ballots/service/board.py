"""Write on a board.

Every caller holds the poll's gate exclusively and ends with ``grow_board``, in the same
transaction.
"""

from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from mvote.core.canonical import JSON, canonical_bytes
from mvote.core.secrecy.ballot import leaf_of_bytes
from mvote.votes.ballots.rules import BALLOT, LAST, Tree
from mvote.votes.ballots.service.texts import move_texts
from mvote.votes.ballots.service.trees import grow_tree
from mvote.votes.ballots.tables import EntryRow

_MOVE = text(
    """
    INSERT INTO board_entries (poll, position, kind, leaf, voter_key, seq, body)
    SELECT poll, :size - 1 + row_number() OVER (ORDER BY leaf), 'ballot', leaf, voter_key, seq, body
    FROM ballot_inbox WHERE poll = :poll ORDER BY leaf
    """
)
_EMPTY = text("DELETE FROM ballot_inbox WHERE poll = :poll")


def board_size(session: Session, poll: str) -> int:
    """The number of entries on a board."""
    last = session.scalar(select(func.max(EntryRow.position)).where(EntryRow.poll == poll))
    return 0 if last is None else last + 1


def board_is_complete(session: Session, poll: str) -> bool:
    """Whether the entry is there behind which nothing stands."""
    query = select(EntryRow.position).where(EntryRow.poll == poll, EntryRow.kind.in_(LAST))
    return session.scalar(query) is not None


def append_entry(session: Session, poll: str, *, kind: str, body: JSON) -> None:
    """Put an entry that is no ballot behind the others."""
    if board_is_complete(session, poll):
        raise RuntimeError(f"nothing can stand behind the last entry of the board of {poll}")
    canonical = canonical_bytes(body)
    row = EntryRow(
        poll=poll,
        position=board_size(session, poll),
        kind=kind,
        leaf=leaf_of_bytes(canonical),
        body=canonical.decode(),
    )
    session.add(row)
    session.flush()


def move_inbox(session: Session, poll: str) -> int:
    """Move the whole inbox behind the others, ordered by leaf; returns how many ballots moved.

    The texts beside them move too.

    One statement writes them in that order, so that neither the place of a row on the
    disk nor the transaction that wrote it tells who came first.
    """
    if board_is_complete(session, poll):
        raise RuntimeError(f"nothing can stand behind the last entry of the board of {poll}")
    session.execute(_MOVE, {"poll": poll, "size": board_size(session, poll)})
    moved = int(session.execute(_EMPTY, {"poll": poll}).rowcount)  # type: ignore[attr-defined]
    move_texts(session, poll)
    return moved


def grow_board(session: Session, poll: str, *, batch_at: datetime | None = None) -> Tree:
    """Take what was written into the tree.  Raises BoardBehindCheckpoint: then nothing is kept.

    ``batch_at`` stands where ballots moved, or the first entry came.
    """
    voters = count_on_board(session, poll)[1]
    return grow_tree(session, poll, voters=voters, batch_at=batch_at)


def count_on_board(session: Session, poll: str) -> tuple[int, int]:
    """Ballots on the board, and voters who cast them."""
    query = select(func.count(), func.count(EntryRow.voter_key.distinct())).where(
        EntryRow.poll == poll, EntryRow.kind == BALLOT
    )
    ballots, voters = session.execute(query).one()
    return ballots, voters
