"""Note keys and copies, and ask for them.

What is asked before anything runs takes the session of its caller, for there is no app yet.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from mvote.settings import Wing
from mvote.upkeep.tables import COPY, NOTED_KEY


def last_noted_keys(session: Session, wing: Wing) -> dict[str, str]:
    """By name the mark of the key that was the last to be noted."""
    noted = NOTED_KEY[wing]
    rows = session.scalars(select(noted).order_by(noted.noted_at))
    return {row.name: row.mark for row in rows}


def note_keys(session: Session, wing: Wing, marks: Mapping[str, str], *, now: datetime) -> None:
    """Note which keys are current, where they were not noted before."""
    noted = NOTED_KEY[wing]
    for name, mark in marks.items():
        if session.get(noted, (name, mark)) is None:
            session.execute(insert(noted).values(name=name, mark=mark, noted_at=now))


def note_copy(session: Session, wing: Wing, *, now: datetime) -> None:
    """Note that a copy is begun: in the copy itself, and for who destroys something later."""
    if session.get(COPY[wing], now) is None:
        session.execute(insert(COPY[wing]).values(made_at=now, continued=False))


def note_restored(session: Session, wing: Wing, *, made_at: datetime, now: datetime) -> None:
    """Note that the database is a copy of an earlier time that was put back."""
    note_copy(session, wing, now=made_at)
    row = session.get_one(COPY[wing], made_at)
    row.restored_at, row.continued = now, False


def find_last_copy(session: Session, wing: Wing, *, before: datetime) -> datetime | None:
    """When the last copy was begun before a time, as far as this database knows."""
    copy = COPY[wing]
    return session.scalar(select(func.max(copy.made_at)).where(copy.made_at <= before))


def is_to_continue(session: Session, wing: Wing) -> bool:
    """Whether a copy was put back, and how far the other wing has heard is not known yet."""
    copy = COPY[wing]
    pending = copy.restored_at.is_not(None), copy.continued.is_(False)
    return session.scalar(select(copy.made_at).where(*pending).limit(1)) is not None


def continue_restored(session: Session, wing: Wing) -> datetime | None:
    """It is known now; returns when the last copy was put back, None where it was known."""
    copy = COPY[wing]
    rows = session.scalars(
        select(copy).where(copy.restored_at.is_not(None), copy.continued.is_(False))
    ).all()
    for row in rows:
        row.continued = True
    session.flush()
    return max((row.restored_at for row in rows if row.restored_at), default=None)
