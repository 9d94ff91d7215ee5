"""What moderators decide: each with its public reason, kept for ever."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mvote.audit.service import record as audit
from mvote.core.canonical import canonical_bytes
from mvote.core.official import Official
from mvote.core.text import Words
from mvote.db import hold_gate, take_off_disk, transaction
from mvote.installation import city_day
from mvote.votes.moderation.errors import (
    AnswerOwedForText,
    AppealPending,
    DecidedOnAppeal,
    HideFirst,
    NoAppealPending,
    OwnDecision,
    TextOfOtherDepartment,
)
from mvote.votes.moderation.rules import (
    FILED,
    HAPPENINGS,
    HIDDEN,
    HIDE,
    PUBLISH,
    PUBLISHED,
    REJECT,
    REJECTED,
    REMOVE,
    REMOVED,
    UPHELD,
    UPHOLD,
    Standing,
    TextRemovalAsked,
)
from mvote.votes.moderation.service.reading import standing_of
from mvote.votes.moderation.service.submitting import blank, lock_text
from mvote.votes.moderation.tables import DecisionRow, ModeratedRow, ReportRow

GATE = "moderation log"


def hide_text(
    kind: str, item: str, *, category: str, reason: Words, official: Official, now: datetime
) -> Standing:
    """Hide a text.  The author may appeal once; replies to it stay.

    Raises TextUnknown, NeverModerated, TextOfOtherDepartment, TextRemovedForGood,
    TextWithdrawn, AnswerOwedForText, AppealPending, DecidedOnAppeal.
    """
    with transaction("votes") as session:
        row = _lock_own(session, kind, item, official)
        if row.bound:
            raise AnswerOwedForText()
        if row.final:
            raise DecidedOnAppeal()
        if row.appeal_state == FILED:
            raise AppealPending()
        if row.state != HIDDEN:
            _decide(
                session, row, HIDE, category=category, reason=reason, official=official, now=now
            )
            _turn(row, HIDDEN, now)
            row.hidden_by = official.id
        return standing_of(session, row)


def publish_text(
    kind: str, item: str, *, reason: Words, official: Official, now: datetime
) -> Standing:
    """Show a text that waits, stays after reports, or was hidden; reports no longer undo that.

    Raises TextUnknown, NeverModerated, TextOfOtherDepartment, TextRemovedForGood,
    TextWithdrawn, AppealPending.
    """
    with transaction("votes") as session:
        row = _lock_own(session, kind, item, official)
        if row.appeal_state == FILED:
            raise AppealPending()
        if not (row.state == PUBLISHED and row.kept):
            _decide(session, row, PUBLISH, category="", reason=reason, official=official, now=now)
            _show(row, now)
        return standing_of(session, row)


def remove_text(
    kind: str, item: str, *, category: str, reason: Words, official: Official, now: datetime
) -> Standing:
    """Remove for good what may not be kept; a stub stays, and this decision.

    Two officials: one hid it, another removes it.  What the city owes an answer to cannot be
    hidden, so there the first only asks for the removal; the answer stays owed.  An author's
    appeal is decided first.
    Raises TextUnknown, NeverModerated, TextOfOtherDepartment, TextRemovedForGood,
    TextWithdrawn, HideFirst, AppealPending, OwnDecision.
    """
    with transaction("votes") as session:
        row = _lock_own(session, kind, item, official)
        if row.state != HIDDEN and not row.bound:
            raise HideFirst()
        if row.appeal_state == FILED:
            raise AppealPending()
        if not row.hidden_by:
            row.hidden_by = official.id
            asked = TextRemovalAsked(row.id, row.kind, row.department, category, official.id)
            audit(session, "votes", asked, now=now)
            return standing_of(session, row)
        if row.hidden_by == official.id:
            raise OwnDecision()
        _decide(session, row, REMOVE, category=category, reason=reason, official=official, now=now)
        _turn(row, REMOVED, now)
        blank(session, row)
        standing = standing_of(session, row)
    take_off_disk("votes", ModeratedRow.__tablename__, ReportRow.__tablename__)
    return standing


def decide_appeal(
    kind: str, item: str, *, upheld: bool, reason: Words, official: Official, now: datetime
) -> Standing:
    """Decide an author's appeal, once; a moderator of any department but who hid it.

    Raises TextUnknown, NeverModerated, TextRemovedForGood, TextWithdrawn, NoAppealPending,
    OwnDecision.
    """
    with transaction("votes") as session:
        row = lock_text(session, kind, item, alive=True)
        if row.appeal_state != FILED:
            raise NoAppealPending()
        if row.hidden_by == official.id:
            raise OwnDecision()
        decision = UPHOLD if upheld else REJECT
        _decide(session, row, decision, category="", reason=reason, official=official, now=now)
        row.appeal_state, row.due = UPHELD if upheld else REJECTED, None
        if upheld:
            _show(row, now)
            row.final = True
        return standing_of(session, row)


def _lock_own(session: Session, kind: str, item: str, official: Official) -> ModeratedRow:
    row = lock_text(session, kind, item, alive=True)
    if not official.speaks_for(row.department):
        raise TextOfOtherDepartment(department=row.department)
    return row


def _show(row: ModeratedRow, now: datetime) -> None:
    _turn(row, PUBLISHED, now)
    row.kept = row.seen = True
    row.reports, row.hidden_by = 0, ""


def _turn(row: ModeratedRow, state: str, now: datetime) -> None:
    if row.state != state:
        row.state, row.since = state, city_day(now)


def _days_unseen(row: ModeratedRow, decision: str, now: datetime) -> int:
    """Whole days in the state that a decision ends, where that was one that nobody read in."""
    stays = decision == REJECT or row.state == PUBLISHED
    return 0 if stays else (city_day(now) - row.since).days


def _decide(
    session: Session,
    row: ModeratedRow,
    decision: str,
    *,
    category: str,
    reason: Words,
    official: Official,
    now: datetime,
) -> None:
    """Write the next line of the public log, and what happened into the audit log."""
    hold_gate(session, GATE, exclusive=True)
    number = (session.scalar(select(func.max(DecisionRow.number))) or 0) + 1
    said: Mapping[str, str] = dict(reason)
    session.add(
        DecisionRow(
            number=number,
            at=now.replace(microsecond=0),
            kind=row.kind,
            item=row.id,
            record=row.record,
            department=row.department,
            decision=decision,
            category=category,
            reason=canonical_bytes(said).decode(),
            digest=row.digest,
            by=official.id,
        )
    )
    happened = HAPPENINGS[decision](
        row.id,
        kind=row.kind,
        record=row.record,
        department=row.department,
        decision=decision,
        number=number,
        by=official.id,
        unseen=_days_unseen(row, decision, now),
    )
    audit(session, "votes", happened, now=now)
    session.flush()
