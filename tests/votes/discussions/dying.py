"""What a process does that carries a result into its record and is killed on the way."""

import os
import signal
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from mvote.app import create_app
from mvote.audit.service import seal
from mvote.settings import Settings
from mvote.votes.discussions.service import follow_polls
from mvote.votes.discussions.tables import RecordEntryRow
from mvote.votes.results.jobs import publish_closed


def die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def publish_and_die(settings: Settings, where: str) -> None:
    app = create_app("votes", settings)
    with app.app_context():
        if where == "before-publishing":
            event.listen(Session, "before_commit", die)
        publish_closed(datetime.now(UTC))
        if where == "after-publishing":
            die()
        seal("votes")
        if where == "while-entering":
            event.listen(Session, "after_flush", _die_with_a_result)
        follow_polls()
        if where == "after-entering":
            die()


def _die_with_a_result(session: Session, _context: Any) -> None:
    if any(isinstance(one, RecordEntryRow) and one.kind == "result" for one in session.new):
        event.listen(session, "before_commit", die)
