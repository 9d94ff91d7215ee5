"""The sign-ins of an official: seen, and ended one by one or all at once."""

from datetime import datetime

from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.ids import is_id
from mvote.db import reading, transaction
from mvote.installation import installation
from mvote.people.identity.service.sign_ins import (
    OpenSignIn,
    end_all,
    end_own_sign_in,
    list_open,
)
from mvote.people.officials.errors import NoSuchOfficial, NoSuchSession
from mvote.people.officials.rules import SignInsEnded
from mvote.people.officials.tables import OfficialRow


def list_sessions(official: str, *, now: datetime) -> tuple[OpenSignIn, ...]:
    """The newest days first, as many as a page holds."""
    with reading("people") as session:
        return list_open(session, official, now=now)[: installation().settings.page_items]


def end_session(official: str, family: str) -> None:
    """End one of the official's own.  Raises NoSuchSession."""
    with transaction("people") as session:
        if not (is_id(family) and end_own_sign_in(session, official, family)):
            raise NoSuchSession()


def end_sessions(official: str, *, by: str, now: datetime) -> int:
    """End all, this one too; returns how many.  Raises NoSuchOfficial."""
    with transaction("people") as session:
        if not is_id(official) or session.get(OfficialRow, official) is None:
            raise NoSuchOfficial()
        return end_every(session, official, by=by, now=now)


def end_every(session: Session, official: str, *, by: str, now: datetime) -> int:
    """In the caller's transaction."""
    ended = end_all(session, official)
    record(session, "people", SignInsEnded(official, sign_ins=ended, by=by), now=now)
    return ended
