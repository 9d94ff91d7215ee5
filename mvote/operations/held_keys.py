"""Is every key here that was used before?  Asked before anything listens, and changes nothing."""

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from mvote.keys import Keys, held_keys, held_pepper, pepper_mark
from mvote.operations.database import open_engine
from mvote.people.permits.service import list_without_issuer_key
from mvote.settings import Settings, SettingsFault, Wing
from mvote.upkeep.service import last_noted_keys, note_keys
from mvote.votes.ballots.service import list_without_board_key

PEPPER = "pepper"


def check_held(settings: Settings, wings: Iterable[Wing]) -> None:
    """Whether no key is lost or another than it was.  Raises SettingsFault, DatabaseFault."""
    for wing in wings:
        held = {key.kid for key in held_keys(settings, wing).values()}
        pepper = held_pepper(settings) if wing == "people" else b""
        marks = held | {pepper_mark(pepper)}
        with open_engine(settings, wing) as engine:
            with Session(engine) as session:
                noted = last_noted_keys(session, wing)
            find = list_without_issuer_key if wing == "people" else list_without_board_key
            orphans = find(engine, held)
        lost = [
            name if name == PEPPER else f"{name} key"
            for name, mark in noted.items()
            if mark not in marks
        ]
        if lost:
            raise SettingsFault(
                f"{_where(settings, wing)} does not hold the {' and the '.join(lost)} that this"
                " installation has used; put it back from the copy of the keys"
            )
        if orphans:
            kind = "issuer" if wing == "people" else "board"
            raise SettingsFault(
                f"{_where(settings, wing)} does not hold the {kind} key of poll {orphans[0]}, which"
                " is not over; put it back from the copy of the keys"
            )


def note_held(settings: Settings, keys: Keys) -> None:
    """Remember which keys are current, so that their loss is seen.  Raises DatabaseFault."""
    marks = {name: key.kid for name, key in keys.signing.items() if "-" not in name}
    if keys.pepper:
        marks[PEPPER] = pepper_mark(keys.pepper)
    with open_engine(settings, keys.wing) as engine, Session(engine) as session, session.begin():
        if last_noted_keys(session, keys.wing) != marks:
            note_keys(session, keys.wing, marks, now=datetime.now(UTC))


def _where(settings: Settings, wing: Wing) -> str:
    return f"MVOTE_{wing.upper()}_KEYS: {settings.keys(wing)}"
