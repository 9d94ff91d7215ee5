"""Calls and proposals for the story of kills: every job about them finds something to do."""

from datetime import datetime, timedelta

from sqlalchemy import insert, update

from mvote.audit.service import record as audit
from mvote.core.official import Official
from mvote.db import transaction
from mvote.votes.moderation import service as moderation
from mvote.votes.moderation.rules import TextHidden
from mvote.votes.moderation.tables import ModeratedRow
from mvote.votes.participation import service as participation
from mvote.votes.participation.tables import HolderRow
from mvote.votes.proposals import service
from mvote.votes.proposals.tables import (
    CallRow,
    ProposalPollRow,
    ProposalRow,
    SupportChangeRow,
    SupportRow,
)
from tests.makers import words
from tests.votes.carrying import APPROVER

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ADMINISTRATOR = Official("administrator-1", "roads", frozenset({"administrator"}))
WISH, RUDE = "w" * 16, "v" * 16
HOLDER = "0" * 64
SET = {
    "name": "one",
    "title": words("One"),
    "source": "A test",
    "days": 1,
    "stages": [
        {
            "id": "answer",
            "supports": 1,
            "name": words("The department answers"),
            "due": {"kind": "answer", "amount": 1, "unit": "days"},
        }
    ],
}


def wish(begin: datetime, *, poll: str) -> None:
    """A supported wish, one that a moderator hid, and a call whose winner ``poll`` chooses."""
    service.add_thresholds(SET, official=ADMINISTRATOR, now=begin)
    call, voted = (_open(way, begin) for way in ("supports", "vote"))
    with transaction("votes") as session:
        for proposal in (WISH, RUDE):
            session.execute(insert(ProposalRow).values(_proposal(proposal, call, begin)))
            moderation.submit(
                session,
                kind="proposal",
                item=proposal,
                text="A wish",
                author=HOLDER,
                department="roads",
                now=begin,
            )
            until = {"closes": begin + DAY, "now": begin}
            participation.open_scope(session, proposal, kind="proposal", **until)
        acted = {"scope": WISH, "holder": HOLDER, "seq": 1, "digest": bytes(32)}
        session.execute(insert(HolderRow).values(**acted))
        session.execute(insert(SupportRow).values(proposal=WISH, holder=HOLDER))
        session.execute(insert(SupportChangeRow).values(proposal=WISH, id="1" * 16, change=1))
        hidden = update(ModeratedRow).where(ModeratedRow.id == RUDE)
        session.execute(hidden.values(state="hidden", hidden_by="somebody"))
        facts = {"record": "", "department": "roads", "decision": "hide", "number": 1}
        audit(session, "votes", TextHidden(RUDE, kind="proposal", by="x", **facts), now=begin)
        session.execute(update(CallRow).where(CallRow.id == voted).values(poll=poll))
        session.execute(insert(ProposalPollRow).values(poll=poll, subject=voted, at=begin))


def _open(way: str, begin: datetime) -> str:
    asked = service.AskedOfCall(
        department="roads",
        title=words("Tell your wish"),
        rules=words("Be kind."),
        opens=None,
        closes=begin + HOUR,
        topics=(),
        districts=(),
        thresholds="one",
        audience=None,
        proof="sms",
        roll_key="number",
        way=way,
        winners=1,
        promise_days=1,
    )
    return service.open_call(asked, official=APPROVER, now=begin).id


def _proposal(name: str, call: str, begin: datetime) -> dict[str, object]:
    empty = dict.fromkeys(("topic", "district", "record", "into", "merging"), "")
    return {
        **empty,
        "id": name,
        "call": call,
        "department": "roads",
        "title": "A wish",
        "text": "For all.",
        "search": "a wish\nfor all.",
        "sketch": b"",
        "author": HOLDER,
        "act": 1 if name == WISH else 2,
        "opened": begin.date(),
        "until": begin + DAY,
        "state": "collecting" if name == WISH else "ended",
        "standing": "published",
        "supports": 0,
        "reached": 0,
        "chosen": False,
    }
