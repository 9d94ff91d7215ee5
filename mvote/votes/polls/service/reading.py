"""Look polls up: one, many, and what was frozen."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, defer

from mvote.core.canonical import JSON
from mvote.core.eligibility import is_open_to
from mvote.core.ids import is_id
from mvote.core.official import DEPARTMENT, Official
from mvote.core.phases import PollUnknown
from mvote.core.poll import PollDefinition, PollNotFrozen
from mvote.core.rehearsal import REHEARSAL
from mvote.db import reading
from mvote.votes.polls.errors import NotYourDepartment
from mvote.votes.polls.rules import Poll
from mvote.votes.polls.tables import PollRow

Place = tuple[datetime, str]
"""Where a list goes on: behind this time and id."""

WITHOUT_TEXTS = (defer(PollRow.draft), defer(PollRow.definition))
CACHED_POLLS = 128


def get_poll(poll_id: str) -> Poll:
    """Raises PollUnknown."""
    found = find_poll(poll_id)
    if found is None:
        raise PollUnknown()
    return found


def find_poll(poll_id: str) -> Poll | None:
    if not is_id(poll_id):
        return None
    with reading("votes") as session:
        row = session.get(PollRow, poll_id, options=WITHOUT_TEXTS)
        return to_poll(row) if row else None


def get_public_poll(poll_id: str) -> Poll:
    """A poll that everyone may see.  Raises PollUnknown, also before freezing."""
    found = get_poll(poll_id)
    if not found.public:
        raise PollUnknown()
    return found


@dataclass(frozen=True, slots=True)
class PrivatePoll:
    """A poll in which nobody votes without having been let into a room."""

    department: str
    audience: Mapping[str, JSON]

    def is_open_to(self, rooms: frozenset[str]) -> bool:
        return is_open_to(self.audience, rooms)


def find_private(poll_id: str) -> PrivatePoll | None:
    """None for a poll that everyone may see, and for one that nobody can."""
    try:
        definition = definition_of(poll_id)
    except (PollUnknown, PollNotFrozen):
        return None
    if is_open_to(definition.audience):
        return None
    return PrivatePoll(definition.department, definition.audience)


def list_in_state(*states: str) -> Sequence[Poll]:
    """Every poll in one of these states, the first drafted first; for jobs."""
    query = select(PollRow).where(PollRow.state.in_(states))
    query = query.order_by(PollRow.drafted_at, PollRow.id)
    with reading("votes") as session:
        return [to_poll(row) for row in session.scalars(query.options(*WITHOUT_TEXTS))]


def list_public_polls(
    *, after: Place | None = None, limit: int, state: str | None = None
) -> Sequence[Poll]:
    """Polls that were frozen, the last frozen first.

    A rehearsal is nothing for the public, and a private poll for those in its room only.
    """
    query = select(PollRow).where(
        PollRow.ph.is_not(None), PollRow.kind != REHEARSAL, PollRow.private.is_(False)
    )
    if state is not None:
        query = query.where(PollRow.state == state)
    return _newest_first(query, PollRow.frozen_at, after, limit)


def list_department_polls(
    department: str, *, official: Official, after: Place | None = None, limit: int
) -> Sequence[Poll]:
    """A department's polls in every state, the last drafted first.  Raises NotYourDepartment."""
    if not official.speaks_for(department):
        raise NotYourDepartment(department=department[:64])
    if not DEPARTMENT.fullmatch(department):
        return []
    query = select(PollRow).where(PollRow.department == department)
    return _newest_first(query, PollRow.drafted_at, after, limit)


@lru_cache(maxsize=CACHED_POLLS)
def definition_text_of(poll_id: str) -> str:
    """The canonical JSON whose SHA-256 is the poll's hash.  Raises PollUnknown, PollNotFrozen.

    Ids are random and what is frozen never changes, so what was read once stays true.
    """
    query = select(PollRow.definition).where(PollRow.id == poll_id)
    with reading("votes") as session:
        found = session.execute(query).one_or_none() if is_id(poll_id) else None
    if found is None:
        raise PollUnknown()
    text: str | None = found[0]
    if text is None:
        raise PollNotFrozen()
    return text


@lru_cache(maxsize=CACHED_POLLS)
def definition_of(poll_id: str) -> PollDefinition:
    """What was frozen; no query after the first time.  Raises PollUnknown, PollNotFrozen."""
    return PollDefinition.from_json(json.loads(definition_text_of(poll_id)))


def _newest_first(
    query: Select[PollRow],
    time: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
    after: Place | None,
    limit: int,
) -> Sequence[Poll]:
    if after is not None:
        query = query.where((time < after[0]) | ((time == after[0]) & (PollRow.id < after[1])))
    query = query.order_by(time.desc(), PollRow.id.desc()).limit(limit).options(*WITHOUT_TEXTS)
    with reading("votes") as session:
        return [to_poll(row) for row in session.scalars(query)]


def to_poll(row: PollRow) -> Poll:
    """The value of a row."""
    reason = None
    if row.reason_ko is not None and row.reason_en is not None:
        reason = {"ko": row.reason_ko, "en": row.reason_en}
    return Poll(
        id=row.id,
        state=row.state,
        revision=row.revision,
        kind=row.kind,
        title={"ko": row.title_ko, "en": row.title_en},
        department=row.department,
        record=row.record,
        author=row.author,
        approver=row.approver,
        ph=row.ph,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        drafted_at=row.drafted_at,
        frozen_at=row.frozen_at,
        opened_at=row.opened_at,
        closing_at=row.closing_at,
        closed_at=row.closed_at,
        published_at=row.published_at,
        cancelled_at=row.cancelled_at,
        reason=reason,
        issued=row.issued,
        issued_sha256=row.issued_sha256,
        private=bool(row.private),
        restored_at=row.restored_at,
        apart=json.loads(row.quarantine)["counts"] if row.quarantine else None,
    )
