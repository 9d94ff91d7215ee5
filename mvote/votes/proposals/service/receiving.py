"""A proposal that comes in another way than by its author's act in the call."""

from datetime import datetime

from sqlalchemy.orm import Session

from mvote.installation import city_day
from mvote.votes.participation.rules import Taken
from mvote.votes.proposals.errors import CallNotOpen
from mvote.votes.proposals.rules_calls import OPEN
from mvote.votes.proposals.service.calls import get_call
from mvote.votes.proposals.service.proposing import Wish, check_wish, keep


def receive(
    session: Session, call_id: str, *, wish: Wish, author: str, act: int, now: datetime
) -> str:
    """Let it collect supports in a call from now on; returns its id.

    ``author`` is a pseudonym of another scope, so nobody can take it back in this one.
    Raises CallUnknown, CallAltered, CallNotOpen, ProposalRefused.
    """
    found = get_call(call_id)
    check_wish(found.definition, wish)
    if found.state(now) != OPEN:
        raise CallNotOpen()
    taken = Taken(author, act, {}, new=True)
    today = city_day(now)
    return keep(session, found.definition, wish, taken, today=today, now=now).id
