"""Room passes say a room and an end, to everyone alike, and cannot be made or stretched."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mvote.core.room_pass import MOST_PASSES, RoomPassNotValid, life_of, make_pass, read_passes

KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
NOW = datetime(2030, 1, 1, 10, 20, tzinfo=UTC)
ROOM, SECOND = "12345678", "87654321"


def made(room=ROOM, now=NOW, key=KEY, seconds=3600):
    return make_pass(key, room=room, now=now, seconds=seconds)


def read(header, now=NOW, *keys):
    issuers = [key.public_key() for key in keys or (KEY,)]
    return read_passes(header, issuers=issuers, now=now)


def test_everyone_who_enters_within_a_period_gets_the_same_pass():
    assert made() == made(now=NOW + timedelta(minutes=39))
    assert made() != made(now=NOW + timedelta(minutes=40))
    assert made().split(".")[:2] == [ROOM, "2030-01-01T12:00:00Z"]


@pytest.mark.parametrize("seconds", [1, 3600, 5400, 86_400])
def test_it_lives_at_least_a_period_and_less_than_two(seconds):
    for minute in range(0, 90, 7):
        now = NOW + timedelta(minutes=minute)
        life = life_of(made(now=now, seconds=seconds), now=now)
        assert seconds <= life <= 2 * seconds


def test_it_opens_its_room_until_it_ends():
    assert read(made()) == {ROOM}
    last = datetime(2030, 1, 1, 11, 59, 59, tzinfo=UTC)
    assert read(made(), last) == {ROOM}
    with pytest.raises(RoomPassNotValid):
        read(made(), last + timedelta(seconds=1))


def test_two_rooms_are_shown_side_by_side_and_none_by_an_empty_header():
    assert read(f"{made()}, {made(SECOND)}") == {ROOM, SECOND}
    assert read("") == frozenset()


def test_a_key_that_was_replaced_still_opens():
    assert read(made(key=OTHER), NOW, KEY, OTHER) == {ROOM}


def test_nothing_else_opens():
    room, until, signature = made().split(".")
    forged = [
        made(key=OTHER),
        f"{SECOND}.{until}.{signature}",
        f"{room}.2031-01-01T12:00:00Z.{signature}",
        f"{room}.{until}.{signature[:-2]}",
        f"{room}.{until}",
        f"{made()},",
        f"{made()}, {made(key=OTHER)}",
        "x",
        ", ".join([made()] * (MOST_PASSES + 1)),
        f"{room}.{until}.{signature}\x00",
    ]
    for header in forged:
        with pytest.raises(RoomPassNotValid):
            read(header)
