"""Rows by holder lie so that nothing tells who came first.

A row's place on the disk and, on PostgreSQL, the number of the transaction that wrote it
follow the order of arrival, and whoever holds both wings' databases could lay that beside the
order in which permits were taken.  So the rows of a scope are written anew at intervals in
the order of their keys, which are random.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Table, func, select

from mvote.db import VotesBase, engine, reading, take_off_disk, transaction, write_anew
from mvote.installation import installation
from mvote.votes.participation.service.scopes import take_gate
from mvote.votes.participation.tables import HolderRow, OrderedRow


@dataclass(slots=True)
class _Done:
    """What this process did about a database.

    By table, when it last looked whether somebody acted: that reads every holder.  And tables
    of which what was written anew still lies in a log that was in use.
    """

    looked: dict[str, datetime] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)


_done: WeakKeyDictionary[Engine, _Done] = WeakKeyDictionary()


def order_rows(of: type[VotesBase], *, scope: str = "scope", now: datetime) -> int:
    """Write rows by holder anew of every scope in which somebody acted since the last time.

    ``scope`` is the column of the table that names the scope.  At intervals of
    ``MVOTE_BATCH_SECONDS`` each; returns of how many scopes.
    """
    table, done = cast(Table, of.__table__), _done.setdefault(engine("votes"), _Done())
    before = now - timedelta(seconds=installation().settings.batch_seconds)
    last = done.looked.get(table.name)
    due: Sequence[str] = ()
    if last is None or not before < last <= now:
        due = _list_due(table.name, before)
        for scope_id in due:
            _order_one(table, scope, scope_id, now=now)
        done.looked[table.name] = now  # only now: what failed is tried again in the next round
    if due or table.name in done.left:
        done.left.add(table.name)
        if take_off_disk("votes", table.name):
            done.left.discard(table.name)
    return len(due)


def _list_due(name: str, before: datetime) -> Sequence[str]:
    acts = select(HolderRow.scope, func.sum(HolderRow.seq)).group_by(HolderRow.scope)
    columns = OrderedRow.scope, OrderedRow.acts, OrderedRow.at
    known = select(*columns).where(OrderedRow.of == name)
    with reading("votes") as session:
        ordered = {row.scope: (row.acts, row.at) for row in session.execute(known)}
        found = [(scope, int(total)) for scope, total in session.execute(acts)]
    return [
        scope
        for scope, total in found
        if scope not in ordered or (ordered[scope][0] != total and ordered[scope][1] <= before)
    ]


def _order_one(table: Table, column: str, scope_id: str, *, now: datetime) -> None:
    with transaction("votes") as session:
        take_gate(session, scope_id, exclusive=True)
        total = session.scalar(select(func.sum(HolderRow.seq)).where(HolderRow.scope == scope_id))
        write_anew(session, table, f'"{column}" = :scope', {"scope": scope_id})
        row = session.get(OrderedRow, (table.name, scope_id))
        if row is None:
            row = OrderedRow(of=table.name, scope=scope_id)
            session.add(row)
        row.acts, row.at = int(total or 0), now
