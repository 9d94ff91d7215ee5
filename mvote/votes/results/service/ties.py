"""Ties that wait for the chair: name them, take the decision, hand it to the count."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mvote.audit.service import record as audit
from mvote.core.canonical import canonical_bytes
from mvote.core.official import Official
from mvote.core.phases import CLOSED
from mvote.core.result import TieDecision, decided, read_tie_decisions, tally
from mvote.core.text import Words
from mvote.core.ties import Chair, ChairNeeded
from mvote.db import reading, transaction
from mvote.votes.ballots import service as ballots
from mvote.votes.polls import service as polls
from mvote.votes.results.errors import NoTieToDecide, TieOrderRefused
from mvote.votes.results.rules import OpenTie, TieDecided
from mvote.votes.results.tables import TieDecisionRow


def tie_decisions_of(poll_id: str) -> tuple[TieDecision, ...]:
    """What the chair decided about a poll so far, the first decision first."""
    with reading("votes") as session:
        return _decisions(session, poll_id)


def get_open_tie(poll_id: str) -> OpenTie:
    """The tie for which the result of a closed poll waits.  Raises PollUnknown, NoTieToDecide."""
    found = polls.get_public_poll(poll_id)
    definition = polls.definition_of(poll_id)
    if found.state != CLOSED or definition.decision.ties != Chair.name:
        raise NoTieToDecide()
    try:
        tally(
            definition,
            ballots.iter_counted(poll_id),
            poll_hash=definition.hash,
            decisions=decided(tie_decisions_of(poll_id)),
        )
    except ChairNeeded as waiting:
        options = tuple(str(waiting.params["options"]).split(", "))
        return OpenTie(poll_id, str(waiting.params["question"]), options)
    raise NoTieToDecide()


def decide_tie(
    poll_id: str, *, order: Sequence[str], reason: Words, official: Official, now: datetime
) -> TieDecision:
    """Put the tied options in an order, the best first; the result follows by itself.

    Raises PollUnknown, NotYourDepartment, OwnPoll, NoTieToDecide, TieOrderRefused.
    """
    known = len(tie_decisions_of(poll_id))
    tie = get_open_tie(poll_id)
    if len(order) != len(tie.options) or set(order) != set(tie.options):
        raise TieOrderRefused(question=tie.question, options=", ".join(tie.options))
    decision = TieDecision(tie.question, tuple(order), reason, now.replace(microsecond=0))
    with transaction("votes") as session:
        polls.require_second_official(session, poll_id, official)
        if len(_decisions(session, poll_id)) != known:
            raise NoTieToDecide()
        spelled = canonical_bytes(decision.to_json()).decode()
        session.add(TieDecisionRow(poll=poll_id, place=known + 1, decision=spelled, by=official.id))
        happening = TieDecided(poll_id, tie.question, decision.order, official.id)
        audit(session, "votes", happening, now=now)
    return decision


def _decisions(session: Session, poll_id: str) -> tuple[TieDecision, ...]:
    query = (
        select(TieDecisionRow.decision)
        .where(TieDecisionRow.poll == poll_id)
        .order_by(TieDecisionRow.place)
    )
    rows = [json.loads(spelled) for spelled in session.scalars(query)]
    return read_tie_decisions({"tie_decisions": rows})
