"""The register and the lists: taken whole or not at all, asked about one citizen or about all."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.eligibility import Facts
from mvote.db import reading, transaction
from mvote.installation import installation
from mvote.people.identity.rules import number_mac
from mvote.people.identity.service.accounts import get_roll_keys
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
REGISTER = RegisterRow.__table__

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Voter:
    """A citizen as a poll sees one: ``roll_key`` is the MAC of the number."""

    roll_key: bytes
    facts: Facts


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
    if not LIST_NAME.fullmatch(name):
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


def find_register_facts(account: str) -> Facts | None:
    """What the register holds of a citizen; None where it does not know them.

    Raises AccountGone.
    """
    with reading("people") as session:
        keys = get_roll_keys(session, account)
        row = session.execute(_FACTS, {"number": keys.number}).one_or_none()
    return None if row is None else _resident(row.district, row.birth_band, row.gender)


# Every permit asks it, so it is made once.
_FACTS = select(REGISTER.c.district, REGISTER.c.birth_band, REGISTER.c.gender).where(
    REGISTER.c.number_mac == bindparam("number")
)


def get_voter(session: Session, account: str, *, lists: Sequence[str]) -> Voter:
    """The citizen with the facts a poll may ask about; of the lists, only those named.

    Raises AccountGone.
    """
    number = get_roll_keys(session, account).number
    row = session.execute(_FACTS, {"number": number}).one_or_none()
    known = _resident(row.district, row.birth_band, row.gender) if row else Facts(True)
    listed: Iterable[str] = ()
    if lists:
        listed = session.scalars(
            select(ListedRow.list).where(ListedRow.list.in_(lists), ListedRow.number_mac == number)
        )
    return Voter(number, replace(known, lists=frozenset(listed)))


def count_facts(session: Session, *, lists: Sequence[str]) -> Iterator[tuple[Facts, int]]:
    """How many numbers share the same facts, over the register and the named lists.

    The numbers are taken as verified: these are all who could vote.
    """
    listed = select(ListedRow.number_mac).where(ListedRow.list.in_(lists))
    grouped = select(
        RegisterRow.district, RegisterRow.birth_band, RegisterRow.gender, func.count()
    ).group_by(RegisterRow.district, RegisterRow.birth_band, RegisterRow.gender)
    if lists:
        grouped = grouped.where(RegisterRow.number_mac.not_in(listed))
    for district, band, gender, count in session.execute(grouped):
        yield _resident(district, band, gender), count
    if lists:
        yield from _count_listed(session, lists).items()


def _count_listed(session: Session, lists: Sequence[str]) -> Counter[Facts]:
    """Numbers on a list, whether the register knows them or not."""
    names: dict[bytes, set[str]] = defaultdict(set)
    known: dict[bytes, Facts] = {}
    query = (
        select(ListedRow, RegisterRow)
        .outerjoin(RegisterRow, RegisterRow.number_mac == ListedRow.number_mac)
        .where(ListedRow.list.in_(lists))
    )
    for listed, row in session.execute(query):
        names[listed.number_mac].add(listed.list)
        known[listed.number_mac] = (
            _resident(row.district, row.birth_band, row.gender) if row else Facts(True)
        )
    return Counter(replace(known[mac], lists=frozenset(on)) for mac, on in names.items())


def _resident(district: str | None, band: int | None, gender: str | None) -> Facts:
    return Facts(True, district, band, gender, resident=True)
