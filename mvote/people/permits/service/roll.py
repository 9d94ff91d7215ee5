"""No more secret permits than the frozen poll says are eligible: strangers recount that.

Who joins the register while a poll runs is eligible too, and who leaves it may hold a
permit already, so the number that was frozen can be reached.  It grows by those whom two
officials add to the roll, each with a note on the board.
"""

import json
from time import monotonic
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from mvote.db import engine, hold_gate
from mvote.people.permits.errors import RollFull
from mvote.people.permits.service.rows import KnownPoll
from mvote.people.permits.tables import IssuedRow

FAR: Final = 5_000
"""Permits that are never issued within ``FRESH_SECONDS``."""
FRESH_SECONDS: Final = 1.0

_far: WeakKeyDictionary[Engine, dict[str, float]] = WeakKeyDictionary()
"""When each poll was last seen to have more than ``FAR`` permits left."""


def check_room(session: Session, poll: KnownPoll) -> None:
    """To be called behind a new permit, in its transaction.  Raises RollFull: it is not noted.

    Near the end one permit waits for the other, so that no two take the last place.
    """
    eligible = json.loads(poll.said)["roll"]["eligible"]
    far = _far.setdefault(engine("people"), {})
    if eligible is None or monotonic() - far.get(poll.id, -FRESH_SECONDS) < FRESH_SECONDS:
        return
    hold_gate(session, f"mvote-roll:{poll.id}", exclusive=True)
    left = (
        eligible
        + poll.added
        - (session.scalar(select(func.count()).where(IssuedRow.poll == poll.id)) or 0)
    )
    if left < 0:
        raise RollFull()
    if left > FAR:
        far[poll.id] = monotonic()
