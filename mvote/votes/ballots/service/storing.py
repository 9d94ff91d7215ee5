"""One write of the intake: a batch of ballots in one transaction, and what became of each."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from enum import Enum, auto
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Engine,
    LargeBinary,
    Select,
    String,
    Text,
    bindparam,
    exists,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from mvote.db import database_now
from mvote.votes.ballots.errors import BallotFateUnknown, SeqConflict, StaleSeq
from mvote.votes.ballots.rules import Incoming
from mvote.votes.ballots.service.texts import keep_texts
from mvote.votes.ballots.tables import EntryRow, InboxRow
from mvote.votes.polls import service as polls


class Stored(Enum):
    """What became of a ballot that nothing is wrong with."""

    NEW = auto()
    AGAIN = auto()
    """The identical ballot was stored before."""
    NOT_OPEN = auto()
    """The poll takes no ballots now."""


Fate = Stored | Exception
Key = tuple[str, bytes]

RETRY_SECONDS: Final = 2
COLUMNS: Final = ("poll", "leaf", "voter_key", "seq", "body")
_INBOX: Final = InboxRow.metadata.tables[InboxRow.__tablename__]
_TYPES: Final[tuple[TypeEngine[Any], ...]] = (
    String(),
    LargeBinary(),
    LargeBinary(),
    BigInteger(),
    Text(),
)


def key_of(ballot: Incoming) -> Key:
    return ballot.poll, ballot.leaf


def store_all(engine: Engine, ballots: Iterable[Incoming]) -> dict[Key, Fate]:
    """Store what may be stored, durably when this returns; say of each ballot what became of it.

    The gates are taken in statements of their own, so that the statement behind them
    sees all that a batch mover did which held a gate before.  Raises SQLAlchemyError;
    then nothing of the batch is stored, unless the connection was lost in the commit.
    """
    unique = {key_of(ballot): ballot for ballot in ballots}
    rows = sorted(unique.values(), key=lambda row: (row.poll, row.voter_key, row.seq, row.leaf))
    with Session(engine.execution_options(writes=True)) as session, session.begin():
        for poll in sorted({row.poll for row in rows}):
            polls.take_gate(session, poll, exclusive=False)
        insert = _insert_sqlite if engine.dialect.name == "sqlite" else _insert_postgresql
        new = insert(session, rows)
        keep_texts(session, [row for row in rows if key_of(row) in new])
        fates: dict[Key, Fate] = dict.fromkeys(new, Stored.NEW)
        return fates | _explain(session, [row for row in rows if key_of(row) not in new])


def _storable(given: Any, now: Any) -> Select[Any]:
    """The rows of ``given`` whose poll is open and whose voter has no later or equal ballot."""
    wanted = select(given).where(polls.takes_ballots(given.c.poll, at=now))
    for place in (EntryRow, InboxRow):
        later = exists().where(
            place.poll == given.c.poll,
            place.voter_key == given.c.voter_key,
            place.seq >= given.c.seq,
        )
        wanted = wanted.where(~later)
    return wanted


def _make_postgresql() -> Any:
    """One statement for all rows, which come as five arrays.

    Its order is that of the unique key at which two writers can meet (an equal leaf
    has an equal voter and seq), so that they never wait for each other crosswise.
    """
    arrays = [bindparam(n, type_=ARRAY(t)) for n, t in zip(COLUMNS, _TYPES, strict=True)]
    given = func.unnest(*arrays).table_valued(*COLUMNS).render_derived(name="given")
    wanted = _storable(given, func.clock_timestamp())
    wanted = wanted.order_by(given.c.poll, given.c.voter_key, given.c.seq)
    into = postgresql.insert(_INBOX).from_select(COLUMNS, wanted)
    return into.on_conflict_do_nothing().returning(_INBOX.c.poll, _INBOX.c.leaf)


def _make_sqlite() -> Any:
    """One statement that is run for row after row."""
    row = [bindparam(n, type_=t).label(n) for n, t in zip(COLUMNS, _TYPES, strict=True)]
    wanted = _storable(select(*row).subquery("given"), bindparam("now"))
    return sqlite.insert(_INBOX).from_select(COLUMNS, wanted).on_conflict_do_nothing()


_POSTGRESQL = _make_postgresql()
_SQLITE = _make_sqlite()


def _insert_postgresql(session: Session, rows: Sequence[Incoming]) -> set[Key]:
    columns = {name: [getattr(row, name) for row in rows] for name in COLUMNS}
    return {(poll, leaf) for poll, leaf in session.execute(_POSTGRESQL, columns)}


def _insert_sqlite(session: Session, rows: Sequence[Incoming]) -> set[Key]:
    """Many rows give no answer one by one, but nobody else writes between these statements."""
    before, now = _stored(session, rows), database_now(session)
    values = [{name: getattr(row, name) for name in COLUMNS} | {"now": now} for row in rows]
    session.connection().execute(_SQLITE, values)
    return _stored(session, rows) - before


def _stored(session: Session, rows: Iterable[Incoming]) -> set[Key]:
    """Which of the ballots wait in the inbox or stand on the board."""
    leaves = defaultdict(list)
    for row in rows:
        leaves[row.poll].append(row.leaf)
    found: set[Key] = set()
    for poll, wanted in leaves.items():
        for place in (InboxRow, EntryRow):
            query = select(place.leaf).where(place.poll == poll, place.leaf.in_(wanted))
            found.update((poll, leaf) for leaf in session.scalars(query))
    return found


def _explain(session: Session, rows: Sequence[Incoming]) -> dict[Key, Fate]:
    """Why ballots were not stored; that it is the identical one comes first in every state."""
    again = _stored(session, rows)
    fates: dict[Key, Fate] = dict.fromkeys(again, Stored.AGAIN)
    rest = [row for row in rows if key_of(row) not in again]
    for poll in {row.poll for row in rest}:
        mine = [row for row in rest if row.poll == poll]
        is_open = session.scalar(select(polls.takes_ballots(poll, at=database_now(session))))
        seqs = _seqs(session, poll, {row.voter_key for row in mine}) if is_open else {}
        for row in mine:
            seq_refusal = _seq_refusal(row, seqs.get(row.voter_key, set()))
            fates[key_of(row)] = seq_refusal if is_open else Stored.NOT_OPEN
    return fates


def _seqs(session: Session, poll: str, voters: Collection[bytes]) -> dict[bytes, set[int]]:
    """The numbers of the ballots that these voters have already."""
    found: dict[bytes, set[int]] = defaultdict(set)
    for place in (InboxRow, EntryRow):
        query = select(place.voter_key, place.seq).where(
            place.poll == poll, place.voter_key.in_(voters)
        )
        for voter, seq in session.execute(query):
            if voter is not None and seq is not None:
                found[voter].add(seq)
    return found


def _seq_refusal(row: Incoming, seqs: set[int]) -> Exception:
    if row.seq in seqs:
        return SeqConflict(seq=row.seq)
    if any(seq > row.seq for seq in seqs):
        return StaleSeq(seq=row.seq)
    return BallotFateUnknown(retry_after=RETRY_SECONDS)
