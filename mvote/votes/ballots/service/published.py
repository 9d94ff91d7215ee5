"""A board goes on only from what it has published.

The newest checkpoint that anyone may have seen lies outside the database too, in the file
``boards/<poll>.checkpoint`` of the installation's home: written after the commit, on disk
before it is served.  Where the database does not know that tree (because it was restored
from a backup) the board would fork, so it stands still until somebody has decided.  Who
restores on purpose removes the file.
"""

import binascii
import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from weakref import WeakKeyDictionary, WeakSet

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from mvote.audit.rules import Happening
from mvote.audit.service import list_entries, record
from mvote.db import engine, hold_gate, reading, transaction
from mvote.installation import installation
from mvote.votes.ballots.errors import BoardBehindCheckpoint, BoardNotReady
from mvote.votes.ballots.rules import BoardFoundBehind, Tree
from mvote.votes.ballots.tables import TreeRow

log = logging.getLogger("mvote.ballots")

RETRY_SECONDS = 60
READY_SECONDS = 2

_compared: WeakSet[Engine] = WeakSet()
"""Databases that were compared with the files since this process started."""
_told: WeakKeyDictionary[Engine, set[str]] = WeakKeyDictionary()
"""Boards of which this process has said that they stand still."""


class Published(NamedTuple):
    """What a checkpoint that was shown says; ``root`` is empty where the file cannot be read."""

    size: int
    root: bytes


def get_tree(poll_id: str) -> Tree:
    """The newest tree of a board, whose checkpoint lies outside the database when this returns.

    Raises BoardNotReady, BoardBehindCheckpoint.
    """
    published = _published(poll_id)  # first: the database is never older than its own file
    with reading("votes") as session:
        found = newest_tree(session, poll_id)
        known = _knows(session, poll_id, published)
    if not known:
        raise_alarm(poll_id)
        raise BoardBehindCheckpoint(retry_after=RETRY_SECONDS)
    if found is None:
        raise BoardNotReady(retry_after=READY_SECONDS)
    if published is None or published.size < found.size:
        _publish(poll_id, found)
    return found


def newest_tree(session: Session, poll_id: str) -> Tree | None:
    """The tree that the database holds; nothing is said about what was published."""
    query = select(TreeRow).where(TreeRow.poll == poll_id).order_by(TreeRow.size.desc()).limit(1)
    row = session.scalar(query)
    return None if row is None else to_tree(row)


def to_tree(row: TreeRow) -> Tree:
    """The value of a row."""
    return Tree(row.size, bytes(row.root), row.voters, row.at, row.checkpoint)


def is_known(session: Session, poll_id: str) -> bool:
    """Whether the board goes on from what was published.  The caller holds the gate alone."""
    return _knows(session, poll_id, _published(poll_id))


def require_known(session: Session, poll_id: str) -> None:
    """As ``is_known``.  Raises BoardBehindCheckpoint; the alarm is for after the transaction."""
    if not is_known(session, poll_id):
        raise BoardBehindCheckpoint(retry_after=RETRY_SECONDS)


def publish_newest(poll_id: str) -> None:
    """Put the newest checkpoint outside the database, where there is one."""
    with suppress(BoardNotReady):
        get_tree(poll_id)


@contextmanager
def going_on(poll_id: str) -> Iterator[None]:
    """Work on one of many boards: that it stands still is told, and the others go on."""
    try:
        yield
    except BoardBehindCheckpoint:
        raise_alarm(poll_id)


def require_going_on(poll_id: str) -> None:
    """The board does not stand still.  Raises BoardBehindCheckpoint."""
    if _is_behind(poll_id):
        raise_alarm(poll_id)
        raise BoardBehindCheckpoint(retry_after=RETRY_SECONDS)


def compare_boards(_now: datetime) -> int:
    """Compare what was published with the database, once after each start; returns the alarms."""
    votes = engine("votes")
    if votes in _compared:
        return 0
    _compared.add(votes)
    behind = [path.stem for path in sorted(_folder().glob("*.checkpoint")) if _is_behind(path.stem)]
    for poll_id in behind:
        raise_alarm(poll_id)
    return len(behind)


def raise_alarm(poll_id: str) -> None:
    """Told once by every process in its log, and once in the audit log."""
    told = _told.setdefault(engine("votes"), set())
    if poll_id in told:
        return
    told.add(poll_id)
    published = _published(poll_id) or Published(0, b"")
    with reading("votes") as session:
        found = newest_tree(session, poll_id)
    alarm = BoardFoundBehind(poll_id, published=published.size, size=found.size if found else 0)
    log.critical(
        "the board of poll %s stands still: %s entries were published, the database has %s",
        poll_id,
        alarm.published,
        alarm.size,
    )
    record_once(alarm, now=datetime.now(UTC))


def record_once(alarm: Happening, *, now: datetime) -> None:
    """Put an alarm about a board into the log, where several workers may raise it at once."""
    if _is_recorded(alarm):
        return
    with transaction("votes") as session:
        hold_gate(session, f"mvote-alarm:{alarm.subject}", exclusive=True)
        if not _is_recorded(alarm):
            record(session, "votes", alarm, now=now)


def _is_recorded(alarm: Happening) -> bool:
    told = list_entries("votes", subject=alarm.subject)
    return any(entry.name == alarm.name for entry in told)


def _is_behind(poll_id: str) -> bool:
    published = _published(poll_id)
    with reading("votes") as session:
        return not _knows(session, poll_id, published)


def _knows(session: Session, poll_id: str, published: Published | None) -> bool:
    """Whether the database holds the tree that was published."""
    if published is None:
        return True
    root = session.scalar(
        select(TreeRow.root).where(TreeRow.poll == poll_id, TreeRow.size == published.size)
    )
    return root is not None and bytes(root) == published.root


def _folder() -> Path:
    return installation().settings.home / "boards"


def _published(poll_id: str) -> Published | None:
    """What the file says; one that cannot be read is of a tree that no database knows.

    The file is as much our own as the database, so its signature is not looked at.
    """
    try:
        lines = (_folder() / f"{poll_id}.checkpoint").read_text().split("\n")
        return Published(int(lines[1]), binascii.a2b_base64(lines[2], strict_mode=True))
    except FileNotFoundError:
        return None
    except (ValueError, IndexError):
        return Published(0, b"")


def _publish(poll_id: str, tree: Tree) -> None:
    """Write the file whole and durably, unless another process wrote a later one meanwhile."""
    path = _folder() / f"{poll_id}.checkpoint"
    path.parent.mkdir(parents=True, exist_ok=True)
    with _alone(path.with_suffix(".lock")):
        there = _published(poll_id)
        if there is not None and there.size >= tree.size:
            return
        part = path.with_suffix(".part")
        with part.open("w") as file:
            file.write(tree.checkpoint)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        _sync(path.parent)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sync(folder: Path) -> None:
    """The new name too survives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
