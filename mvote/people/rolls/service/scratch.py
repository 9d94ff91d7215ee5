"""Where the lines of a file wait until all are read: on the disk, however many they are.

A private database of SQLite, which has no name and is gone when it is closed.  So nobody
waits for the city's own database while a file is read, a million lines need little memory,
and doubles are found before anything is changed.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from typing import Final, NamedTuple

from mvote.people.rolls.errors import FileRefused

ROWS_AT_ONCE: Final = 5000
_TABLE = """
    CREATE TABLE read (line INTEGER PRIMARY KEY, entry BLOB, number BLOB,
                       district TEXT, birth_band INTEGER, gender TEXT, said TEXT)
    """
_DOUBLE = """
    SELECT first, line FROM (
        SELECT line, min(line) OVER (PARTITION BY {key}) AS first FROM read WHERE {key} NOT NULL
    ) WHERE line > first ORDER BY line LIMIT 1
    """


class ReadRow(NamedTuple):
    """A line as it will stand in the register; digests of 32 bytes.  Lists use the first two.

    ``said`` is an entry as the file spells it, where it is needed once more.
    """

    line: int
    entry: bytes | None
    number: bytes | None
    district: str | None = None
    birth_band: int | None = None
    gender: str | None = None
    said: str | None = None

    def facts(self) -> tuple[bytes | str | int | None, ...]:
        """Everything but the line and the entry."""
        return self[2:6]


class Scratch:
    """All lines of one file, none of which stands twice."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def count(self) -> int:
        return int(self._database.execute("SELECT count(*) FROM read").fetchone()[0])

    def parts(self) -> Iterator[list[ReadRow]]:
        """In the order of the digests, which tells nothing of the file's."""
        rows = self._database.execute("SELECT * FROM read ORDER BY entry, number")
        while part := rows.fetchmany(ROWS_AT_ONCE):
            yield [ReadRow(*row) for row in part]


@contextmanager
def kept_apart(rows: Iterable[ReadRow]) -> Iterator[Scratch]:
    """Read every line of a file.  Raises FileRefused where a number or an entry stands twice."""
    with closing(sqlite3.connect("", isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=OFF")
        database.execute(_TABLE)
        given = iter(rows)
        while part := list(islice(given, ROWS_AT_ONCE)):
            database.execute("BEGIN")
            database.executemany("INSERT INTO read VALUES (?, ?, ?, ?, ?, ?, ?)", part)
            database.execute("COMMIT")
        for key in ("number", "entry"):
            found = database.execute(_DOUBLE.format(key=key)).fetchone()
            if found:
                first, line = found
                raise FileRefused(line=line, reason=f"the same {key} as in line {first}")
        yield Scratch(database)
