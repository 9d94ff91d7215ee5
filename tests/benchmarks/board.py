"""How fast a board grows and proves, against what it cannot do without; run by hand, no test.

    python -m tests.benchmarks.board [--leaves 1000000] [--batch 10000] [--proofs 2000]
        [--votes-database-url …]

The anchor of growing is a bare loop over as many SHA-256 hashes of two nodes, as the tree
itself needs; that of a proof is reading as many tiles by their keys as the proof touches.
Tiles lie in the table that a board has, in a new SQLite file if no other database is named.
What was built is compared with the root over all leaves.
"""

import argparse
import hashlib
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Engine, create_engine, delete
from sqlalchemy.orm import Session

from mvote.core.secrecy.merkle import (
    HASH_LENGTH,
    TILE_HEIGHT,
    TileTree,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from mvote.operations.database import upgrade
from mvote.operations.pabulib_city import settings_for
from mvote.votes.ballots.service.trees import BoardTiles
from mvote.votes.ballots.tables import TileRow

POLL = "benchmark0000000"


def leaf(number: int) -> bytes:
    return hashlib.sha256(number.to_bytes(8, "big")).digest()


def seconds_of(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def hash_nodes(count: int) -> None:
    """The anchor: as many hashes as a tree of ``count`` leaves has nodes above them."""
    made, label = bytes(HASH_LENGTH), b"\1" + bytes(HASH_LENGTH)
    for _ in range(count):
        made = hashlib.sha256(label + made).digest()


def grow(engine: Engine, leaves: list[bytes], batch: int) -> None:
    """Every batch in a transaction of its own, by a tree that was not there before."""
    for size in range(0, len(leaves), batch):
        with Session(engine) as session, session.begin():
            TileTree(BoardTiles(session, POLL), size).append(leaves[size : size + batch])


def proofs(engine: Engine, leaves: list[bytes], places: list[int]) -> Iterator[tuple[float, float]]:
    """Seconds of an inclusion and of a consistency proof, each by a tree that kept nothing."""
    size = len(leaves)
    with Session(engine) as session:
        root = TileTree(BoardTiles(session, POLL), size).root()
        if root != root_of(leaves):
            raise RuntimeError("the tiles have another root than the leaves")
        for place in places:
            tree = TileTree(BoardTiles(session, POLL), size)
            began = time.perf_counter()
            inclusion = tree.inclusion(place, size)
            middle = time.perf_counter()
            tree = TileTree(BoardTiles(session, POLL), size)
            again = time.perf_counter()
            consistency = tree.consistency(place + 1, size)
            yield middle - began, time.perf_counter() - again
            old = tree.root(place + 1)
            good = verify_inclusion(leaves[place], place, size, inclusion, root)
            if not good or not verify_consistency(place + 1, size, old, root, consistency):
                raise RuntimeError(f"a proof about {place} proves nothing")


def read_tiles(engine: Engine, places: list[int], size: int) -> list[float]:
    """The anchor: seconds of reading one tile of every level for a leaf."""
    seconds = []
    levels = range((size.bit_length() + TILE_HEIGHT - 1) // TILE_HEIGHT)
    with Session(engine) as session:
        tiles = BoardTiles(session, POLL)
        for place in places:
            began = time.perf_counter()
            for level in levels:
                tiles.get(level, place >> TILE_HEIGHT * (level + 1))
            seconds.append(time.perf_counter() - began)
    return seconds


def show(what: str, seconds: list[float], anchor: float) -> None:
    cuts = statistics.quantiles(seconds, n=100)
    sys.stdout.write(
        f"{what:>22}: median {1000 * cuts[49]:6.3f} ms   p99 {1000 * cuts[98]:6.3f} ms   "
        f"{cuts[49] / anchor:5.2f} of reading its tiles\n"
    )


def measure(engine: Engine, count: int, batch: int, proved: int) -> None:
    say, leaves = sys.stdout.write, [leaf(number) for number in range(count)]
    bare = seconds_of(lambda: hash_nodes(count))
    grown = seconds_of(lambda: grow(engine, leaves, batch))
    say(f"{'bare hashes':>22}: {count / bare:10.0f}/s\n")
    say(f"{'leaves appended':>22}: {count / grown:10.0f}/s   {bare / grown:5.2f} of the hashes\n")
    places = random.Random(1).sample(range(count), proved)
    anchor = statistics.median(read_tiles(engine, places, count))
    inclusion, consistency = zip(*proofs(engine, leaves, places), strict=True)
    say(f"{'reading its tiles':>22}: median {1000 * anchor:6.3f} ms\n")
    show("proof of inclusion", list(inclusion), anchor)
    show("proof of consistency", list(consistency), anchor)


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    reader.add_argument("--leaves", type=int, default=1_000_000)
    reader.add_argument("--batch", type=int, default=10_000)
    reader.add_argument("--proofs", type=int, default=2_000)
    reader.add_argument("--votes-database-url", default="")
    asked = reader.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_for(Path(folder), "", asked.votes_database_url)
        upgrade(settings, ["votes"])
        engine = create_engine(settings.database_url("votes"))
        try:
            measure(engine, asked.leaves, asked.batch, asked.proofs)
        finally:
            with Session(engine) as session, session.begin():
                session.execute(delete(TileRow).where(TileRow.poll == POLL))
            engine.dispose()


if __name__ == "__main__":
    main()
