"""Lines of a big file wait on the disk, not in memory, and are told how far they are written."""

import hashlib
import tracemalloc
from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask

from mvote.people.rolls.errors import FileRefused
from mvote.people.rolls.service.registers import import_list
from mvote.people.rolls.service.scratch import ReadRow, kept_apart
from tests.people.conftest import on_sqlite

LINES = 30_000
LITTLE = 200 * LINES
"""Bytes; as Python objects so many rows take more than 270 each."""


def rows(*, double: int = 0) -> Iterator[ReadRow]:
    for line in range(2, LINES + 2):
        entry = hashlib.sha256(b"%d" % line).digest()
        number = hashlib.sha256(b"n%d" % (2 if line == double else line)).digest()
        yield ReadRow(line, entry, number, "mapo", 1985, "f")


def test_a_big_file_fills_no_memory() -> None:
    tracemalloc.start()
    try:
        with kept_apart(rows()) as scratch:
            entries = [row.entry or b"" for part in scratch.parts() for row in part[:1]]
            _, peak = tracemalloc.get_traced_memory()
            assert scratch.count() == LINES
    finally:
        tracemalloc.stop()
    assert peak < LITTLE
    assert entries == sorted(entries)


def test_a_double_far_away_is_found_with_both_lines() -> None:
    with (
        pytest.raises(FileRefused, match=f"Line {LINES}: the same number as in line 2"),
        kept_apart(rows(double=LINES)),
    ):
        pass


@on_sqlite
def test_what_is_written_is_told(app: Flask, now: datetime) -> None:
    told: list[tuple[int, int]] = []
    lines = [f"0102345{number:04d}\n" for number in range(10)]
    with app.app_context():
        import_list("traders", lines, now=now, tell=lambda done, of: told.append((done, of)))
    assert told == [(10, 10)]
