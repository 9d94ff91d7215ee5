"""The Merkle tree over a board: kept in tiles, signed at every size that it had."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mvote.core.secrecy.checkpoint import make_checkpoint
from mvote.core.secrecy.merkle import TileTree
from mvote.installation import installation
from mvote.votes.ballots.rules import Tree, board_origin
from mvote.votes.ballots.service.published import newest_tree, require_known
from mvote.votes.ballots.service.signing import board_key_of
from mvote.votes.ballots.tables import EntryRow, TileRow, TreeRow
from mvote.votes.polls import service as polls

AT_ONCE = 1000


class BoardTiles:
    """The tiles of one board, for ``merkle.TileTree``."""

    def __init__(self, session: Session, poll: str) -> None:
        self._session, self._poll = session, poll

    def get(self, level: int, number: int) -> bytes:
        query = select(TileRow.data).where(
            TileRow.poll == self._poll, TileRow.level == level, TileRow.number == number
        )
        return bytes(self._session.scalar(query) or b"")

    def put(self, level: int, number: int, data: bytes) -> None:
        row = self._session.get(TileRow, (self._poll, level, number))
        if row is None:
            self._session.add(TileRow(poll=self._poll, level=level, number=number, data=data))
        else:
            row.data = data


def grow_tree(session: Session, poll: str, *, voters: int, batch_at: datetime | None) -> Tree:
    """Take every entry that is not in the tree into it, and sign what it has become.

    Every writer on a board ends with this, behind the poll's gate.  ``batch_at`` is the
    time of a batch; where none came, the time of the last one stays.
    Raises BoardBehindCheckpoint, BoardKeyMissing.
    """
    require_known(session, poll)
    before = newest_tree(session, poll)
    tree = TileTree(BoardTiles(session, poll), before.size if before else 0)
    size = tree.append(_leaves_behind(session, poll, tree.size))
    at = batch_at or (before.at if before else None)
    if at is None:
        raise ValueError("the first tree of a board needs a time")
    root = tree.root()
    origin = _origin(before) or board_origin(installation().settings.public_url, poll)
    board_key = board_key_of(polls.definition_of(poll))
    checkpoint = make_checkpoint(board_key, origin=origin, size=size, root=root)
    row = TreeRow(poll=poll, size=size, root=root, voters=voters, at=at, checkpoint=checkpoint)
    session.add(row)
    session.flush()
    return Tree(size, root, voters, at, checkpoint)


def _leaves_behind(session: Session, poll: str, size: int) -> Iterator[bytes]:
    """The leaf hashes of the entries from position ``size`` on."""
    query = select(EntryRow.leaf).where(EntryRow.poll == poll, EntryRow.position >= size)
    query = query.order_by(EntryRow.position).execution_options(yield_per=AT_ONCE)
    for leaf in session.scalars(query):
        yield bytes(leaf)


def _origin(before: Tree | None) -> str | None:
    """A board keeps the name under which it began, also where the city's address changes."""
    return before.checkpoint.partition("\n")[0] if before else None
