"""The register and the lists, taken whole or not at all."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import Table, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.db import reading, transaction
from mvote.installation import installation
from mvote.people.identity.rules import entry_mac, number_mac
from mvote.people.rolls.errors import FileRefused, ListNameNotValid, ListOfCodes
from mvote.people.rolls.rules import LIST_NAME, ListImported, RegisterImported
from mvote.people.rolls.rules_files import read_list, read_register
from mvote.people.rolls.service.codes import is_batch_list
from mvote.people.rolls.service.scratch import ReadRow, Scratch, kept_apart
from mvote.people.rolls.tables import ListedEntryRow, ListedRow, RegisterRow

REGISTER = cast(Table, RegisterRow.__table__)
LISTED = cast(Table, ListedRow.__table__)
LISTED_ENTRIES = cast(Table, ListedEntryRow.__table__)
FACTS: Final = ("number_mac", "district", "birth_band", "gender")

Tell = Callable[[int, int], None]
"""Is told how many of how many rows are written."""


@dataclass(slots=True)
class Imported:
    """What a file brought, or would bring; ``entries`` are its lines.

    ``moved`` are numbers that stood under another entry before, the first in line ``moves_at``.
    """

    entries: int
    new: int = 0
    changed: int = 0
    gone: int = 0
    moved: int = 0
    moves_at: int = field(default=0, repr=False)


def import_register(
    lines: Iterable[str],
    *,
    replace: bool,
    now: datetime,
    moves: bool = False,
    dry: bool = False,
    tell: Tell = lambda _done, _all: None,
) -> Imported:
    """Take a register file.

    Entries that were there already get the facts of the file; with ``replace`` those that
    are not in it go.  A file that gives a number to another entry than before is refused
    unless ``moves`` says that this is meant: in a poll that knows its voters by entry,
    whoever voted by the old one could vote again by the new.  ``dry`` changes nothing.

    Raises FileRefused: then nothing has changed.
    """
    with kept_apart(_read_rows(lines, this_year=now.year)) as scratch:
        found = _compare(scratch, replace=replace)
        if found.moved and not (moves or dry):
            raise _moves(found)
        if dry:
            return found
        with transaction("people") as session:
            if replace:
                session.execute(delete(RegisterRow))
            done = 0
            for part in scratch.parts():
                _write(session, part, anew=replace)
                done += len(part)
                tell(done, found.entries)
            happened = RegisterImported(
                "register", entries=found.entries, moved=found.moved, replaced=replace
            )
            record(session, "people", happened, now=now)
    return found


def _read_rows(lines: Iterable[str], *, this_year: int) -> Iterator[ReadRow]:
    made = installation()
    pepper = made.keys["people"].pepper
    read = read_register(lines, region=made.settings.phone_region, this_year=this_year)
    for line, one in read:
        number = number_mac(pepper, one.number) if one.number else None
        entry = entry_mac(pepper, one.entry) if one.entry else number
        yield ReadRow(line, entry, number, one.district, one.birth_band, one.gender)


def _moves(found: Imported) -> FileRefused:
    reason = (
        f"its number stands under another entry ({found.moved} in all); --allow-moves takes"
        " them, but whoever voted by the old entry in an open poll could vote again by the new"
    )
    return FileRefused(line=found.moves_at, reason=reason)


def _compare(scratch: Scratch, *, replace: bool) -> Imported:
    """What the file would change."""
    found = Imported(entries=scratch.count())
    known = 0
    with reading("people") as session:
        for part in scratch.parts():
            known += _compare_part(session, part, found)
        if replace:
            held = session.scalar(select(func.count()).select_from(RegisterRow)) or 0
            found.gone = held - known
    found.new = found.entries - known
    return found


def _compare_part(session: Session, part: Sequence[ReadRow], found: Imported) -> int:
    """How many of these entries are known; what changes is added up."""
    before = _held(session, part)
    found.changed += sum(
        before.get(row.entry, row.facts()) != row.facts() for row in part if row.entry is not None
    )
    numbers = {row.number: row for row in part if row.number is not None}
    held = select(REGISTER.c.number_mac, REGISTER.c.entry).where(
        REGISTER.c.number_mac.in_(list(numbers))
    )
    for number, entry in session.execute(held):
        if numbers[number].entry != entry:
            found.moved += 1
            line = numbers[number].line
            found.moves_at = min(found.moves_at or line, line)
    return len(before)


def _held(session: Session, part: Sequence[ReadRow]) -> dict[bytes, tuple[Any, ...]]:
    """What the register says of these entries now."""
    columns = REGISTER.c.entry, *(REGISTER.c[name] for name in FACTS)
    entries = [row.entry for row in part]
    rows = session.execute(select(*columns).where(REGISTER.c.entry.in_(entries)))
    return {entry: tuple(facts) for entry, *facts in rows}


def _write(session: Session, part: Sequence[ReadRow], *, anew: bool) -> None:
    """Put these rows in place of what is held of the same entries and numbers.

    An entry of the city's own that lost its number stays; one that was nothing but the
    number is gone.
    """
    if not anew:
        held = _held(session, part)
        part = [row for row in part if row.entry and held.get(row.entry) != row.facts()]
        entries = [row.entry for row in part]
        numbers = [row.number for row in part if row.number is not None]
        of_numbers = REGISTER.c.number_mac.in_(numbers)
        nothing_else = of_numbers & (REGISTER.c.entry == REGISTER.c.number_mac)
        gone = delete(REGISTER).where(or_(REGISTER.c.entry.in_(entries), nothing_else))
        session.execute(gone)
        session.execute(update(REGISTER).where(of_numbers).values(number_mac=None))
    names = ("entry", *FACTS)
    if part:
        session.execute(insert(REGISTER), [dict(zip(names, row[1:6], strict=True)) for row in part])


def import_list(
    name: str,
    lines: Iterable[str],
    *,
    now: datetime,
    dry: bool = False,
    tell: Tell = lambda _done, _all: None,
) -> Imported:
    """Take a list of numbers or of entries, in place of what was on it.

    ``dry`` changes nothing.  Raises ListNameNotValid, ListOfCodes, FileRefused: then nothing
    has changed.
    """
    if not LIST_NAME.fullmatch(name):
        raise ListNameNotValid()
    if is_batch_list(name):
        raise ListOfCodes()
    with kept_apart(_listed_rows(lines)) as scratch:
        found = _compare_list(name, scratch)
        if dry:
            return found
        with transaction("people") as session:
            for table in (ListedRow, ListedEntryRow):
                session.execute(delete(table).where(table.list == name))
            done = 0
            for part in scratch.parts():
                _write_list(session, name, part)
                done += len(part)
                tell(done, found.entries)
            record(session, "people", ListImported(name, entries=found.entries), now=now)
    return found


def _listed_rows(lines: Iterable[str]) -> Iterator[ReadRow]:
    made = installation()
    pepper = made.keys["people"].pepper
    for line, who, is_entry in read_list(lines, region=made.settings.phone_region):
        if is_entry:
            yield ReadRow(line, entry_mac(pepper, who), None)
        else:
            yield ReadRow(line, None, number_mac(pepper, who))


def _compare_list(name: str, scratch: Scratch) -> Imported:
    found, held, known = Imported(entries=scratch.count()), 0, 0
    with reading("people") as session:
        for table, key in (
            (ListedRow, ListedRow.number_mac),
            (ListedEntryRow, ListedEntryRow.entry),
        ):
            on_list = select(func.count()).where(table.list == name)
            held += session.scalar(on_list) or 0
            for part in scratch.parts():
                given = [row.number if table is ListedRow else row.entry for row in part]
                known += session.scalar(on_list.where(key.in_(given))) or 0
    found.new, found.gone = found.entries - known, held - known
    return found


def _write_list(session: Session, name: str, part: Sequence[ReadRow]) -> None:
    numbers: list[Any] = [
        {"list": name, "number_mac": row.number} for row in part if row.number is not None
    ]
    entries: list[Any] = [
        {"list": name, "entry": row.entry} for row in part if row.entry is not None
    ]
    if numbers:
        session.execute(insert(LISTED), numbers)
    if entries:
        session.execute(insert(LISTED_ENTRIES), entries)
