"""May I vote?  And how many took a permit, day by day."""

import json
from datetime import date, datetime

from sqlalchemy import func, select

from mvote.core.eligibility import lists_named
from mvote.core.secrecy.permit import voter_ref
from mvote.db import reading
from mvote.people.permits.rules import Eligibility, reason_of_proof, reasons_against, state_at
from mvote.people.permits.service.rows import check_id, find_poll
from mvote.people.permits.tables import IssuedDayRow, IssuedRow
from mvote.people.rolls.service.voters import get_voter


def get_eligibility(poll_id: str, *, account: str, proof: str, now: datetime) -> Eligibility:
    """May this citizen, signed in by this proof, vote, and if not why?

    Raises PollUnknown, AccountGone.
    """
    check_id(poll_id)
    with reading("people") as session:
        poll = find_poll(session, poll_id)
        audience = json.loads(poll.audience)
        lists, key = lists_named(audience), poll.roll_key
        voter = get_voter(session, account, proof=proof, roll_key=key, lists=lists)
        held = False
        if poll.pepper is not None and voter.roll_key is not None:
            ref = voter_ref(poll.pepper, voter.roll_key)
            held = session.get(IssuedRow, (poll_id, ref)) is not None
    state = state_at(poll.state, closes=poll.closes, now=now)
    missing = reason_of_proof(poll.roll_key, poll.proof, voter.proof)
    reasons = reasons_against(audience, voter.facts, state=state, proof=missing)
    permit = "issued" if held else "none"
    return Eligibility(not reasons, reasons, state, poll.opens, poll.closes, permit)


def count_issued_by_day(poll_id: str) -> dict[date, int]:
    """How many permits were issued on each day in the city's zone, also after erasure."""
    live = (
        select(IssuedRow.day, func.count()).where(IssuedRow.poll == poll_id).group_by(IssuedRow.day)
    )
    kept = select(IssuedDayRow.day, IssuedDayRow.issued).where(IssuedDayRow.poll == poll_id)
    with reading("people") as session:
        rows = [*session.execute(live), *session.execute(kept)]
    return dict(sorted(rows))
