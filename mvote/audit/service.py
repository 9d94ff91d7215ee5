"""Write what happened, chain it, check the chain, let jobs read on from where they were."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mvote.audit.rules import CHAIN_START, Entry, Happening, link
from mvote.audit.tables import AUDIT, CHAIN, CURSOR, AuditColumns
from mvote.core.canonical import canonical_bytes
from mvote.db import engine, reading, transaction
from mvote.settings import Wing

SEAL_AT_ONCE = 1000

_sealed: WeakKeyDictionary[Engine, int] = WeakKeyDictionary()
"""The newest row in this process's memory up to which nothing was loose."""
_looked: WeakKeyDictionary[Engine, dict[str, int]] = WeakKeyDictionary()
"""By reader the newest link in this process's memory behind which it had nothing to do."""

Links = Iterator[tuple[int, int, bytes, int | None, AuditColumns]]


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What ``mvote audit check`` found; ``fault`` is None where the chain holds."""

    wing: Wing
    rows: int
    chained: int
    head: str
    fault: str | None


def record(session: Session, wing: Wing, happening: Happening, *, now: datetime) -> None:
    """Append a happening in the caller's transaction."""
    body = canonical_bytes(happening.body()).decode()
    row = {"at": now.replace(microsecond=0), "name": happening.name, "subject": happening.subject}
    session.execute(insert(AUDIT[wing]).values(**row, body=body))


def seal(wing: Wing) -> int:
    """Chain what is not chained yet, in the order of the log; returns the number of links.

    A row may become visible after a later one was chained (transactions commit in
    any order), so what is left is found by its absence from the chain and the
    chain has an order of its own.
    """
    audit, chain, newest = AUDIT[wing], CHAIN[wing], last_row(wing)
    if _is_in_order(wing) and _sealed.get(engine(wing)) == newest:
        return 0
    with transaction(wing) as session:
        _take_turn(session)
        last = session.scalars(select(chain).order_by(chain.seq.desc()).limit(1)).first()
        seq, head = (last.seq, last.hash) if last else (0, CHAIN_START)
        loose = select(audit).where(~select(chain.row).where(chain.row == audit.id).exists())
        rows = session.scalars(loose.order_by(audit.id).limit(SEAL_AT_ONCE)).all()
        for row in rows:
            seq, head = seq + 1, link(head, _entry(row))
            session.execute(insert(chain).values(seq=seq, row=row.id, hash=head))
    if not rows:
        _sealed[engine(wing)] = newest
    return len(rows)


def _is_in_order(wing: Wing) -> bool:
    """Whether rows become visible as they are numbered: SQLite has one writer at a time."""
    return engine(wing).dialect.name == "sqlite"


def _take_turn(session: Session) -> None:
    """Two sealers would write the same link; on SQLite the transaction excludes the other."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql("LOCK TABLE audit_chain IN EXCLUSIVE MODE")


def check_chain(wing: Wing) -> ChainReport:
    """Recompute every link.  Rows not chained yet are no fault; a changed or missing row is."""
    audit, chain = AUDIT[wing], CHAIN[wing]
    with reading(wing) as session:
        total = session.scalar(select(func.count()).select_from(audit)) or 0
        links = session.execute(
            select(chain.seq, chain.row, chain.hash, audit.id, audit)
            .outerjoin(audit, audit.id == chain.row)
            .order_by(chain.seq)
        )
        head, count = CHAIN_START, 0
        for seq, row_id, given, found, row in cast(Links, links):
            count += 1
            if seq != count:
                return ChainReport(wing, total, count - 1, head.hex(), f"link {count} is missing")
            if found is None:
                return ChainReport(wing, total, count - 1, head.hex(), f"row {row_id} is missing")
            head = link(head, _entry(row))
            if head != given:
                return ChainReport(wing, total, count - 1, head.hex(), f"row {row_id} was changed")
        return ChainReport(wing, total, count, head.hex(), None)


def read_on(
    wing: Wing, reader: str, take: Callable[[Session, Entry], None], *, names: tuple[str, ...]
) -> int:
    """Hand every chained happening that ``reader`` has not had to ``take``, each exactly once.

    ``take`` works in the transaction that moves the reader's cursor.  The chain's
    order is read, because ids may become visible out of order.
    """
    done = 0
    while _has_more(wing, reader, names):
        with transaction(wing) as session:
            found = _next_entry(session, wing, reader, names)
            if found is None:
                break
            take(session, found)
            done += 1
    return done


def _has_more(wing: Wing, reader: str, names: tuple[str, ...]) -> bool:
    """Look before writing: a reader with nothing to do must not hold up a ballot."""
    looked, cursor_of = _looked.setdefault(engine(wing), {}), CURSOR[wing]
    with reading(wing) as session:
        last = session.scalar(select(func.max(CHAIN[wing].seq))) or 0
        if looked.get(reader) == last:
            return False
        cursor = session.get(cursor_of, reader)
        if _after(session, wing, cursor.row if cursor else 0, names) is not None:
            return True
    looked[reader] = last
    return False


def _next_entry(session: Session, wing: Wing, reader: str, names: tuple[str, ...]) -> Entry | None:
    cursor_of = CURSOR[wing]
    cursor = session.get(cursor_of, reader, with_for_update=True)
    if cursor is None:
        with suppress(IntegrityError), session.begin_nested():  # another worker may be first
            session.execute(insert(cursor_of).values(reader=reader, row=0))
        cursor = session.get_one(cursor_of, reader, with_for_update=True)
    found = _after(session, wing, cursor.row, names)
    if found is None:
        return None
    cursor.row, row = found
    return _entry(row)


def _after(
    session: Session, wing: Wing, seq: int, names: tuple[str, ...]
) -> tuple[int, AuditColumns] | None:
    audit, chain = AUDIT[wing], CHAIN[wing]
    query = (
        select(chain.seq, audit)
        .join(audit, audit.id == chain.row)
        .where(chain.seq > seq, audit.name.in_(names))
        .order_by(chain.seq)
        .limit(1)
    )
    found = session.execute(query).first()
    return (found[0], found[1]) if found else None


def list_chained(
    wing: Wing, *, after: int, limit: int, names: tuple[str, ...]
) -> tuple[tuple[Entry, ...], int, bool]:
    """What was chained behind link ``after``, the last link looked at, and whether more follow.

    The chain's order only grows, so who reads on from that link has seen everything once.
    """
    audit, chain = AUDIT[wing], CHAIN[wing]
    with reading(wing) as session:
        last = session.scalar(select(func.max(chain.seq))) or 0
        query = (
            select(chain.seq, audit)
            .join(audit, audit.id == chain.row)
            .where(chain.seq > after, chain.seq <= last, audit.name.in_(names))
            .order_by(chain.seq)
            .limit(limit)
        )
        rows = [(seq, _entry(row)) for seq, row in session.execute(query)]
    more = len(rows) == limit
    upto = rows[-1][0] if more else max(after, last)
    return tuple(entry for _, entry in rows), upto, more


def last_row(wing: Wing) -> int:
    """The number of the newest row; as long as it is the same, nothing has happened."""
    with reading(wing) as session:
        return session.scalar(select(func.max(AUDIT[wing].id))) or 0


def list_entries(wing: Wing, *, subject: str | None = None) -> Iterator[Entry]:
    """The log in its order, of one subject or of all."""
    audit = AUDIT[wing]
    query = select(audit).order_by(audit.id)
    if subject is not None:
        query = query.where(audit.subject == subject)
    with reading(wing) as session:
        for row in session.scalars(query):
            yield _entry(row)


def list_page(
    wing: Wing, *, after: int, limit: int, subject: str = "", name: str = ""
) -> tuple[Entry, ...]:
    """A part of the log behind row ``after``, of one subject or of one kind or of all."""
    audit = AUDIT[wing]
    query = select(audit).where(audit.id > after).order_by(audit.id).limit(limit)
    if subject:
        query = query.where(audit.subject == subject)
    if name:
        query = query.where(audit.name == name)
    with reading(wing) as session:
        return tuple(_entry(row) for row in session.scalars(query))


def _entry(row: AuditColumns) -> Entry:
    return Entry(row.id, row.at, row.name, row.subject, json.loads(row.body))
