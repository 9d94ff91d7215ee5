"""May I vote?  And how many took a permit, day by day."""

import json
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import func, select

from mvote.core.eligibility import is_open_to, lists_named, takes_declared
from mvote.core.room_pass import RoomPassNeeded
from mvote.core.secrecy.permit import voter_ref
from mvote.db import reading
from mvote.people.identity.service.consents import is_agreed
from mvote.people.permits.rules import (
    CONSENT_NEEDED,
    Eligibility,
    hidden_by,
    reason_of_proof,
    reasons_against,
    state_at,
)
from mvote.people.permits.rules_roll import is_closed_roll, lacking, vouched
from mvote.people.permits.service.rows import check_id, find_poll
from mvote.people.permits.service.standing import count_fixed, find_standing
from mvote.people.permits.tables import IssuedDayRow, IssuedRow
from mvote.people.rolls.rules_counts import UNKNOWN, AudienceCount, round_down
from mvote.people.rolls.service.counts import tell_count
from mvote.people.rolls.service.rooms import read_rooms
from mvote.people.rolls.service.voters import get_voter


def get_eligibility(
    poll_id: str, *, account: str, proof: str, passes: str = "", now: datetime
) -> Eligibility:
    """May this citizen, signed in by this proof, vote, and if not why?

    ``passes`` opened private rooms.  Raises PollUnknown, AccountGone, RoomPassNotValid.
    """
    check_id(poll_id)
    with reading("people") as session:
        poll = find_poll(session, poll_id)
        audience = json.loads(poll.audience)
        lists, key, said = lists_named(audience), poll.roll_key, takes_declared(audience)
        voter = get_voter(session, account, proof=proof, roll_key=key, lists=lists, declared=said)
        rooms = read_rooms(session, passes, now=now)
        held, standing, agreed = False, None, is_agreed(session, account)
        if poll.pepper is not None and voter.roll_key is not None:
            ref = voter_ref(poll.pepper, voter.roll_key)
            if not hidden_by(key, poll.proof, voter.proof):
                held = session.get(IssuedRow, (poll_id, ref)) is not None
            standing = find_standing(session, poll_id, ref)
    facts, closed = replace(voter.facts, rooms=rooms), is_closed_roll(poll.said)
    state = state_at(poll.state, closes=poll.closes, now=now)
    by = vouched(voter.proof, standing=standing)
    missing = reason_of_proof(poll.roll_key, poll.proof, by)
    lacks = lacking(audience, facts, closed=closed, standing=standing)
    reasons = reasons_against(lacks, state=state, proof=missing)
    if not agreed:
        reasons = (CONSENT_NEEDED, *reasons)
    permit = "issued" if held else "none"
    return Eligibility(not reasons, reasons, state, poll.opens, poll.closes, permit)


def count_eligible(poll_id: str, *, passes: str | None, now: datetime) -> AudienceCount:
    """About how many may vote in a poll; of a private one only to who is in its room.

    ``passes`` None is an official.  Of a closed roll everyone knows the number anyway.
    Raises PollUnknown, RoomPassNotValid, RoomPassNeeded.
    """
    check_id(poll_id)
    with reading("people") as session:
        poll = find_poll(session, poll_id)
        audience = json.loads(poll.audience)
        if passes is not None:
            rooms = read_rooms(session, passes, now=now)
            if not is_open_to(audience, rooms):
                raise RoomPassNeeded()
        if is_closed_roll(poll.said):
            return round_down(count_fixed(session, poll_id))
    if poll.roll_key == "oidc":
        return AudienceCount(UNKNOWN, None)
    return tell_count(audience, roll_key=poll.roll_key, now=now)


def count_issued_by_day(poll_id: str) -> dict[date, int]:
    """How many permits were issued on each day in the city's zone, also after erasure."""
    live = (
        select(IssuedRow.day, func.count()).where(IssuedRow.poll == poll_id).group_by(IssuedRow.day)
    )
    kept = select(IssuedDayRow.day, IssuedDayRow.issued).where(IssuedDayRow.poll == poll_id)
    with reading("people") as session:
        rows = [*session.execute(live), *session.execute(kept)]
    return dict(sorted(rows))
