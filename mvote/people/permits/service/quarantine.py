"""Permits that the poll's rules flag, and what two officials decide about a rule before the end.

Nothing is refused and nothing taken back: a row of ``issued`` says the names of the rules that
its permit met, and at closing the votes wing is told how many there are under each.
"""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.canonical import JSON, b64u
from mvote.core.ids import is_id, new_id
from mvote.core.official import Official
from mvote.core.quarantine import (
    REVOKED_CODE,
    STRUCK,
    QuarantineRule,
    also,
    counted_under,
    flagged_at_issuing,
    without,
)
from mvote.core.secrecy import permit
from mvote.core.secrecy.levels import takes_pseudonyms
from mvote.core.text import Words
from mvote.db import reading, transaction
from mvote.exchange.service import publish
from mvote.installation import installation
from mvote.people.permits.errors import (
    OwnQuarantineDecision,
    QuarantineDecisionPending,
    QuarantineDecisionUnknown,
    QuarantineOver,
    QuarantineRuleUnknown,
)
from mvote.people.permits.rules_quarantine import (
    QuarantineDecided,
    QuarantineDecision,
    QuarantineDecisionAsked,
    QuarantineDecisionExpired,
    quarantine_note,
)
from mvote.people.permits.service.rows import (
    RUNNING,
    KnownPoll,
    check_id,
    find_poll,
    lock_poll,
    take_gate,
)
from mvote.people.permits.tables import IssuedRow, PollRow, QuarantineDecisionRow
from mvote.people.rolls.service.codes import list_revoked_entries


def flags_of_new(poll: KnownPoll, *, proof: str, roll_key: bytes) -> tuple[str | None, str | None]:
    """What a new row of ``issued`` says: the rule that the permit meets and, flagged, its mark."""
    flag = flagged_at_issuing(_rules(poll.quarantine), proof=proof)
    return flag, _mark(poll.level, poll.pepper, roll_key) if flag else None


def flag_struck(session: Session, row: PollRow, roll_key: bytes) -> None:
    """Flag the permit of somebody who was struck from the roll, if there is one."""
    if any(one.rule == STRUCK for one in _rules(row.quarantine)):
        _flag(session, row, roll_key, STRUCK)


def unflag_struck(session: Session, row: PollRow, ref: bytes) -> None:
    """Take the flag back of somebody who was added to the roll again."""
    found = session.get(IssuedRow, (row.id, ref))
    if found is not None:
        left = without(found.quarantine, STRUCK)
        _change(session, row, found, left, mark=found.mark if left else None)


def flag_revoked(session: Session, row: PollRow) -> None:
    """Flag at closing the permits of those whose printed code was revoked after its use."""
    if any(one.rule == REVOKED_CODE for one in _rules(row.quarantine)):
        for entry in list_revoked_entries(session):
            _flag(session, row, entry, REVOKED_CODE)


def count_quarantine(session: Session, row: PollRow) -> dict[str, JSON]:
    """What an issued list says of permits that are counted apart; nothing without rules.

    ``marks`` are the pseudonyms of what is held under any rule, without saying which.
    """
    rules = _rules(row.quarantine)
    if not rules:
        return {}
    released = _released(session, row.id)
    counts, marks = Counter({one.rule: 0 for one in rules}), []
    flagged = IssuedRow.poll == row.id, IssuedRow.quarantine.is_not(None)
    query = select(IssuedRow.quarantine, IssuedRow.mark).where(*flagged)
    for flags, found in session.execute(query):
        under = counted_under(flags or "", rules, released)
        if under is not None:
            counts[under] += 1
            marks += [found] if found and under not in released else []
    told: dict[str, JSON] = {"counts": dict(counts)}
    return {"quarantine": told | ({"marks": sorted(marks)} if takes_pseudonyms(row.level) else {})}


def ask_decision(
    poll_id: str, *, rule: str, released: bool, text: Words, official: Official, now: datetime
) -> QuarantineDecision:
    """Ask to release what a rule flags, or to keep it apart; ``text`` will be public.

    Raises PollUnknown, QuarantineOver, QuarantineRuleUnknown, QuarantineDecisionPending.
    """
    check_id(poll_id)
    with transaction("people") as session:
        row = _lock_running(session, poll_id, now=now)
        if all(one.rule != rule for one in _rules(row.quarantine)):
            raise QuarantineRuleUnknown()
        same = _waiting_of(poll_id, now), QuarantineDecisionRow.rule == rule
        if session.scalar(select(QuarantineDecisionRow.id).where(*same)) is not None:
            raise QuarantineDecisionPending()
        life = timedelta(seconds=installation().settings.second_official_seconds)
        made = QuarantineDecisionRow(
            id=new_id(),
            poll=poll_id,
            rule=rule,
            released=released,
            text_ko=text["ko"],
            text_en=text["en"],
            by=official.id,
            expires_at=now.replace(microsecond=0) + life,
        )
        session.add(made)
        asked = QuarantineDecisionAsked(
            poll_id, decision=made.id, rule=rule, released=released, by=official.id
        )
        record(session, "people", asked, now=now)
        return _value(made)


def list_decisions(poll_id: str, *, now: datetime) -> Sequence[QuarantineDecision]:
    """What waits for a second official, the first to expire first.  Raises PollUnknown."""
    check_id(poll_id)
    order = QuarantineDecisionRow.expires_at, QuarantineDecisionRow.id
    query = select(QuarantineDecisionRow).where(_waiting_of(poll_id, now)).order_by(*order)
    with reading("people") as session:
        find_poll(session, poll_id)
        return [_value(row) for row in session.scalars(query)]


def confirm_decision(
    poll_id: str, decision: str, *, official: Official, now: datetime
) -> QuarantineDecision:
    """Decide as another official asked; a later decision about the rule takes its place.

    Raises PollUnknown, QuarantineOver, QuarantineDecisionUnknown, OwnQuarantineDecision.
    """
    check_id(poll_id)
    with transaction("people") as session:
        take_gate(session, poll_id, exclusive=True)
        row = _lock_running(session, poll_id, now=now)
        found = session.get(QuarantineDecisionRow, decision) if is_id(decision) else None
        if found is None or found.poll != row.id or not _is_waiting(found, now):
            raise QuarantineDecisionUnknown()
        if found.by == official.id:
            raise OwnQuarantineDecision()
        before = QuarantineDecisionRow.poll == row.id, QuarantineDecisionRow.rule == found.rule
        confirmed = QuarantineDecisionRow.expires_at.is_(None)
        session.execute(delete(QuarantineDecisionRow).where(*before, confirmed))
        made, found.expires_at = _value(found), None
        body = quarantine_note(found.rule, released=found.released, text=made.text)
        told = publish(session, "people", kind="quarantine-note", poll=row.id, body=body)
        happened = QuarantineDecided(
            row.id,
            decision=found.id,
            rule=found.rule,
            released=found.released,
            asked_by=found.by,
            by=official.id,
            document=told.seq,
        )
        record(session, "people", happened, now=now)
        return made


def drop_expired(*, now: datetime) -> int:
    """Forget what nobody confirmed in time; returns how many."""
    over = QuarantineDecisionRow.expires_at <= now
    with reading("people") as session:
        if session.scalar(select(QuarantineDecisionRow.id).where(over).limit(1)) is None:
            return 0
    with transaction("people") as session:
        gone = delete(QuarantineDecisionRow).where(over)
        told = gone.returning(QuarantineDecisionRow.poll, QuarantineDecisionRow.id)
        rows = session.execute(told).all()
        for poll, decision in rows:
            record(session, "people", QuarantineDecisionExpired(poll, decision), now=now)
        return len(rows)


def _rules(spelled: str) -> Sequence[QuarantineRule]:
    """As the row of a poll keeps them; they were read strictly when it was approved."""
    return [QuarantineRule(**one) for one in json.loads(spelled)]


def _mark(level: str, pepper: bytes | None, roll_key: bytes) -> str | None:
    return b64u(permit.mark(pepper, roll_key)) if pepper and takes_pseudonyms(level) else None


def _flag(session: Session, row: PollRow, roll_key: bytes, rule: str) -> None:
    assert row.pepper is not None  # kept until the poll is erased, which is later
    found = session.get(IssuedRow, (row.id, permit.voter_ref(row.pepper, roll_key)))
    flags = also(found.quarantine, rule) if found else None
    if found is not None:
        _change(session, row, found, flags, mark=_mark(row.level, row.pepper, roll_key))


def _change(
    session: Session, row: PollRow, found: IssuedRow, flags: str | None, *, mark: str | None
) -> None:
    """All rows are written anew behind it, so that no place among them tells of a change."""
    if found.quarantine == flags:
        return
    found.quarantine, found.mark = flags, mark
    session.flush()
    row.ordered, row.untidy = 0, row.untidy + 1


def _released(session: Session, poll_id: str) -> set[str]:
    decided = QuarantineDecisionRow.poll == poll_id, QuarantineDecisionRow.expires_at.is_(None)
    query = select(QuarantineDecisionRow.rule).where(*decided, QuarantineDecisionRow.released)
    return set(session.scalars(query))


def _waiting_of(poll_id: str, now: datetime) -> ColumnElement[bool]:
    return (QuarantineDecisionRow.poll == poll_id) & (QuarantineDecisionRow.expires_at > now)


def _is_waiting(row: QuarantineDecisionRow, now: datetime) -> bool:
    return row.expires_at is not None and row.expires_at > now


def _lock_running(session: Session, poll_id: str, *, now: datetime) -> PollRow:
    row = lock_poll(session, poll_id)
    if row.state not in RUNNING or now >= row.closes:
        raise QuarantineOver()
    return row


def _value(row: QuarantineDecisionRow) -> QuarantineDecision:
    text = {"ko": row.text_ko, "en": row.text_en}
    return QuarantineDecision(row.id, row.rule, row.released, text, row.by, row.expires_at)
