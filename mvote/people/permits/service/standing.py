"""The roll of one poll: closed at freezing, asked at each permit, corrected by two officials."""

from collections.abc import Iterator, Mapping
from functools import cache, partial
from itertools import islice
from typing import cast

from sqlalchemy import Table, bindparam, func, select
from sqlalchemy.orm import Session

from mvote.core.canonical import JSON
from mvote.core.eligibility import is_countable, lists_named
from mvote.core.issuing import CLOSED
from mvote.core.poll import ApprovedPoll
from mvote.core.secrecy.permit import voter_ref
from mvote.people.permits.errors import AlreadyOnRoll, NotOnRoll
from mvote.people.permits.rules_roll import ADDED, FIXED, ON_ROLL, STRUCK, is_closed_roll
from mvote.people.permits.tables import PollRow, RollEntryRow
from mvote.people.rolls.service.everyone import iter_everyone

ROWS_AT_ONCE = 5000

ENTRIES = cast(Table, RollEntryRow.__table__)
# Every permit asks it, so it is made once.
_STANDING = select(ENTRIES.c.standing).where(
    ENTRIES.c.poll == bindparam("poll"), ENTRIES.c.voter_ref == bindparam("ref")
)


def find_standing(session: Session, poll_id: str, ref: bytes) -> str | None:
    """None where only register and lists say something."""
    return session.execute(_STANDING, {"poll": poll_id, "ref": ref}).scalar_one_or_none()


def close_roll(session: Session, poll: ApprovedPoll, *, pepper: bytes) -> int | None:
    """Write down who is on the roll of a poll that closes it; returns how many, else None.

    What is kept leads to nobody once the poll's pepper is gone.
    """
    if poll.roll_mode != CLOSED:
        return None
    number = 0
    found = _everyone_on(session, poll, pepper=pepper)
    while rows := list(islice(found, ROWS_AT_ONCE)):
        session.execute(ENTRIES.insert(), rows)
        number += len(rows)
    return number


def _everyone_on(
    session: Session, poll: ApprovedPoll, *, pepper: bytes
) -> Iterator[Mapping[str, JSON]]:
    """In the order of their keyed hashes, which tells nothing of the register's."""
    lists, on_it = lists_named(poll.audience), cache(partial(is_countable, poll.audience))
    refs = sorted(
        voter_ref(pepper, key)
        for key, facts in iter_everyone(session, roll_key=poll.roll_key, lists=lists)
        if on_it(facts)
    )
    for ref in refs:
        yield {"poll": poll.poll, "voter_ref": ref, "standing": FIXED, "counted": True}


def count_fixed(session: Session, poll_id: str) -> int:
    """How many are on a closed roll now, corrections included."""
    on_it = RollEntryRow.poll == poll_id, RollEntryRow.standing.in_(ON_ROLL)
    return session.scalar(select(func.count()).where(*on_it)) or 0


def check_change(
    session: Session, row: PollRow, ref: bytes, change: str, *, is_eligible: bool
) -> None:
    """Raises AlreadyOnRoll, NotOnRoll."""
    entry = session.get(RollEntryRow, (row.id, ref))
    is_on = _is_on(row, entry, is_eligible=is_eligible)
    if change == ADDED and is_on:
        raise AlreadyOnRoll()
    if change == STRUCK and not is_on:
        raise NotOnRoll()


def add_to_roll(session: Session, row: PollRow, ref: bytes, *, is_eligible: bool) -> bool:
    """Let somebody vote; whether the number of the eligible grows by it.  Raises AlreadyOnRoll.

    ``is_eligible`` is what register and lists say.  Who was struck before was counted before.
    """
    check_change(session, row, ref, ADDED, is_eligible=is_eligible)
    entry = session.get(RollEntryRow, (row.id, ref))
    raises = entry is None or not entry.counted
    if entry is None:
        entry = RollEntryRow(poll=row.id, voter_ref=ref)
        session.add(entry)
    entry.standing, entry.counted = ADDED, True
    row.added += int(raises)
    return raises


def strike_from_roll(session: Session, row: PollRow, ref: bytes, *, is_eligible: bool) -> None:
    """Let somebody take no permit any more; one that was taken stands.  Raises NotOnRoll."""
    check_change(session, row, ref, STRUCK, is_eligible=is_eligible)
    entry = session.get(RollEntryRow, (row.id, ref))
    if entry is None:
        entry = RollEntryRow(poll=row.id, voter_ref=ref, counted=True)
        session.add(entry)
    entry.standing = STRUCK


def _is_on(row: PollRow, entry: RollEntryRow | None, *, is_eligible: bool) -> bool:
    if entry is not None:
        return entry.standing in ON_ROLL
    return is_eligible and not is_closed_roll(row.said)
