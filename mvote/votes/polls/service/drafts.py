"""Write a poll's draft; every saving is a revision of its own."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.canonical import JSON, canonical_bytes
from mvote.core.ids import is_id, new_id
from mvote.core.official import Official
from mvote.core.phases import DRAFT, PollUnknown, check_act
from mvote.core.poll import DraftRefused, PollDraft, check_draft
from mvote.db import reading, transaction
from mvote.installation import installation
from mvote.votes.polls.errors import NotYourDepartment
from mvote.votes.polls.rules import DraftChanged, Poll, PollDrafted, check_size
from mvote.votes.polls.service.reading import to_poll
from mvote.votes.polls.service.revisions import changed_meanwhile, keep_revision
from mvote.votes.polls.service.turns import lock_row
from mvote.votes.polls.tables import DepartmentRow, PollAuthorRow, PollRow


@dataclass(frozen=True, slots=True)
class Draft:
    """A poll and the JSON of its draft, whatever its state."""

    poll: Poll
    content: JSON


def draft_poll(content: JSON, *, official: Official, now: datetime) -> Draft:
    """Begin a poll.  A ``record`` that is not named gets a new id.

    Raises DraftRefused, NotYourDepartment.
    """
    with transaction("votes") as session:
        return begin_draft(session, content, official=official, now=now)


def begin_draft(
    session: Session,
    content: JSON,
    *,
    known_record: str | None = None,
    official: Official,
    now: datetime,
) -> Draft:
    """Begin a poll in the caller's transaction.

    ``known_record`` is a record of the official's department that has no poll yet.  Raises
    DraftRefused, NotYourDepartment.
    """
    now = now.replace(microsecond=0)
    draft = _check(session, content, own_record=known_record, official=official, now=now)
    row = PollRow(
        id=new_id(),
        state=DRAFT,
        revision=1,
        author=official.id,
        drafted_at=now,
        **_fields(draft),
    )
    session.add(row)
    session.flush()
    session.add(PollAuthorRow(poll=row.id, official=official.id))
    keep_revision(session, row, official=official.id)
    happening = PollDrafted(row.id, by=official.id, department=row.department, record=row.record)
    record(session, "votes", happening, now=now)
    return Draft(to_poll(row), draft.to_json())


def get_draft(poll_id: str, *, official: Official) -> Draft:
    """What was drafted, also after it was frozen.  Raises PollUnknown, NotYourDepartment."""
    with reading("votes") as session:
        row = session.get(PollRow, poll_id) if is_id(poll_id) else None
        if row is None:
            raise PollUnknown()
        check_department(row.department, official)
        return Draft(to_poll(row), json.loads(row.draft))


def change_draft(
    poll_id: str, content: JSON, *, known: Collection[int], official: Official, now: datetime
) -> Draft:
    """Save a draft anew; ``known`` are the revisions that the official has seen.

    Raises PollUnknown, NotYourDepartment, DraftChangedMeanwhile, DraftRefused, and
    AlreadyApproved, AlreadyFrozen or PollCancelled.
    """
    with transaction("votes") as session:
        row = lock_row(session, poll_id)
        check_department(row.department, official)
        check_act(row.state, "edit")
        if row.revision not in known:
            raise changed_meanwhile(session, row, known)
        draft = _check(session, content, own_record=row.record, official=official, now=now)
        for field, value in _fields(draft).items():
            setattr(row, field, value)
        row.revision += 1
        session.merge(PollAuthorRow(poll=row.id, official=official.id))
        keep_revision(session, row, official=official.id)
        happening = DraftChanged(row.id, by=official.id, revision=row.revision)
        record(session, "votes", happening, now=now)
        return Draft(to_poll(row), draft.to_json())


def check_department(department: str, official: Official) -> None:
    """Raises NotYourDepartment."""
    if not official.speaks_for(department):
        raise NotYourDepartment(department=department)


def _check(
    session: Session, content: JSON, *, own_record: str | None, official: Official, now: datetime
) -> PollDraft:
    """The form by the rules of voting; what it refers to by the rows there are."""
    asked = content.get("record") if isinstance(content, dict) else None
    if isinstance(content, dict) and "record" not in content:
        content = {**content, "record": own_record or new_id()}
    draft, settings = check_draft(content, now=now), installation().settings
    check_size(
        draft,
        questions=settings.questions_per_poll,
        options=settings.options_per_question,
        outage_seconds=settings.outage_seconds,
    )
    check_department(draft.department, official)
    if session.get(DepartmentRow, draft.department) is None:
        raise DraftRefused({"department": ["is not known"]})
    new = asked in (None, own_record)
    if _department_of(session, draft.record) not in (draft.department, *((None,) if new else ())):
        raise DraftRefused({"record": ["is not a record of this department"]})
    return draft


def _department_of(session: Session, record_id: str) -> str | None:
    """Whose record it is: a record begins with the first poll that is frozen for it."""
    begun = select(PollRow.department).where(PollRow.record == record_id, PollRow.ph.is_not(None))
    return session.scalar(begun.limit(1))


def _fields(draft: PollDraft) -> dict[str, JSON]:
    """The columns that repeat what the draft says."""
    return {
        "draft": canonical_bytes(draft.to_json()).decode(),
        "kind": draft.kind,
        "title_ko": draft.title["ko"],
        "title_en": draft.title["en"],
        "department": draft.department,
        "record": draft.record,
        "opens_at": draft.opens,
        "closes_at": draft.closes,
    }
