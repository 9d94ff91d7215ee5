"""How many permits of a secret poll were given out, noted outside the database too.

A database that was put back from an older copy has forgotten permits that citizens hold, and
would give them a second one.  So the file ``permits/<poll>`` of the installation's home gets
a byte for every new permit, behind the commit; where the database holds fewer, no permit is
given until somebody has decided.  Who restores on purpose removes the file.
"""

import logging
import os
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mvote.installation import installation
from mvote.people.permits.errors import PermitsForgotten
from mvote.people.permits.tables import IssuedRow

log = logging.getLogger("mvote.permits")


def note_permit(poll_id: str) -> None:
    """To be called behind the commit, so that the database never holds fewer by itself."""
    path = _file(poll_id)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
        try:
            os.write(descriptor, b".")
        finally:
            os.close(descriptor)
    except OSError as fault:  # the permit is noted where it counts
        log.error("%s cannot be written: %s", path, fault.strerror)


def require_none_forgotten(session: Session, poll_id: str) -> None:
    """The database holds every permit that was noted here.  Raises PermitsForgotten."""
    path = _file(poll_id)
    noted = path.stat().st_size if path.exists() else 0  # first: the database is never behind
    if noted and (held := _count(session, poll_id)) < noted:
        log.critical(
            "poll %s issues nothing: %s permits were given, the database knows of %s; see %s",
            poll_id,
            noted,
            held,
            path,
        )
        raise PermitsForgotten()


def list_ahead(session: Session, mark: str) -> Mapping[str, int]:
    """Whose file holds more permits than the database, by names that begin so; how many it does."""
    folder = installation().settings.home / "permits"
    noted = {path.name: path.stat().st_size for path in folder.glob(f"{mark}*")}
    return {name: held for name in sorted(noted) if (held := _count(session, name)) < noted[name]}


def note_anew(held: Mapping[str, int]) -> None:
    """From here on believe the database: somebody has decided."""
    for name, permits in held.items():
        _file(name).write_bytes(b"." * permits)


def _count(session: Session, poll_id: str) -> int:
    return session.scalar(select(func.count()).where(IssuedRow.poll == poll_id)) or 0


def forget_noted(poll_id: str) -> None:
    """Nothing is issued any more."""
    _file(poll_id).unlink(missing_ok=True)


def _file(poll_id: str) -> Path:
    return installation().settings.home / "permits" / poll_id
