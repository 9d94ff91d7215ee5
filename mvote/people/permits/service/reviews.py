"""Reviews: a citizen who was refused asks officials to look again, once in a poll."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.eligibility import lists_named, takes_declared
from mvote.core.ids import is_id, new_id
from mvote.core.official import Official
from mvote.core.secrecy.permit import voter_ref
from mvote.core.text import Words
from mvote.core.times import iso
from mvote.db import reading, transaction
from mvote.installation import installation
from mvote.people.permits.errors import (
    MayVoteAlready,
    ProofTooWeak,
    ReviewAsked,
    ReviewDecided,
    ReviewTextTooLong,
    ReviewUnknown,
    RollKeyMissing,
)
from mvote.people.permits.rules import check_issuing, hidden_by, proof_missing
from mvote.people.permits.rules_roll import (
    ADDED,
    OPEN,
    REFUSED,
    Review,
    ReviewConcluded,
    ReviewOverdue,
    ReviewRequested,
    is_closed_roll,
    lacking,
    vouched,
)
from mvote.people.permits.service.corrections import ask_for
from mvote.people.permits.service.rows import KnownPoll, check_id, find_poll, lock_poll
from mvote.people.permits.service.standing import find_standing
from mvote.people.permits.tables import ReviewRow, RollCorrectionRow
from mvote.people.rolls.service.rooms import read_rooms
from mvote.people.rolls.service.voters import Voter, get_voter

Place = tuple[datetime, str]


def ask_review(
    poll_id: str, *, account: str, proof: str, passes: str, text: str, now: datetime
) -> Review:
    """Ask once.  Raises PollUnknown, PollNotFrozen, PollSuspended, PollClosed, PollCancelled,
    AccountGone, RollKeyMissing, ProofTooWeak, MayVoteAlready, ReviewAsked,
    ReviewTextTooLong, RoomPassNotValid.
    """
    settings = installation().settings
    if len(text) > settings.review_characters:
        raise ReviewTextTooLong(most=settings.review_characters)
    check_id(poll_id)
    with transaction("people") as session:
        poll = find_poll(session, poll_id)
        check_issuing(poll.state, closes=poll.closes, now=now)
        voter = _voter(session, poll, account, proof=proof)
        ref = _require_refused(session, poll, voter, passes=passes, now=now)
        lock_poll(session, poll_id)  # one of two requests at once comes second
        if session.get(ReviewRow, (poll_id, ref)) is not None:
            raise ReviewAsked()
        due = min(now.replace(microsecond=0) + timedelta(days=settings.review_days), poll.closes)
        row = ReviewRow(poll=poll_id, voter_ref=ref, id=new_id(), text=text, state=OPEN, due_at=due)
        session.add(row)
        record(session, "people", ReviewRequested(poll_id, review=row.id, due=iso(due)), now=now)
        return _value(row, now=now)


def get_own_review(poll_id: str, *, account: str, proof: str, now: datetime) -> Review:
    """What became of it.  Raises PollUnknown, AccountGone, ReviewUnknown, ProofTooWeak."""
    check_id(poll_id)
    with reading("people") as session:
        poll = find_poll(session, poll_id)
        voter = _voter(session, poll, account, proof=proof)
        if hidden_by(poll.roll_key, poll.proof, voter.proof) is ProofTooWeak:
            raise ProofTooWeak()
        row = None
        if poll.pepper is not None and voter.roll_key is not None:
            row = session.get(ReviewRow, (poll_id, voter_ref(poll.pepper, voter.roll_key)))
        if row is None:
            raise ReviewUnknown()
        return _value(row, now=now)


def list_reviews(*, after: Place | None = None, limit: int, now: datetime) -> Sequence[Review]:
    """Those that wait for a decision, the overdue first."""
    query = select(ReviewRow).where(ReviewRow.state == OPEN)
    if after is not None:
        due, name = after
        later = (ReviewRow.due_at == due) & (ReviewRow.id > name)
        query = query.where((ReviewRow.due_at > due) | later)
    query = query.order_by(ReviewRow.due_at, ReviewRow.id).limit(limit)
    with reading("people") as session:
        rows = session.scalars(query).all()
        of_these = RollCorrectionRow.review.in_([row.id for row in rows])
        waiting = select(RollCorrectionRow).where(of_these, RollCorrectionRow.expires_at > now)
        asked = {one.review: one.id for one in session.scalars(waiting)}
        return [replace(_value(row, now=now), correction=asked.get(row.id)) for row in rows]


def decide_review(
    poll_id: str, review: str, *, granted: bool, reason: Words, official: Official, now: datetime
) -> Review:
    """Refuse it, or ask that the citizen is added to the roll, which another has to confirm.

    ``reason`` is for the citizen; granted, everyone reads it as a note.  Raises PollUnknown,
    ReviewUnknown, ReviewDecided, RollNotCorrected, CorrectionPending.
    """
    check_id(poll_id)
    with transaction("people") as session:
        poll = lock_poll(session, poll_id)
        row = _find(session, poll_id, review)
        if row.state != OPEN:
            raise ReviewDecided()
        if granted:
            asked = ask_for(
                session,
                poll,
                row.voter_ref,
                change=ADDED,
                text=reason,
                official=official,
                now=now,
                review=row.id,
            )
            return replace(_value(row, now=now), correction=asked.id)
        row.state, row.reason_ko, row.reason_en = REFUSED, reason["ko"], reason["en"]
        told = ReviewConcluded(poll_id, review=row.id, state=REFUSED, by=official.id)
        record(session, "people", told, now=now)
        return _value(row, now=now)


def remind_due(*, now: datetime) -> int:
    """Note every overdue review, and again at intervals; returns how many."""
    since = now - timedelta(seconds=installation().settings.review_reminder_seconds)
    unsaid = ReviewRow.reminded_at.is_(None) | (ReviewRow.reminded_at <= since)
    due = select(ReviewRow).where(ReviewRow.state == OPEN, ReviewRow.due_at <= now, unsaid)
    with reading("people") as session:
        if session.scalar(due.with_only_columns(ReviewRow.id).limit(1)) is None:
            return 0
    with transaction("people") as session:
        rows = session.scalars(due.with_for_update()).all()
        for row in rows:
            row.reminded_at = now
            told = ReviewOverdue(row.poll, review=row.id, due=iso(row.due_at))
            record(session, "people", told, now=now)
        return len(rows)


def _voter(session: Session, poll: KnownPoll, account: str, *, proof: str) -> Voter:
    audience = json.loads(poll.audience)
    return get_voter(
        session,
        account,
        proof=proof,
        roll_key=poll.roll_key,
        lists=lists_named(audience),
        declared=takes_declared(audience),
    )


def _require_refused(
    session: Session, poll: KnownPoll, voter: Voter, *, passes: str, now: datetime
) -> bytes:
    """Whoever may vote has nothing to ask for, and whoever is not known cannot be found again."""
    if hidden := hidden_by(poll.roll_key, poll.proof, voter.proof):
        raise hidden()
    if poll.pepper is None or voter.roll_key is None:
        raise RollKeyMissing()
    ref = voter_ref(poll.pepper, voter.roll_key)
    facts = replace(voter.facts, rooms=read_rooms(session, passes, now=now))
    standing = find_standing(session, poll.id, ref)
    missing = lacking(
        json.loads(poll.audience), facts, closed=is_closed_roll(poll.said), standing=standing
    )
    unproved = proof_missing(poll.proof, vouched(voter.proof, standing=standing))
    if not missing and unproved is None:
        raise MayVoteAlready()
    return ref


def _find(session: Session, poll_id: str, review: str) -> ReviewRow:
    query = select(ReviewRow).where(ReviewRow.poll == poll_id, ReviewRow.id == review)
    row = session.scalar(query.with_for_update()) if is_id(review) else None
    if row is None:
        raise ReviewUnknown()
    return row


def _value(row: ReviewRow, *, now: datetime) -> Review:
    reason = None
    if row.reason_ko is not None and row.reason_en is not None:
        reason = {"ko": row.reason_ko, "en": row.reason_en}
    overdue = row.state == OPEN and row.due_at <= now
    return Review(row.id, row.poll, row.text, row.state, row.due_at, overdue, reason)
