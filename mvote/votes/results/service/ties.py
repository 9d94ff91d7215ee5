"""Ties that wait for the chair: keep them, take the decision, hand it to the count.

The count that meets a tie keeps it and waits; it is made again once the tie is decided.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mvote.audit.service import record as audit
from mvote.core.canonical import canonical_bytes
from mvote.core.official import Official
from mvote.core.result import TieDecision, read_tie_decisions
from mvote.core.text import Words
from mvote.core.ties import ChairNeeded
from mvote.db import reading, transaction
from mvote.votes.polls import service as polls
from mvote.votes.results.errors import NoTieToDecide, TieOrderRefused
from mvote.votes.results.rules import OpenTie, TieDecided
from mvote.votes.results.tables import ChairTieRow


def keep_tie(poll_id: str, waiting: ChairNeeded) -> None:
    """Keep a tie that a count met; one of several workers that meet it keeps it."""
    with transaction("votes") as session:
        polls.lock_poll(session, poll_id)
        rows = _ties(session, poll_id)
        if rows and rows[-1].decision is None:
            return
        options = json.dumps(waiting.tied)
        row = {"poll": poll_id, "place": len(rows) + 1, "question": waiting.question}
        session.add(ChairTieRow(**row, options=options))


def list_waiting() -> frozenset[str]:
    """The polls whose result waits for the chair."""
    query = select(ChairTieRow.poll).where(ChairTieRow.decision.is_(None))
    with reading("votes") as session:
        return frozenset(session.scalars(query))


def tie_decisions_of(poll_id: str) -> tuple[TieDecision, ...]:
    """What the chair decided about a poll so far, the first decision first."""
    with reading("votes") as session:
        spelled = [row.decision for row in _ties(session, poll_id) if row.decision is not None]
    return read_tie_decisions({"tie_decisions": [json.loads(one) for one in spelled]})


def get_open_tie(poll_id: str, *, official: Official) -> OpenTie:
    """The tie for which the result of a closed poll waits.

    Raises PollUnknown, NotYourDepartment, OwnPoll, NoTieToDecide.
    """
    with transaction("votes") as session:
        polls.require_second_official(session, poll_id, official)
        return _to_tie(_open(session, poll_id))


def decide_tie(
    poll_id: str, *, order: Sequence[str], reason: Words, official: Official, now: datetime
) -> TieDecision:
    """Put the tied options in an order, the best first; the result follows by itself.

    Raises PollUnknown, NotYourDepartment, OwnPoll, NoTieToDecide, TieOrderRefused.
    """
    with transaction("votes") as session:
        polls.require_second_official(session, poll_id, official)
        row = _open(session, poll_id)
        tie = _to_tie(row)
        if sorted(order) != sorted(tie.options):
            raise TieOrderRefused(question=tie.question, options=", ".join(tie.options))
        decision = TieDecision(tie.question, tuple(order), reason, now.replace(microsecond=0))
        row.decision = canonical_bytes(decision.to_json()).decode()
        row.by = official.id
        happening = TieDecided(poll_id, tie.question, decision.order, official.id)
        audit(session, "votes", happening, now=now)
    return decision


def _open(session: Session, poll_id: str) -> ChairTieRow:
    rows = _ties(session, poll_id)
    if not rows or rows[-1].decision is not None:
        raise NoTieToDecide()
    return rows[-1]


def _ties(session: Session, poll_id: str) -> Sequence[ChairTieRow]:
    query = select(ChairTieRow).where(ChairTieRow.poll == poll_id).order_by(ChairTieRow.place)
    return session.scalars(query).all()


def _to_tie(row: ChairTieRow) -> OpenTie:
    return OpenTie(row.poll, row.question, tuple(json.loads(row.options)))
