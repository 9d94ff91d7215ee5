"""Rows by holder lie so that nothing tells who came first.

A row's place on the disk and, on PostgreSQL, the number of the transaction that wrote it
follow the order of arrival, and whoever holds both wings' databases could lay that beside the
order in which permits were taken.  So the rows of a scope are written anew at intervals in
the order of their keys, which are random.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, func, select, text
from sqlalchemy.orm import Session

from mvote.db import VotesBase, reading, take_off_disk, transaction
from mvote.installation import installation
from mvote.votes.participation.service.scopes import take_gate
from mvote.votes.participation.tables import HolderRow, OrderedRow


def order_rows(of: type[VotesBase], *, scope: str = "scope", now: datetime) -> int:
    """Write rows by holder anew of every scope in which somebody acted since the last time.

    ``scope`` is the column of the table that names the scope.  At intervals of
    ``MVOTE_BATCH_SECONDS`` each; returns of how many scopes.
    """
    table = cast(Table, of.__table__)
    due = _list_due(table.name, now=now)
    for scope_id, _ in due:
        _order_one(table, scope, scope_id, now=now)
    if due:
        take_off_disk("votes", table.name)
    return len(due)


def _list_due(name: str, *, now: datetime) -> Sequence[tuple[str, int]]:
    before = now - timedelta(seconds=installation().settings.batch_seconds)
    acts = select(HolderRow.scope, func.sum(HolderRow.seq)).group_by(HolderRow.scope)
    columns = OrderedRow.scope, OrderedRow.acts, OrderedRow.at
    known = select(*columns).where(OrderedRow.of == name)
    with reading("votes") as session:
        done = {row.scope: (row.acts, row.at) for row in session.execute(known)}
        found = [(scope, int(total)) for scope, total in session.execute(acts)]
    return [
        (scope, total)
        for scope, total in found
        if scope not in done or (done[scope][0] != total and done[scope][1] <= before)
    ]


def _order_one(table: Table, column: str, scope_id: str, *, now: datetime) -> None:
    with transaction("votes") as session:
        take_gate(session, scope_id, exclusive=True)
        total = session.scalar(select(func.sum(HolderRow.seq)).where(HolderRow.scope == scope_id))
        _write_anew(session, table, column, scope_id)
        row = session.get(OrderedRow, (table.name, scope_id))
        if row is None:
            row = OrderedRow(of=table.name, scope=scope_id)
            session.add(row)
        row.acts, row.at = int(total or 0), now


def _write_anew(session: Session, table: Table, column: str, scope_id: str) -> None:
    names = ", ".join(f'"{one.name}"' for one in table.columns)
    keys = ", ".join(f'"{one.name}"' for one in table.primary_key)
    where, given = f'"{column}" = :scope', {"scope": scope_id}
    gone = f"DELETE FROM {table.name} WHERE {where}"
    back = f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {{}} ORDER BY {keys}"
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        # At once without a temporary table, for which a role may lack the right.
        at_once = f"WITH gone AS ({gone} RETURNING {names}) {back.format('gone')}"
        session.execute(text(at_once), given)
        return
    copy = f"CREATE TEMPORARY TABLE in_order AS SELECT {names} FROM {table.name} WHERE {where}"
    session.execute(text(copy), given)
    session.execute(text(gone), given)
    session.execute(text(back.format("in_order")))
    session.execute(text("DROP TABLE in_order"))
