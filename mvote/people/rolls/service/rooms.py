"""Private rooms: made, locked and closed by officials, entered by citizens."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.eligibility.room import ROOM
from mvote.core.official import Official
from mvote.core.room_pass import RoomPassNotValid, life_of, make_pass, read_passes
from mvote.core.text import Words
from mvote.db import reading, transaction
from mvote.installation import installation
from mvote.keys import all_of
from mvote.people.identity.service.hashing import (
    hash_of_no_password,
    hash_password,
    is_password,
    one_of_few,
)
from mvote.people.identity.service.limits import seconds_over, take_back
from mvote.people.rolls.errors import (
    RoomEntryRefused,
    RoomNotYours,
    RoomPasswordTooShort,
    RoomUnknown,
    TooManyRoomEntries,
    TooManyRooms,
)
from mvote.people.rolls.rules_rooms import (
    Room,
    RoomClosed,
    RoomMade,
    RoomPass,
    RoomPasswordChanged,
    new_number,
    tries_mac,
)
from mvote.people.rolls.tables import RoomRow

KEEPER = "roll-keeper"
LIMIT = "room"
HOUR = 3600

# Checked where there is no such room, so that the answer takes as long.
_NOWHERE = hash_of_no_password()


def make_room(*, words: Words, password: str, official: Official, now: datetime) -> Room:
    """Make a room of the official's department.  Raises RoomPasswordTooShort, TooManyRooms."""
    hashed = _hash(password)
    with transaction("people") as session:
        own = select(RoomRow.number).where(RoomRow.department == official.department)
        most = installation().settings.rooms_per_department
        if len(session.scalars(own.where(RoomRow.closed.is_(False))).all()) >= most:
            raise TooManyRooms(most=most)
        number = new_number()
        while session.get(RoomRow, number) is not None:
            number = new_number()
        row = RoomRow(
            number=number,
            name_ko=words["ko"],
            name_en=words["en"],
            department=official.department,
            password=hashed,
            closed=False,
        )
        session.add(row)
        happened = RoomMade(number, department=official.department, by=official.id)
        record(session, "people", happened, now=now)
        return _room(row)


def list_rooms(official: Official) -> Sequence[Room]:
    """The rooms of the official's department, and for who keeps the rolls every room."""
    query = select(RoomRow).order_by(RoomRow.number)
    if KEEPER not in official.duties:
        query = query.where(RoomRow.department == official.department)
    with reading("people") as session:
        return [_room(row) for row in session.scalars(query)]


def change_password(number: str, *, password: str, official: Official, now: datetime) -> Room:
    """From now on only the new one opens; passes given out before end by themselves.

    Raises RoomUnknown, RoomNotYours, RoomPasswordTooShort.
    """
    hashed = _hash(password)
    with transaction("people") as session:
        row = _own(session, number, official)
        row.password = hashed
        record(session, "people", RoomPasswordChanged(number, by=official.id), now=now)
        return _room(row)


def close_room(number: str, *, official: Official, now: datetime) -> Room:
    """Nobody enters any more, and passes take no permit.  Raises RoomUnknown, RoomNotYours."""
    with transaction("people") as session:
        row = _own(session, number, official)
        if not row.closed:
            row.closed = True
            record(session, "people", RoomClosed(number, by=official.id), now=now)
        return _room(row)


def enter_room(number: str, *, account: str, password: str, now: datetime) -> RoomPass:
    """A pass for a citizen who knows the password; nothing is kept of who entered.

    A room that is closed or nowhere is answered as a wrong password.  Tries are counted by
    account, whatever room they are for.  Raises RoomEntryRefused, TooManyRoomEntries,
    TooBusyToSignIn.
    """
    made = installation()
    key = tries_mac(made.keys["people"].pepper, account)
    _count_try(key, now=now)
    with reading("people") as session:
        row = session.get(RoomRow, number) if ROOM.fullmatch(number) else None
        hashed, is_open = (row.password, not row.closed) if row else (_NOWHERE, False)
    if not (is_password(hashed, password) and is_open):
        raise RoomEntryRefused()
    with transaction("people", durable=False) as session:
        take_back(session, LIMIT, key)  # and no more: a room of one's own buys no tries
    seconds = made.settings.room_pass_seconds
    given = make_pass(made.keys["people"]["issuer"].private, room=number, now=now, seconds=seconds)
    return RoomPass(given, life_of(given, now=now))


def read_rooms(session: Session, header: str, *, now: datetime) -> frozenset[str]:
    """The rooms that passes open for a permit; one that was closed since opens none.

    Raises RoomPassNotValid.
    """
    issuers = all_of(installation().public["people"], "issuer")
    rooms = read_passes(header, issuers=issuers, now=now)
    if not rooms:
        return rooms
    still = select(RoomRow.number).where(RoomRow.number.in_(rooms), RoomRow.closed.is_(False))
    if len(found := frozenset(session.scalars(still))) < len(rooms):
        raise RoomPassNotValid()
    return found


def _count_try(key: bytes, *, now: datetime) -> None:
    most = installation().settings.room_tries
    with transaction("people", durable=False) as session:
        wait = seconds_over(session, LIMIT, key, most=most, seconds=HOUR, now=now)
    if wait is not None:
        raise TooManyRoomEntries(retry_after=wait)


def _hash(password: str) -> str:
    least = installation().settings.room_password_characters
    if len(password) < least:
        raise RoomPasswordTooShort(least=least)
    with one_of_few():
        return hash_password(password)


def _own(session: Session, number: str, official: Official) -> RoomRow:
    """Who keeps the rolls may act in every room, others in those of their department."""
    row = session.get(RoomRow, number, with_for_update=True) if ROOM.fullmatch(number) else None
    if row is None:
        raise RoomUnknown()
    if KEEPER not in official.duties and not official.speaks_for(row.department):
        raise RoomNotYours()
    return row


def _room(row: RoomRow) -> Room:
    return Room(
        row.number, {"ko": row.name_ko, "en": row.name_en}, row.department, bool(row.closed)
    )
