"""What the board shows, and what the count reads from it."""

from collections import Counter
from collections.abc import Iterator, Sequence

from sqlalchemy import select, text

from mvote.core.canonical import b64u_decode
from mvote.core.phases import CLOSED, PUBLISHED
from mvote.core.secrecy.levels import publishes_ballots, publishes_names
from mvote.db import reading
from mvote.votes.ballots.errors import (
    BallotsNotOpen,
    BallotsNotPublished,
    CountHiddenBeforeClose,
)
from mvote.votes.ballots.rules import Line, Tree, Turnout, in_steps
from mvote.votes.ballots.service.board import count_on_board
from mvote.votes.ballots.service.published import get_tree, require_going_on, to_tree
from mvote.votes.ballots.tables import EntryRow, TreeRow
from mvote.votes.polls import service as polls

COMPLETE = (CLOSED, PUBLISHED)
"""States in which the last entry is on the board."""
AT_ONCE = 1000

_LAST_OF_EACH_VOTER = """
    SELECT body, position, row_number() OVER (PARTITION BY voter_key ORDER BY seq DESC) AS turn
    FROM board_entries WHERE poll = :poll AND kind = 'ballot'
    """
_ANSWERS = {
    "sqlite": "json_extract(body, '$.ans')",
    "postgresql": "CAST(CAST(body AS json) -> 'ans' AS text)",
}
_NAME = {
    "sqlite": "json_extract(body, '$.permit.name')",
    "postgresql": "CAST(body AS json) -> 'permit' ->> 'name'",
}


def turnout(poll_id: str) -> Turnout:
    """How many voted, in steps; the exact number once the result is published.

    Only batches on the board count, so the number stands still between them.
    Raises PollUnknown.
    """
    published = polls.get_public_poll(poll_id).state == PUBLISHED
    step = 1 if published else polls.definition_of(poll_id).turnout_step
    query = (
        select(TreeRow.voters, TreeRow.at)
        .where(TreeRow.poll == poll_id)
        .order_by(TreeRow.size.desc())
    )
    with reading("votes") as session:
        found = session.execute(query.limit(1)).first()
    voters, at = (found.voters, found.at) if found else (0, None)
    return Turnout(in_steps(voters, step), step, at)


def list_board(poll_id: str, *, after: int, limit: int) -> Sequence[Line]:
    """Entries behind position ``after`` (-1: from the first), by position and hash only.

    Raises PollUnknown, BoardBehindCheckpoint.
    """
    polls.get_public_poll(poll_id)
    require_going_on(poll_id)
    query = (
        select(EntryRow.position, EntryRow.kind, EntryRow.leaf)
        .where(EntryRow.poll == poll_id, EntryRow.position > after)
        .order_by(EntryRow.position)
        .limit(limit)
    )
    with reading("votes") as session:
        return [Line(row.position, row.kind, row.leaf) for row in session.execute(query)]


def iter_counted(poll_id: str) -> Iterator[tuple[str, int]]:
    """The answers that count as JSON text (``{"q1":["a"]}``), each with how many voters gave them.

    The highest seq of every voter counts; equal answers are put together in the
    database.  Raises PollUnknown, CountHiddenBeforeClose.
    """
    _require_complete(poll_id)
    return _iter_counted(poll_id)


def _iter_counted(poll_id: str) -> Iterator[tuple[str, int]]:
    with reading("votes") as session:
        answers = _ANSWERS[session.get_bind().dialect.name]
        query = f"""
            SELECT {answers} AS ans, count(*) AS weight FROM ({_LAST_OF_EACH_VOTER}) AS counted
            WHERE turn = 1 GROUP BY 1 ORDER BY 1
            """
        rows = session.execute(text(query).execution_options(yield_per=AT_ONCE), {"poll": poll_id})
        for row in rows:
            yield row.ans, row.weight


def iter_counted_without(poll_id: str, marks: Sequence[str]) -> Iterator[tuple[str, int]]:
    """As ``iter_counted``, but for the ballots of these pseudonyms.

    Raises PollUnknown, CountHiddenBeforeClose.
    """
    _require_complete(poll_id)
    counts = Counter(dict(_iter_counted(poll_id)))
    counts.subtract(_iter_of(poll_id, marks))
    return ((spelled, weight) for spelled, weight in sorted(counts.items()) if weight)


def count_of(poll_id: str, marks: Sequence[str]) -> int:
    """How many of these pseudonyms voted.  Raises PollUnknown, CountHiddenBeforeClose."""
    _require_complete(poll_id)
    return sum(1 for _ in _iter_of(poll_id, marks))


def _iter_of(poll_id: str, marks: Sequence[str]) -> Iterator[str]:
    """The answers of these pseudonyms, spelled as those of all."""
    with reading("votes") as session:
        answers = _ANSWERS[session.get_bind().dialect.name]
        query = text(
            f"""
            SELECT {answers} AS ans FROM board_entries
            WHERE poll = :poll AND kind = 'ballot' AND voter_key = :key
            ORDER BY seq DESC LIMIT 1
            """
        )
        for mark in marks:
            row = session.execute(query, {"poll": poll_id, "key": b64u_decode(mark)}).first()
            if row is not None:
                yield row.ans


def iter_on_board(poll_id: str) -> Iterator[tuple[str, int]]:
    """As ``iter_counted``, of what is on the board by now, where the poll shows running results.

    Raises PollUnknown, PollNotFrozen, CountHiddenBeforeClose.
    """
    if polls.definition_of(poll_id).decision.results != "live":
        _require_complete(poll_id)
    return _iter_counted(poll_id)


def iter_named(poll_id: str) -> Iterator[tuple[str | None, str]]:
    """Who chose what: the published name (None where none was chosen) and the answers as JSON text.

    Raises PollUnknown, CountHiddenBeforeClose, BallotsNotOpen (every level but open).
    """
    if not publishes_names(polls.definition_of(poll_id).level):
        raise BallotsNotOpen()
    _require_complete(poll_id)
    return _iter_named(poll_id)


def _iter_named(poll_id: str) -> Iterator[tuple[str | None, str]]:
    with reading("votes") as session:
        dialect = session.get_bind().dialect.name
        query = f"""
            SELECT {_NAME[dialect]} AS name, {_ANSWERS[dialect]} AS ans
            FROM ({_LAST_OF_EACH_VOTER}) AS counted WHERE turn = 1 ORDER BY position
            """
        rows = session.execute(text(query).execution_options(yield_per=AT_ONCE), {"poll": poll_id})
        for row in rows:
            yield row.name, row.ans


def iter_entries(poll_id: str) -> Iterator[str]:
    """Every entry of a finished board in its order, as JCS text.

    Raises PollUnknown, BallotsNotPublished, CountHiddenBeforeClose.
    """
    if not publishes_ballots(polls.definition_of(poll_id).level):
        raise BallotsNotPublished()
    _require_complete(poll_id)
    return _iter_entries(poll_id)


def _iter_entries(poll_id: str) -> Iterator[str]:
    query = select(EntryRow.body).where(EntryRow.poll == poll_id).order_by(EntryRow.position)
    with reading("votes") as session:
        yield from session.scalars(query.execution_options(yield_per=AT_ONCE))


def list_trees(poll_id: str) -> Sequence[Tree]:
    """Every tree that a board had, the last one last.

    Raises PollUnknown, BoardNotReady, BoardBehindCheckpoint.
    """
    polls.get_public_poll(poll_id)
    newest = get_tree(poll_id)
    query = select(TreeRow).where(TreeRow.poll == poll_id, TreeRow.size <= newest.size)
    with reading("votes") as session:
        return [to_tree(row) for row in session.scalars(query.order_by(TreeRow.size))]


def count_voters(poll_id: str) -> int:
    """How many voters have a ballot that counts.  Raises PollUnknown, CountHiddenBeforeClose."""
    _require_complete(poll_id)
    with reading("votes") as session:
        return count_on_board(session, poll_id)[1]


def count_ballots(poll_id: str) -> int:
    """How many ballots came, also those that a later one took the place of.

    Raises PollUnknown, CountHiddenBeforeClose.
    """
    _require_complete(poll_id)
    with reading("votes") as session:
        return count_on_board(session, poll_id)[0]


def _require_complete(poll_id: str) -> None:
    if polls.get_poll(poll_id).state not in COMPLETE:
        raise CountHiddenBeforeClose()
