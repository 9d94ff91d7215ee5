"""Write a database into a copy, and a copy into a database.

SQLite: ``VACUUM INTO`` writes every table anew in the order of its key, inside one reading
transaction.  PostgreSQL: COPY in the order of the primary key, inside one REPEATABLE READ
transaction; ``pg_dump`` would write the rows as they lie, which is as they came.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from psycopg import sql
from sqlalchemy import Connection, Engine, MetaData, inspect, text
from sqlalchemy import Table as SqlTable

from mvote.operations.copies import CHUNK, CopyUnsound, Table

DATABASE: Final = "database.db"
TABLES: Final = "tables"
REVISIONS: Final = "alembic_version"
Tell = Callable[[int], None]


def write_sqlite(engine: Engine, target: Path) -> None:
    """A whole copy of the database in one file, without what a page still held."""
    raw = engine.raw_connection()
    try:
        connection: Any = raw.driver_connection
        connection.isolation_level = None
        connection.execute("VACUUM INTO ?", (str(target),))
    finally:
        raw.close()


def leave_out(path: Path, columns: Mapping[str, str]) -> None:
    """Empty columns of a copied SQLite file so that nothing of them is left in it."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA secure_delete=ON")
        for table, column in columns.items():
            connection.execute(f'UPDATE "{table}" SET "{column}" = NULL')
    finally:
        connection.close()


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """One state of a PostgreSQL database for everything that is read."""
    level = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**level) as connection:
        yield connection
        connection.rollback()


def tables_of(connection: Connection) -> list[SqlTable]:
    """The tables that are there, those before others that refer to them.

    The database is asked: what a program has loaded may be fewer.
    """
    made = MetaData()
    made.reflect(connection, only=lambda name, _: name != REVISIONS)
    return made.sorted_tables


def write_postgresql(
    connection: Connection,
    tables: Sequence[SqlTable],
    target: Path,
    *,
    without: Mapping[str, str],
    tell: Tell,
) -> dict[str, Table]:
    """Every table into a file of its own; ``tell`` hears how many are done."""
    target.mkdir(parents=True)
    found = {}
    for done, table in enumerate(tables, 1):
        query = _ordered(table, without.get(table.name))
        rows = _copy_out(connection, query, target / f"{table.name}.copy")
        found[table.name] = Table(tuple(column.name for column in table.columns), rows)
        tell(done)
    return found


def _ordered(table: SqlTable, without: str | None) -> sql.Composed:
    names = [
        sql.SQL("NULL") if column.name == without else sql.Identifier(column.name)
        for column in table.columns
    ]
    keys = [sql.Identifier(column.name) for column in table.primary_key.columns]
    return sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
        sql.SQL(", ").join(names), sql.Identifier(table.name), sql.SQL(", ").join(keys)
    )


def _copy_out(connection: Connection, query: sql.Composed, path: Path) -> int:
    """How many rows; in text form every row ends with the only newline in it."""
    rows = 0
    driver: Any = connection.connection.driver_connection
    with path.open("wb") as file, driver.cursor().copy(query) as out:
        for piece in out:
            file.write(piece)
            rows += bytes(piece).count(b"\n")
    return rows


def read_postgresql(
    connection: Connection, folder: Path, tables: Mapping[str, Table], *, tell: Tell
) -> None:
    """Fill the empty tables of the copy's own revision.  Raises CopyUnsound."""
    there = tables_of(connection)
    if {table.name for table in there} != tables.keys():
        raise CopyUnsound(f"{folder} does not hold the tables of its revision")
    for done, table in enumerate(there, 1):
        _copy_in(connection, table.name, tables[table.name].columns, folder)
        follow_numbers(connection, table)
        tell(done)


def _copy_in(connection: Connection, name: str, columns: tuple[str, ...], folder: Path) -> None:
    query = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    driver: Any = connection.connection.driver_connection
    with (folder / f"{name}.copy").open("rb") as file, driver.cursor().copy(query) as into:
        while piece := file.read(CHUNK):
            into.write(piece)


def follow_numbers(connection: Connection, table: SqlTable) -> None:
    """Running numbers go on behind the highest that was copied."""
    for column in table.primary_key.columns:
        named = {"table": table.name, "column": column.name}
        query = text("SELECT pg_get_serial_sequence(:table, :column)")
        sequence = connection.scalar(query, named)
        if sequence:
            highest = f'SELECT max("{column.name}") FROM "{table.name}"'
            after = text(
                f"SELECT setval(CAST(:sequence AS regclass), coalesce(({highest}), 0) + 1, false)"
            )
            connection.execute(after, {"sequence": sequence})


def count_rows(connection: Connection) -> dict[str, Table]:
    """What every table of a database holds."""
    looking = inspect(connection)
    names = [name for name in looking.get_table_names() if name != REVISIONS]
    return {
        name: Table(
            tuple(column["name"] for column in looking.get_columns(name)),
            connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0,
        )
        for name in sorted(names)
    }


def check_sqlite(connection: Connection, path: Path) -> None:
    """Raises CopyUnsound for a file that SQLite finds damaged."""
    said = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
    if said != "ok":
        raise CopyUnsound(f"{path} is damaged: {said}")


def check_rows(found: Mapping[str, Table], copied: Mapping[str, Table], where: Path) -> None:
    """Raises CopyUnsound where a table holds more or fewer rows than the copy says."""
    for name in sorted(found.keys() | copied.keys()):
        have = found[name].rows if name in found else None
        want = copied[name].rows if name in copied else None
        if have != want:
            raise CopyUnsound(
                f"{where}: the table {name} has {have} rows where the copy says {want}"
            )
