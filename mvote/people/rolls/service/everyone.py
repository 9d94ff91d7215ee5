"""Everyone the city knows, one by one: for the roll of a poll that is closed when it is frozen."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from mvote.core.eligibility import Facts
from mvote.people.rolls.service.voters import listed_people
from mvote.people.rolls.tables import RegisterRow

Person = tuple[bytes, Facts]


def iter_everyone(session: Session, *, roll_key: str, lists: Sequence[str]) -> Iterator[Person]:
    """The roll key of everyone in the register, and of those on the named lists beside it.

    ``roll_key`` is ``number`` or ``entry``; who has none stands on no such roll.
    """
    listed: dict[bytes, set[str]] = defaultdict(set)
    if lists:
        for person, name, _ in listed_people(session, lists, roll_key):
            listed[person].add(name)
    resident = cache(_resident)  # a million people share few of them
    key = RegisterRow.number_mac if roll_key == "number" else RegisterRow.entry
    columns = key, RegisterRow.district, RegisterRow.birth_band, RegisterRow.gender
    query = select(*columns).where(key.is_not(None)).order_by(key)
    for found, district, band, gender in session.execute(query):
        mac = bytes(found or b"")
        on = frozenset(listed.pop(mac, ()))
        yield mac, resident(district, band, gender, on)
    for mac in sorted(listed):
        yield mac, Facts(True, lists=frozenset(listed[mac]))


def _resident(
    district: str | None, band: int | None, gender: str | None, on: frozenset[str]
) -> Facts:
    return Facts(True, district, band, gender, on, resident=True)
