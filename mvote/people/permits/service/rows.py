"""What every part of the service asks of a poll's row, and the gate before it."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, not_, select
from sqlalchemy.orm import Session

from mvote.core.canonical import JSON, b64u, b64u_decode, canonical_bytes
from mvote.core.ids import crockford, is_id, uncrockford
from mvote.core.phases import FROZEN, OPEN, SUSPENDED, PollUnknown
from mvote.core.scope import ScopeUnknown
from mvote.db import hold_gate
from mvote.people.permits.tables import PollRow

RUNNING = (FROZEN, OPEN, SUSPENDED)
"""States in which permits are given or held back, and officials may put a roll right."""


SCOPE_MARK = "s-"
"""Before the row of a scope; no id of ours holds a hyphen."""


class KnownPoll(NamedTuple):
    """What permits ask of a poll: ``ph`` is there from freezing, ``pepper`` until erasure.

    ``locked_at`` is there while a copy that was put back waits for officials.

    ``said`` is the issuer document as JSON; ``added`` were added to the roll since;
    ``quarantine`` are the poll's rules as JSON.
    """

    id: str
    state: str
    ph: str | None
    level: str
    proof: str
    roll_key: str
    audience: str
    opens: datetime | None
    closes: datetime
    pepper: bytes | None
    kid: str
    said: str
    added: int
    quarantine: str
    locked_at: datetime | None


POLLS = PollRow.__table__
# Every permit asks it, so it is made once.
_SHORT = select(*(POLLS.c[name] for name in KnownPoll._fields)).where(
    POLLS.c.id == bindparam("poll")
)


def row_of_scope(scope_id: str) -> str:
    """The name under which a scope's row stands among the polls'.

    It is none of our ids, so that no route about a poll ever leads to it, even where the
    scope has a poll's id; and the same for the same scope.  Raises ScopeUnknown.
    """
    if not is_id(scope_id):
        raise ScopeUnknown()
    return SCOPE_MARK + b64u(uncrockford(scope_id))


def scope_of_row(name: str) -> str | None:
    """The scope for which a row stands; None for a poll's."""
    if not name.startswith(SCOPE_MARK):
        return None
    return crockford(b64u_decode(name.removeprefix(SCOPE_MARK)))


def of_scope() -> ColumnElement[bool]:
    """Rows of scopes."""
    return PollRow.id.startswith(SCOPE_MARK)


def no_scope() -> ColumnElement[bool]:
    """Rows of polls."""
    return not_(of_scope())


def check_id(poll_id: str) -> None:
    """What cannot be an id is not asked of the database.  Raises PollUnknown."""
    if not is_id(poll_id):
        raise PollUnknown()


def find_poll(session: Session, poll_id: str) -> KnownPoll:
    """What every permit asks of a poll, without the long one.  Raises PollUnknown."""
    found = session.execute(_SHORT, {"poll": poll_id}).one_or_none()
    if found is None:
        raise PollUnknown()
    return KnownPoll._make(found)


def lock_poll(session: Session, poll_id: str) -> PollRow:
    """The whole row, nobody else's until the transaction ends.  Raises PollUnknown."""
    row = session.get(PollRow, poll_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise PollUnknown()
    return row


def take_gate(session: Session, poll_id: str, *, exclusive: bool) -> None:
    """Who issues holds the gate shared, who ends the issuing exclusively.

    So no permit slips in behind the list of those issued.
    """
    hold_gate(session, f"mvote-permits:{poll_id}", exclusive=exclusive)


def spell(value: JSON) -> str:
    """The canonical form as text."""
    return canonical_bytes(value).decode()
