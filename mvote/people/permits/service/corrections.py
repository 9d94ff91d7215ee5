"""Corrections to the roll of a poll while it runs: one official asks, another confirms.

The second has to name the person too: what is kept of one can be read by nobody.  Everyone
reads in a note of the poll that somebody was added or struck, on which day and why; nobody
reads who, nor whether a permit was taken before.  One that was taken stands; a poll may have a
rule by which it is counted apart.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.eligibility import is_countable, lists_named
from mvote.core.ids import is_id, new_id
from mvote.core.official import Official
from mvote.core.secrecy.permit import voter_ref
from mvote.core.text import Words
from mvote.db import reading, transaction
from mvote.exchange.service import publish
from mvote.installation import city_day, installation
from mvote.people.identity.rules import entry_mac, number_mac, read_number
from mvote.people.permits.errors import (
    CorrectionPending,
    CorrectionUnknown,
    OwnCorrection,
    PersonDiffers,
    PersonNeeded,
    PersonNotKnown,
    RollNotCorrected,
)
from mvote.people.permits.rules_roll import (
    ADDED,
    GRANTED,
    Correction,
    Person,
    ReviewConcluded,
    RollCorrected,
    RollCorrectionAsked,
    RollCorrectionExpired,
    roll_note,
)
from mvote.people.permits.service.quarantine import flag_struck, unflag_struck
from mvote.people.permits.service.rows import RUNNING, check_id, find_poll, lock_poll, take_gate
from mvote.people.permits.service.standing import (
    add_to_roll,
    check_change,
    strike_from_roll,
)
from mvote.people.permits.tables import PollRow, ReviewRow, RollCorrectionRow
from mvote.people.rolls.service.voters import find_key, get_facts


def ask_correction(
    poll_id: str, *, change: str, person: Person, text: Words, official: Official, now: datetime
) -> Correction:
    """Ask to add somebody to the roll or to strike them; ``text`` will be public.

    Raises PollUnknown, RollNotCorrected, PersonNeeded, NumberNotValid, PersonNotKnown,
    AlreadyOnRoll, NotOnRoll, CorrectionPending.
    """
    check_id(poll_id)
    with transaction("people") as session:
        row = _lock_running(session, poll_id, now=now)
        key, is_eligible = _find(session, row, person)
        ref = _ref_of(row, key)
        check_change(session, row, ref, change, is_eligible=is_eligible)
        return ask_for(session, row, ref, change=change, text=text, official=official, now=now)


def ask_for(
    session: Session,
    row: PollRow,
    ref: bytes,
    *,
    change: str,
    text: Words,
    official: Official,
    now: datetime,
    review: str | None = None,
) -> Correction:
    """The same of a person who is known already.  Raises RollNotCorrected, CorrectionPending."""
    _require_running(row, now=now)
    same = RollCorrectionRow.poll == row.id, RollCorrectionRow.voter_ref == ref
    waiting = select(RollCorrectionRow.id).where(*same, RollCorrectionRow.expires_at > now)
    if session.scalar(waiting) is not None:
        raise CorrectionPending()
    life = timedelta(seconds=installation().settings.second_official_seconds)
    made = RollCorrectionRow(
        id=new_id(),
        poll=row.id,
        change=change,
        voter_ref=ref,
        text_ko=text["ko"],
        text_en=text["en"],
        review=review,
        by=official.id,
        expires_at=now.replace(microsecond=0) + life,
    )
    session.add(made)
    asked = RollCorrectionAsked(
        row.id, correction=made.id, change=change, by=official.id, review=review
    )
    record(session, "people", asked, now=now)
    return _value(made)


def list_corrections(poll_id: str, *, now: datetime) -> Sequence[Correction]:
    """What waits for a second official, the first to expire first.  Raises PollUnknown."""
    check_id(poll_id)
    query = select(RollCorrectionRow).where(
        RollCorrectionRow.poll == poll_id, RollCorrectionRow.expires_at > now
    )
    with reading("people") as session:
        find_poll(session, poll_id)
        rows = session.scalars(query.order_by(RollCorrectionRow.expires_at, RollCorrectionRow.id))
        return [_value(row) for row in rows]


def confirm_correction(
    poll_id: str, correction: str, *, person: Person | None, official: Official, now: datetime
) -> Correction:
    """Change the roll as another official asked, for the person whom both name.

    Whom a review is about only the citizen knows, so nobody is named there.  Raises
    PollUnknown, RollNotCorrected, CorrectionUnknown, OwnCorrection, PersonNeeded,
    NumberNotValid, PersonNotKnown, PersonDiffers, AlreadyOnRoll, NotOnRoll.
    """
    check_id(poll_id)
    with transaction("people") as session:
        take_gate(session, poll_id, exclusive=True)
        row = _lock_running(session, poll_id, now=now)
        waiting = _waiting(session, row, correction, now=now)
        if waiting.by == official.id:
            raise OwnCorrection()
        is_eligible = False
        if waiting.review is None:
            key, is_eligible = _find(session, row, person or Person())
            if _ref_of(row, key) != waiting.voter_ref:
                raise PersonDiffers()
            if waiting.change != ADDED:
                flag_struck(session, row, key)
        _apply(session, row, waiting, is_eligible=is_eligible, official=official, now=now)
        return _value(waiting)


def drop_expired(*, now: datetime) -> int:
    """Forget what nobody confirmed in time; returns how many."""
    over = RollCorrectionRow.expires_at <= now
    with reading("people") as session:
        if session.scalar(select(RollCorrectionRow.id).where(over).limit(1)) is None:
            return 0
    with transaction("people") as session:
        gone = delete(RollCorrectionRow).where(over)
        dropped = session.execute(gone.returning(RollCorrectionRow.poll, RollCorrectionRow.id))
        rows = dropped.all()
        for poll, correction in rows:
            record(session, "people", RollCorrectionExpired(poll, correction), now=now)
        return len(rows)


def _apply(
    session: Session,
    row: PollRow,
    waiting: RollCorrectionRow,
    *,
    is_eligible: bool,
    official: Official,
    now: datetime,
) -> None:
    """Change the roll, and tell everyone that it was changed."""
    raises = False
    if waiting.change == ADDED:
        raises = add_to_roll(session, row, waiting.voter_ref, is_eligible=is_eligible)
        unflag_struck(session, row, waiting.voter_ref)
    else:
        strike_from_roll(session, row, waiting.voter_ref, is_eligible=is_eligible)
    text = {"ko": waiting.text_ko, "en": waiting.text_en}
    day = city_day(now)
    body = roll_note(waiting.change, day=day, raises=raises, text=text)
    told = publish(session, "people", kind="roll-note", poll=row.id, body=body)
    happened = RollCorrected(
        row.id,
        correction=waiting.id,
        change=waiting.change,
        raises=raises,
        asked_by=waiting.by,
        by=official.id,
        document=told.seq,
    )
    record(session, "people", happened, now=now)
    if waiting.review is not None:
        _grant(session, waiting, text, by=official.id, now=now)
    session.delete(waiting)
    row.untidy += 1


def _grant(
    session: Session, waiting: RollCorrectionRow, text: Words, *, by: str, now: datetime
) -> None:
    found = session.get(ReviewRow, (waiting.poll, waiting.voter_ref))
    if found is not None:
        found.state, found.reason_ko, found.reason_en = GRANTED, text["ko"], text["en"]
        told = ReviewConcluded(waiting.poll, review=found.id, state=GRANTED, by=by)
        record(session, "people", told, now=now)


def _find(session: Session, row: PollRow, person: Person) -> tuple[bytes, bool]:
    """By what the poll knows the person, and whether register and lists let them vote."""
    if row.pepper is None or (person.entry is None) == (person.number is None):
        raise PersonNeeded()
    made = installation()
    pepper, region = made.keys["people"].pepper, made.settings.phone_region
    number = entry = None
    if person.number is not None:
        number = number_mac(pepper, read_number(person.number, region=region))
    if person.entry is not None:
        entry = entry_mac(pepper, person.entry)
    key = find_key(session, number=number, entry=entry, roll_key=row.roll_key)
    if key is None:
        raise PersonNotKnown()
    audience = json.loads(row.audience)
    facts = get_facts(session, key, roll_key=row.roll_key, lists=lists_named(audience))
    return key, is_countable(audience, facts)


def _ref_of(row: PollRow, roll_key: bytes) -> bytes:
    if row.pepper is None:
        raise RollNotCorrected()
    return voter_ref(row.pepper, roll_key)


def _lock_running(session: Session, poll_id: str, *, now: datetime) -> PollRow:
    row = lock_poll(session, poll_id)
    _require_running(row, now=now)
    return row


def _require_running(row: PollRow, *, now: datetime) -> None:
    if row.state not in RUNNING or now >= row.closes or row.pepper is None:
        raise RollNotCorrected()


def _waiting(
    session: Session, row: PollRow, correction: str, *, now: datetime
) -> RollCorrectionRow:
    found = None
    if is_id(correction):
        found = session.get(RollCorrectionRow, correction, with_for_update=True)
    if found is None or found.poll != row.id or found.expires_at <= now:
        raise CorrectionUnknown()
    return found


def _value(row: RollCorrectionRow) -> Correction:
    text = {"ko": row.text_ko, "en": row.text_en}
    return Correction(row.id, row.change, text, row.review, row.by, row.expires_at)
