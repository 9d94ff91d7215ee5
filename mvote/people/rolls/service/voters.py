"""A citizen as a poll meets one: by one roll key, with what register and lists say of it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, cast

from sqlalchemy import Table, bindparam, func, or_, select
from sqlalchemy.orm import Session

from mvote.core.eligibility import Facts
from mvote.db import reading
from mvote.people.identity.rules import BY_OIDC, BY_SMS
from mvote.people.identity.service.accounts import RollKeys, get_roll_keys
from mvote.people.identity.service.declared import declared_by
from mvote.people.rolls.tables import ListedEntryRow, ListedRow, RegisterRow

BY_REGISTER: Final = "register"

REGISTER = cast(Table, RegisterRow.__table__)


@dataclass(frozen=True, slots=True)
class Voter:
    """``roll_key`` is the digest that stands for this person in the poll, and by what it was
    proved; None where the sign-in shows no such key.
    """

    roll_key: bytes | None
    proof: str | None
    facts: Facts


class _Known(NamedTuple):
    """What the register says of one entry."""

    entry: bytes
    number_mac: bytes | None
    district: str | None
    birth_band: int | None
    gender: str | None

    def facts(self) -> Facts:
        return _resident(self.district, self.birth_band, self.gender)


def find_register_facts(account: str, *, proof: str) -> Facts | None:
    """What the register holds of a citizen who signed in so; None where it does not know them.

    Raises AccountGone.
    """
    with reading("people") as session:
        keys = get_roll_keys(session, account).shown_by(proof)
        known = _known(session, keys, "entry")
    return None if known is None else known.facts()


def get_voter(
    session: Session,
    account: str,
    *,
    proof: str,
    roll_key: str,
    lists: Sequence[str],
    declared: bool = False,
) -> Voter:
    """The citizen with the facts a poll may ask about; of the lists, only those named.

    ``declared``: with what the citizen says as well.

    ``proof`` is the strongest of the sign-in, ``roll_key`` the poll's.  A number leads to the
    row of the register with that number, an entry to its own row; what a provider knows
    leads to none, unless the account's entry was bound by a code or at the desk.  An account
    without an entry has that of its number.  Raises AccountGone.
    """
    keys = get_roll_keys(session, account).shown_by(proof)
    known = _known(session, keys, roll_key)
    key, by = _proved(keys, known, roll_key)
    facts = known.facts() if known else Facts(number_verified=True)
    listed = _lists_of(session, keys, known, roll_key, lists) if lists else frozenset()
    said = _said(session, account) if declared else None
    facts = replace(facts, number_verified=keys.number is not None, proved=key is not None)
    return Voter(key, by, replace(facts, lists=listed, declared=said))


def _said(session: Session, account: str) -> Facts | None:
    found = declared_by(session, account)
    if found is None:
        return None
    return Facts(False, found.district, found.birth_band, found.gender)


def _proved(keys: RollKeys, known: _Known | None, roll_key: str) -> tuple[bytes | None, str | None]:
    """The key of a kind, and by what it was proved."""
    if roll_key == "number":
        return (keys.number, BY_REGISTER if known else BY_SMS) if keys.number else (None, None)
    if roll_key == "oidc":
        return (keys.oidc, BY_OIDC) if keys.oidc else (None, None)
    if keys.entry:
        return keys.entry, keys.entry_proof
    return (known.entry, BY_REGISTER) if known else (None, None)


# Every permit asks them, so they are made once.
_ROW = select(*(REGISTER.c[name] for name in _Known._fields))
_BY_NUMBER = _ROW.where(REGISTER.c.number_mac == bindparam("mac"))
_BY_ENTRY = _ROW.where(REGISTER.c.entry == bindparam("mac"))


def _known(session: Session, keys: RollKeys, roll_key: str) -> _Known | None:
    by_entry = keys.entry is not None and roll_key != "number"
    mac = keys.entry if by_entry else keys.number if roll_key != "oidc" else None
    if mac is None:
        return None
    row = session.execute(_BY_ENTRY if by_entry else _BY_NUMBER, {"mac": mac}).one_or_none()
    return None if row is None else _Known._make(row)


def _lists_of(
    session: Session, keys: RollKeys, known: _Known | None, roll_key: str, lists: Sequence[str]
) -> frozenset[str]:
    """The lists on which the voter stands by number or by entry."""
    number = keys.number if roll_key == "number" else known.number_mac if known else None
    entry = known.entry if known else keys.entry if roll_key != "number" else None
    found: set[str] = set()
    if number is not None:
        named = ListedRow.list.in_(lists), ListedRow.number_mac == number
        found.update(session.scalars(select(ListedRow.list).where(*named)))
    if entry is not None:
        named = ListedEntryRow.list.in_(lists), ListedEntryRow.entry == entry
        found.update(session.scalars(select(ListedEntryRow.list).where(*named)))
    return frozenset(found)


def find_key(
    session: Session, *, number: bytes | None, entry: bytes | None, roll_key: str
) -> bytes | None:
    """The roll key of somebody whom an official names by number or entry, as digests.

    The register leads from one to the other; None where it does not.
    """
    given = number if roll_key == "number" else entry if roll_key == "entry" else None
    if given is not None or roll_key == "oidc":
        return given
    row = _BY_ENTRY if entry else _BY_NUMBER
    found = session.execute(row, {"mac": entry or number}).one_or_none()
    if found is None:
        return None
    known = _Known._make(found)
    return known.number_mac if roll_key == "number" else known.entry


def get_facts(session: Session, key: bytes, *, roll_key: str, lists: Sequence[str]) -> Facts:
    """What register and lists say of whoever has this roll key, were the person to prove it."""
    keys = RollKeys(
        number=key if roll_key == "number" else None, entry=key if roll_key == "entry" else None
    )
    known = _known(session, keys, roll_key)
    facts = known.facts() if known else Facts(number_verified=True)
    listed = _lists_of(session, keys, known, roll_key, lists) if lists else frozenset()
    return replace(facts, number_verified=True, lists=listed)


def count_facts(
    session: Session, *, lists: Sequence[str], roll_key: str
) -> Iterator[tuple[Facts, int]]:
    """How many people share the same facts, over the register and the named lists.

    They are those with a key of this kind, number or entry, each counted once; numbers are
    taken as verified: these are all who could vote.
    """
    columns = RegisterRow.district, RegisterRow.birth_band, RegisterRow.gender
    grouped = select(*columns, func.count()).group_by(*columns)
    if roll_key == "number":
        grouped = grouped.where(RegisterRow.number_mac.is_not(None))
    if lists:
        numbers = select(ListedRow.number_mac).where(ListedRow.list.in_(lists))
        entries = select(ListedEntryRow.entry).where(ListedEntryRow.list.in_(lists))
        number = RegisterRow.number_mac
        grouped = grouped.where(
            or_(number.is_(None), number.not_in(numbers)), RegisterRow.entry.not_in(entries)
        )
    for district, band, gender, count in session.execute(grouped):
        yield _resident(district, band, gender), count
    if lists:
        yield from _count_listed(session, lists, roll_key).items()


def _count_listed(session: Session, lists: Sequence[str], roll_key: str) -> Counter[Facts]:
    """People on a list, whether the register knows them or not."""
    names: dict[bytes, set[str]] = defaultdict(set)
    known: dict[bytes, Facts] = {}
    for person, name, row in listed_people(session, lists, roll_key):
        names[person].add(name)
        known[person] = _resident(row.district, row.birth_band, row.gender) if row else Facts(True)
    return Counter(replace(known[one], lists=frozenset(on)) for one, on in names.items())


def listed_people(
    session: Session, lists: Sequence[str], roll_key: str
) -> Iterator[tuple[bytes, str, RegisterRow | None]]:
    """The key of each, the list, and the row of the register, if there is one."""
    by_number = (
        select(ListedRow.number_mac, ListedRow.list, RegisterRow)
        .outerjoin(RegisterRow, RegisterRow.number_mac == ListedRow.number_mac)
        .where(ListedRow.list.in_(lists))
    )
    by_entry = (
        select(ListedEntryRow.entry, ListedEntryRow.list, RegisterRow)
        .outerjoin(RegisterRow, RegisterRow.entry == ListedEntryRow.entry)
        .where(ListedEntryRow.list.in_(lists))
    )
    for is_number, query in ((True, by_number), (False, by_entry)):
        for listed, name, row in session.execute(query):
            key: bytes | None = listed
            if is_number != (roll_key == "number"):
                key = _other_key(row, is_number=is_number)
            if key is not None:
                yield key, name, row


def _other_key(row: RegisterRow | None, *, is_number: bool) -> bytes | None:
    """The entry of a number, the number of an entry."""
    if row is None:
        return None
    return row.entry if is_number else row.number_mac


def _resident(district: str | None, band: int | None, gender: str | None) -> Facts:
    return Facts(True, district, band, gender, resident=True)
