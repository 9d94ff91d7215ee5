"""The register and the lists, taken whole or not at all."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.rehearsal import is_rehearsal_list
from mvote.db import transaction
from mvote.installation import installation
from mvote.people.identity.rules import number_mac
from mvote.people.rolls.errors import FileRefused, ListNameNotValid
from mvote.people.rolls.rules import (
    LIST_NAME,
    ListImported,
    RegisterImported,
    read_list,
    read_register,
)
from mvote.people.rolls.tables import ListedRow, RegisterRow

ROWS_AT_ONCE = 5000

Row = Mapping[str, Any]


def import_register(lines: Iterable[str], *, replace: bool, now: datetime) -> int:
    """Take a register file and return how many numbers it holds.

    Numbers that were there already get the facts of the file; with ``replace`` those
    that are not in it go.  Raises FileRefused: then nothing has changed.
    """
    made = installation()
    entries = read_register(lines, region=made.settings.phone_region, this_year=now.year)
    pepper, seen = made.keys["people"].pepper, _Seen()
    rows: list[Row] = [
        {
            "entry": (mac := seen.once(number_mac(pepper, entry.number), line)),
            "number_mac": mac,
            "district": entry.district,
            "birth_band": entry.birth_band,
            "gender": entry.gender,
        }
        for line, entry in entries
    ]
    # In the order of the digests, which tells nothing of the file's.
    rows.sort(key=lambda row: bytes(row["number_mac"]))
    with transaction("people") as session:
        _clear_register(session, None if replace else [row["number_mac"] for row in rows])
        for part in _parts(rows):
            session.execute(insert(RegisterRow), part)
        happened = RegisterImported("register", numbers=len(rows), replaced=replace)
        record(session, "people", happened, now=now)
    return len(rows)


def import_list(name: str, lines: Iterable[str], *, now: datetime) -> int:
    """Take a list, in place of what was on it, and return how many numbers it holds.

    Raises ListNameNotValid, FileRefused: then nothing has changed.
    """
    if not LIST_NAME.fullmatch(name) or is_rehearsal_list(name):
        raise ListNameNotValid()
    made = installation()
    pepper, seen = made.keys["people"].pepper, _Seen()
    numbers = read_list(lines, region=made.settings.phone_region)
    macs = sorted(seen.once(number_mac(pepper, number), line) for line, number in numbers)
    rows: list[Row] = [{"list": name, "number_mac": mac} for mac in macs]
    with transaction("people") as session:
        session.execute(delete(ListedRow).where(ListedRow.list == name))
        for part in _parts(rows):
            session.execute(insert(ListedRow), part)
        record(session, "people", ListImported(name, numbers=len(rows)), now=now)
    return len(rows)


class _Seen:
    """Lines by digest, to say where a number stood before."""

    def __init__(self) -> None:
        self._lines: dict[bytes, int] = {}

    def once(self, mac: bytes, line: int) -> bytes:
        first = self._lines.setdefault(mac, line)
        if first != line:
            raise FileRefused(line=line, reason=f"the same number as in line {first}")
        return mac


def _clear_register(session: Session, macs: list[bytes] | None) -> None:
    """Drop the given rows, or all."""
    if macs is None:
        session.execute(delete(RegisterRow))
        return
    for part in _parts(macs, 500):
        session.execute(delete(RegisterRow).where(RegisterRow.number_mac.in_(part)))


def _parts(rows: list[Any], size: int = ROWS_AT_ONCE) -> Iterator[list[Any]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
