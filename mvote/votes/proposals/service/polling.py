"""From a proposal, or from a call's proposals, to the draft of a poll in one step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.canonical import JSON
from mvote.core.official import Official
from mvote.core.phases import CANCELLED
from mvote.core.poll import MOST_SUMMARY, MOST_TITLE
from mvote.core.text import LANGUAGES, Words
from mvote.core.times import iso
from mvote.db import transaction
from mvote.installation import installation
from mvote.votes.discussions import service as records
from mvote.votes.polls import service as polls
from mvote.votes.proposals.errors import (
    CallChoosesOtherwise,
    CallDecided,
    CallNotOver,
    NothingToVoteOn,
    ProposalCollectsNoMore,
    ProposalNotShown,
)
from mvote.votes.proposals.rules import COLLECTING, ENDED, SHOWN, ProposalPutToVote
from mvote.votes.proposals.rules_calls import PUT_TO_VOTE, VOTE, CallDefinition
from mvote.votes.proposals.service.calls import definition_of, lock_call, require_own
from mvote.votes.proposals.service.choosing import choosable, still_collecting
from mvote.votes.proposals.service.reading import lock_proposal
from mvote.votes.proposals.service.stages import enter, heading
from mvote.votes.proposals.tables import ProposalPollRow, ProposalRow

LASTS = timedelta(days=14)
FOR_VOTING = "yes-no"
"""The shipped template from which a poll on one proposal is begun."""


@dataclass(frozen=True, slots=True)
class AskedOfPoll:
    """What the new draft has of its own; ``opens`` None is by hand, ``closes`` in two weeks."""

    template: str = FOR_VOTING
    opens: datetime | None = None
    closes: datetime | None = None


Drafted = tuple[polls.Draft, bool]
"""A draft, and whether it is new."""


def put_to_vote(
    proposal_id: str, *, asked: AskedOfPoll, official: Official, now: datetime
) -> Drafted:
    """Draft a poll on a proposal: its title, its text, its record, and a link back.

    From then on it goes the way of every poll, by four eyes.  Where there is a poll that was
    not cancelled, that is the answer.  Raises ProposalUnknown, CallOfOtherDepartment,
    ProposalCollectsNoMore, ProposalNotShown, TemplateUnknown, DraftRefused.
    """
    template = polls.get_template(asked.template, official=official).content
    with transaction("votes") as session:
        row = lock_proposal(session, proposal_id)
        require_own(row.department, official)
        if (there := _drafted(session, row.id, official)) is not None:
            return there, False
        if row.state not in (COLLECTING, ENDED):
            raise ProposalCollectsNoMore()
        if row.standing != SHOWN:
            raise ProposalNotShown()
        enter(session, row, {"text": dict(PUT_TO_VOTE)}, now=now)
        content = _about(row, template)
        made = _draft(session, row.record, content, asked, official=official, now=now)
        _link(session, row.id, made, row.record, official=official, now=now)
        return made, True


def put_call_to_vote(
    call_id: str, *, asked: AskedOfPoll, official: Official, now: datetime
) -> Drafted:
    """Draft the poll in which citizens choose the winners of a call.

    Raises CallUnknown, CallAltered, CallOfOtherDepartment, CallChoosesOtherwise, CallDecided,
    CallNotOver, NothingToVoteOn, TemplateUnknown, DraftRefused.
    """
    definition = definition_of(call_id)
    template = polls.get_template(asked.template, official=official).content
    with transaction("votes") as session:
        call = lock_call(session, call_id)
        require_own(call.department, official)
        if definition.way != VOTE:
            raise CallChoosesOtherwise(by=definition.way)
        if call.decided_at is not None:
            raise CallDecided()
        if (there := _drafted(session, call.id, official)) is not None:
            return there, False
        if call.ended_at is None or still_collecting(session, call.id, now=now):
            raise CallNotOver()
        rows = choosable(session, call.id)
        if len(rows) < 2:
            raise NothingToVoteOn()
        name = records.open_record(
            session, department=call.department, title=definition.title, now=now
        )
        content = _among(definition, rows, template)
        made = _draft(session, name, content, asked, official=official, now=now)
        call.poll = made.poll.id
        _link(session, call.id, made, name, official=official, now=now)
        return made, True


def _drafted(session: Session, subject: str, official: Official) -> polls.Draft | None:
    """The newest poll that was drafted from it and not cancelled."""
    query = select(ProposalPollRow.poll).where(ProposalPollRow.subject == subject)
    for poll_id in session.scalars(query.order_by(ProposalPollRow.at.desc())):
        if polls.get_poll(poll_id).state != CANCELLED:
            return polls.get_draft(poll_id, official=official)
    return None


def _about(row: ProposalRow, template: Mapping[str, JSON]) -> dict[str, JSON]:
    """The template with what the proposal says in the place of what is to be filled in."""
    title = heading(row)
    content = {**template, "title": _cut(title), "summary": _summary(row.text, row.id)}
    if len(content["questions"]) == 1 and content["questions"][0]["type"] == FOR_VOTING:
        content["questions"] = [{**content["questions"][0], "title": _cut(title)}]
    return content


def _among(
    definition: CallDefinition, rows: Sequence[ProposalRow], template: Mapping[str, JSON]
) -> dict[str, JSON]:
    """One question whose options are the proposals; an option bears the proposal's id."""
    [question] = template["questions"]
    link = f"{installation().settings.public_url}/calls/{definition.id}"
    most = min(definition.winners, len(rows) - 1)
    asked = {
        **question,
        "type": "multiple-choice",
        "title": dict(definition.title),
        "options": [{"id": row.id, "title": _cut(heading(row))} for row in rows],
        "config": {"least": 1, "most": most},
        "counting": {"method": "approval", "options": {"seats": most}},
    }
    rules = {one: f"{definition.rules[one][: MOST_SUMMARY - 200]}\n\n{link}" for one in LANGUAGES}
    decision = {**template["decision"], "threshold": None}
    title = _cut(definition.title)
    return {
        **template,
        "title": title,
        "summary": rules,
        "questions": [asked],
        "decision": decision,
    }


def _cut(title: Words) -> Words:
    return {one: text[:MOST_TITLE] for one, text in title.items()}


def _summary(text: str, proposal_id: str) -> Words:
    link = f"{installation().settings.public_url}/proposals/{proposal_id}"
    room = MOST_SUMMARY - len(link) - 3
    short = text if len(text) <= room else f"{text[: room - 1]}…"
    return dict.fromkeys(LANGUAGES, f"{short}\n\n{link}")


def _draft(
    session: Session,
    record_id: str,
    content: dict[str, JSON],
    asked: AskedOfPoll,
    *,
    official: Official,
    now: datetime,
) -> polls.Draft:
    own = {
        "department": official.department,
        "record": record_id,
        "opens": iso(asked.opens) if asked.opens else None,
        "closes": iso(asked.closes or _behind(asked.opens or now)),
    }
    return polls.begin_draft(
        session, {**content, **own}, known_record=record_id, official=official, now=now
    )


def _behind(begun: datetime) -> datetime:
    """Two weeks later; beyond the end of the calendar its end, which no draft may name."""
    last = datetime.max.replace(tzinfo=UTC)
    return last if begun > last - LASTS else begun + LASTS


def _link(
    session: Session,
    subject: str,
    made: polls.Draft,
    record_id: str,
    *,
    official: Official,
    now: datetime,
) -> None:
    session.add(ProposalPollRow(poll=made.poll.id, subject=subject, at=now))
    told = ProposalPutToVote(
        subject,
        poll=made.poll.id,
        record=record_id,
        department=official.department,
        by=official.id,
    )
    record(session, "votes", told, now=now)
    session.flush()
