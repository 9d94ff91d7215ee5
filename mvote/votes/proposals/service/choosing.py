"""The winners of a call: by supports, by a jury with public reasons, or by a poll."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from mvote.audit.rules import Entry
from mvote.audit.service import read_on, record
from mvote.core.canonical import JSON, canonical_bytes
from mvote.core.official import Official
from mvote.core.text import Words
from mvote.core.working_time import DAYS, Within
from mvote.db import reading, transaction
from mvote.votes.dues import service as dues
from mvote.votes.moderation import service as moderation
from mvote.votes.proposals.errors import (
    CallAltered,
    CallChoosesOtherwise,
    CallDecided,
    CallNotOver,
)
from mvote.votes.proposals.rules import (
    COLLECTING,
    ENDED,
    SHOWN,
    CallWinnersChosen,
    ProposalChosen,
    most_supported,
)
from mvote.votes.proposals.rules_calls import JURY, SUPPORTS, VOTE, Call, check_choice, chosen_words
from mvote.votes.proposals.service.calls import definition_of, lock_call, require_own, to_call
from mvote.votes.proposals.service.reading import KIND
from mvote.votes.proposals.service.stages import enter
from mvote.votes.proposals.tables import CallRow, ProposalPollRow, ProposalRow
from mvote.votes.results import service as results

READER = "proposal-winners"
PROMISED = "chosen"
"""What the due of a chosen proposal adds to its id."""


def choose_by_jury(
    call_id: str,
    *,
    jury: Words,
    choices: Sequence[Mapping[str, JSON]],
    official: Official,
    now: datetime,
) -> Call:
    """Enter what a jury decided; ``jury`` says who that was.  The same again changes nothing.

    Each choice is a ``proposal`` with its ``reason``.  Raises CallUnknown, CallAltered,
    CallOfOtherDepartment, CallChoosesOtherwise, CallDecided, CallNotOver, ChoiceRefused.
    """
    definition = definition_of(call_id)
    decision: dict[str, JSON] = {
        "way": JURY,
        "jury": dict(jury),
        "winners": [
            {"proposal": one["proposal"], "reason": dict(one["reason"])} for one in choices
        ],
    }
    with transaction("votes") as session:
        row = lock_call(session, call_id)
        require_own(row.department, official)
        if definition.way != JURY:
            raise CallChoosesOtherwise(by=definition.way)
        if row.decided_at is not None:
            if row.decision == canonical_bytes(decision).decode():
                return to_call(row, definition)
            raise CallDecided()
        if row.ended_at is None or still_collecting(session, row.id, now=now):
            raise CallNotOver()
        known = {one.id: one for one in choosable(session, row.id)}
        check_choice(tuple(choices), set(known), definition.winners)
        _decide(session, row, decision, known, by=official.id, now=now)
        return to_call(row, definition)


def choose_due(now: datetime) -> int:
    """Choose in every call that is over and chooses by the number of supports."""
    over = select(CallRow.id).where(CallRow.ended_at.is_not(None), CallRow.decided_at.is_(None))
    with reading("votes") as session:
        found = session.scalars(over.order_by(CallRow.id)).all()
        due = [
            name for name in found if _counts(name) and not still_collecting(session, name, now=now)
        ]
    return sum(_choose(call_id, now=now) for call_id in due)


def _counts(call_id: str) -> bool:
    try:
        return definition_of(call_id).way == SUPPORTS
    except CallAltered:  # told where a stage would open by it
        return False


def _choose(call_id: str, *, now: datetime) -> bool:
    with transaction("votes") as session:
        row = lock_call(session, call_id)
        if row.decided_at is not None or still_collecting(session, call_id, now=now):
            return False
        known = {one.id: one for one in choosable(session, call_id)}
        supports = {name: one.supports for name, one in known.items()}
        winners = most_supported(supports, definition_of(call_id).winners)
        decision: dict[str, JSON] = {
            "way": SUPPORTS,
            "winners": [{"proposal": one, "supports": supports[one]} for one in winners],
        }
        _decide(session, row, decision, known, by="", now=now)
        return True


def follow_results() -> int:
    """Take the winners of polls that were drafted to choose them, each result once."""
    return read_on("votes", READER, _take_result, names=("ResultPublished",))


def _take_result(session: Session, happened: Entry) -> None:
    """Options bear the ids of proposals; one that was added or withdrawn since wins nothing."""
    link = session.get(ProposalPollRow, happened.subject)
    row = session.get(CallRow, link.subject, with_for_update=True) if link else None
    if row is None or row.decided_at is not None or row.poll != happened.subject:
        return
    document = results.get_result(happened.subject).document
    known = {one.id: one for one in choosable(session, row.id)}
    chosen = [option for options in document["decision"]["chosen"].values() for option in options]
    decision: dict[str, JSON] = {
        "way": VOTE,
        "poll": happened.subject,
        "result": happened.body["digest"],
        "winners": [{"proposal": one} for one in chosen if one in known],
    }
    _decide(session, row, decision, known, by="", now=happened.at)


def _decide(
    session: Session,
    row: CallRow,
    decision: Mapping[str, JSON],
    known: Mapping[str, ProposalRow],
    *,
    by: str,
    now: datetime,
) -> None:
    """Each winner gets its record, and the department owes it an answer by a date."""
    row.decided_at = now.replace(microsecond=0)
    row.decision = canonical_bytes(dict(decision)).decode()
    winners = tuple(one["proposal"] for one in decision["winners"])
    for one in decision["winners"]:
        why = {
            "chosen": {"way": decision["way"], **one},
            "jury": decision.get("jury"),
            "text": chosen_words(str(decision["way"]), one.get("reason")),
        }
        _promise(session, known[one["proposal"]], why, row, now=now)
    told = CallWinnersChosen(
        row.id, way=str(decision["way"]), winners=winners, department=row.department, by=by
    )
    record(session, "votes", told, now=now)


def _promise(
    session: Session, row: ProposalRow, why: dict[str, JSON], call: CallRow, *, now: datetime
) -> None:
    row.chosen = True
    entry = enter(session, row, why, now=now)
    told = ProposalChosen(
        row.id, record=entry.record, number=entry.number, department=row.department
    )
    record(session, "votes", told, now=now)
    moderation.bind(session, kind=KIND, item=row.id, now=now)
    dues.set_due(
        session,
        record=row.record,
        cause=f"{row.id}.{PROMISED}",
        kind="answer",
        department=row.department,
        start=now,
        within=Within(definition_of(call.id).promise_days, DAYS),
        now=now,
    )


def choosable(session: Session, call_id: str) -> Sequence[ProposalRow]:
    """What of a call can be chosen: shown, neither withdrawn nor merged; by id."""
    query = select(ProposalRow).where(
        ProposalRow.call == call_id, ProposalRow.state == ENDED, ProposalRow.standing == SHOWN
    )
    return session.scalars(query.order_by(ProposalRow.id).with_for_update()).all()


def still_collecting(session: Session, call_id: str, *, now: datetime) -> bool:
    """Whether any proposal of a call collects supports.

    None does whose time stands still, but one that only reports took from view.
    """
    collects = or_(ProposalRow.standing == SHOWN, ProposalRow.until >= now)
    query = select(ProposalRow.id).where(
        ProposalRow.call == call_id, ProposalRow.state == COLLECTING, collects
    )
    return session.scalar(query.limit(1)) is not None
