"""What proves that a ballot is on the board, and that a board only grew."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from mvote.core.secrecy.levels import publishes_ballots
from mvote.core.secrecy.merkle import HASH_LENGTH, TILE_HEIGHT, TILE_WIDTH, TileTree
from mvote.db import reading
from mvote.installation import installation
from mvote.votes.ballots.errors import (
    BallotsNotPublished,
    EntriesAfterClose,
    EntryTooLongForTile,
    PrefixMalformed,
    PrefixTooLong,
    PrefixTooShort,
    TileNotThere,
    TreeSizeUnknown,
)
from mvote.votes.ballots.rules import Place, Tree, prefix_digits
from mvote.votes.ballots.service.published import get_tree
from mvote.votes.ballots.service.reading import COMPLETE
from mvote.votes.ballots.service.trees import BoardTiles
from mvote.votes.ballots.tables import EntryRow
from mvote.votes.polls import service as polls

MOST_ENTRY_BYTES = 2**16 - 1
KEPT_ANSWERS = 16
DIGIT_BITS = 4
PREFIX = re.compile(r"[0-9a-f]{0,64}")


@dataclass(frozen=True, slots=True)
class Leaves:
    """Leaves that begin alike, with proofs for ``tree``."""

    tree: Tree
    places: Sequence[Place]


def get_checkpoint(poll_id: str) -> str:
    """The newest signed checkpoint.  Raises PollUnknown, BoardNotReady, BoardBehindCheckpoint."""
    return _tree(poll_id).checkpoint


def list_leaves(poll_id: str, *, prefix: str) -> Leaves:
    """Leaves whose hexadecimal form begins with ``prefix``, so many that none stands out.

    Raises PollUnknown, BoardNotReady, BoardBehindCheckpoint, PrefixMalformed, PrefixTooLong,
    PrefixTooShort.
    """
    if not PREFIX.fullmatch(prefix):
        raise PrefixMalformed()
    tree, least = _tree(poll_id), installation().settings.board_leaves
    digits = prefix_digits(tree.size, least=least)
    if len(prefix) > digits:
        raise PrefixTooLong(most=digits)
    if len(prefix) < digits:
        raise PrefixTooShort(least=digits)
    return Leaves(tree, _places(poll_id, tree.root, tree.size, prefix, least))


def prove_consistency(poll_id: str, *, first: int, second: int) -> list[bytes]:
    """The proof that the board of size ``second`` extends that of ``first``.

    Raises PollUnknown, BoardNotReady, BoardBehindCheckpoint, TreeSizeUnknown.
    """
    size = _tree(poll_id).size
    if not 1 <= first <= second <= size:
        raise TreeSizeUnknown(size=size)
    with reading("votes") as session:
        return TileTree(BoardTiles(session, poll_id), size).consistency(first, second)


def get_tile(poll_id: str, *, level: int, number: int, width: int) -> bytes:
    """``width`` hashes of a tile, 32 bytes each; 256 are a full one.

    Raises PollUnknown, BoardNotReady, BoardBehindCheckpoint, TileNotThere.
    """
    _check_within(_tree(poll_id).size, level, number, width)
    with reading("votes") as session:
        return BoardTiles(session, poll_id).get(level, number)[: width * HASH_LENGTH]


def get_entries(poll_id: str, *, number: int, width: int) -> bytes:
    """The entries under a tile of leaves, each behind its length in two bytes.

    Raises PollUnknown, BallotsNotPublished, EntriesAfterClose, BoardNotReady,
    BoardBehindCheckpoint, TileNotThere, EntryTooLongForTile.
    """
    if not publishes_ballots(polls.definition_of(_public(poll_id)).level):
        raise BallotsNotPublished()
    if polls.get_poll(poll_id).state not in COMPLETE:
        raise EntriesAfterClose()
    _check_within(get_tree(poll_id).size, 0, number, width)
    first = number * TILE_WIDTH
    query = select(EntryRow.body).where(
        EntryRow.poll == poll_id, EntryRow.position >= first, EntryRow.position < first + width
    )
    with reading("votes") as session:
        entries = [body.encode() for body in session.scalars(query.order_by(EntryRow.position))]
    if any(len(entry) > MOST_ENTRY_BYTES for entry in entries):
        raise EntryTooLongForTile()
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def _public(poll_id: str) -> str:
    """Raises PollUnknown, also before freezing."""
    return polls.get_public_poll(poll_id).id


def _tree(poll_id: str) -> Tree:
    return get_tree(_public(poll_id))


def _check_within(size: int, level: int, number: int, width: int) -> None:
    """A tile of the published tree, as wide as it is by now at most.  Raises TileNotThere."""
    hashes = size >> TILE_HEIGHT * level
    if not 0 < width <= min(TILE_WIDTH, hashes - number * TILE_WIDTH):
        raise TileNotThere()


@lru_cache(maxsize=KEPT_ANSWERS)
def _places(poll_id: str, _root: bytes, size: int, prefix: str, least: int) -> Sequence[Place]:
    """Computed once for each tree and prefix; everyone who asks gets the same."""
    with reading("votes") as session:
        found = _widened(session, poll_id, size, prefix, least)
        tree = TileTree(BoardTiles(session, poll_id), size)
        return [Place(place, leaf, tree.inclusion(place, size)) for place, leaf in found]


def _widened(
    session: Session, poll_id: str, size: int, prefix: str, least: int
) -> Sequence[tuple[int, bytes]]:
    """The leaves under the longest beginning of ``prefix`` that holds ``least`` of them, or all."""
    bits, number = DIGIT_BITS * len(prefix), int(prefix or "0", 16)
    while True:
        found = _under(session, poll_id, size, number, bits)
        if bits == 0 or len(found) >= least:
            return found
        bits, number = bits - 1, number >> 1


def _under(
    session: Session, poll_id: str, size: int, number: int, bits: int
) -> Sequence[tuple[int, bytes]]:
    """Leaves of the tree that begin with these bits, by position."""
    low = (number << 8 * HASH_LENGTH - bits).to_bytes(HASH_LENGTH, "big")
    high = ((number + 1 << 8 * HASH_LENGTH - bits) - 1).to_bytes(HASH_LENGTH, "big")
    query = select(EntryRow.position, EntryRow.leaf).where(
        EntryRow.poll == poll_id,
        EntryRow.leaf >= low,
        EntryRow.leaf <= high,
        EntryRow.position < size,
    )
    rows = session.execute(query.order_by(EntryRow.position))
    return [(row.position, bytes(row.leaf)) for row in rows]
