"""What a rehearsal leaves, and how it is taken away: all but the lines of the logs.

A file ``rehearsals/<name>.json`` of the home tells of it before anything is made, so that
what a crash leaves can be found.  Its lock is held as long as the rehearsal runs.
"""

import fcntl
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from mvote.core.ids import new_id
from mvote.core.official import Official
from mvote.core.phases import CANCELLED, CLOSED, CLOSING, PUBLISHED
from mvote.core.rehearsal import LIST_STARTS, REHEARSAL, audience_of
from mvote.core.text import Words
from mvote.db import METADATA, reading, transaction
from mvote.exchange.service import last_said, last_taken
from mvote.installation import installation
from mvote.people.identity.service.synthetic import list_synthetic_accounts, synthetic_mac
from mvote.settings import Wing
from mvote.votes.polls import service as polls
from mvote.votes.polls.rules import PendingAct
from mvote.worker import Worker

KEPT = ("audit", "audit_chain", "audit_cursors", "exchange_outbox", "exchange_inbox")
"""Logs stay: one is chained, and the documents between the wings are numbered without gaps."""
ENDED = (PUBLISHED, CANCELLED)
VALUES_AT_ONCE = 500
MOST_ROUNDS = 100
REMOVED_BECAUSE: Words = {
    "ko": "연습이 중단되어 연습 투표를 취소하고 지웁니다.",
    "en": "The rehearsal was stopped; its poll is cancelled and removed.",
}


class NotRemoved(Exception):
    """Something of a rehearsal is still there; the sentence says what and why."""


@dataclass(frozen=True, slots=True)
class Traces:
    """One rehearsal: ``name`` is that of its list, ``places`` how many citizens were made."""

    name: str
    places: int
    department: str
    officials: tuple[str, str, str]

    @classmethod
    def begin(cls, *, places: int, department: str) -> "Traces":
        """One that has left nothing yet."""
        name = LIST_STARTS + new_id()
        return cls(name, places, department, (new_id(), new_id(), new_id()))

    def macs(self) -> list[bytes]:
        """The roll keys of all citizens that were made."""
        return [synthetic_mac(self.name, place) for place in range(self.places)]

    def official(self, place: int) -> Official:
        """The first drafts, the others decide."""
        duties = frozenset({"drafter"} if place == 0 else {"approver"})
        return Official(self.officials[place], self.department, duties)


def folder(home: Path) -> Path:
    """Where the files of rehearsals lie."""
    return home / "rehearsals"


@contextmanager
def noted(traces: Traces, home: Path) -> Iterator[None]:
    """Tell of a rehearsal while it runs; the file goes when nothing of it is left."""
    folder(home).mkdir(parents=True, exist_ok=True)
    path = folder(home) / f"{traces.name}.json"
    part = path.with_suffix(".part")
    with part.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        json.dump(asdict(traces), file)
        file.flush()
        part.replace(path)  # whole and locked: nobody takes it for one that was killed
        yield
        path.unlink()


def left_behind(home: Path) -> list[Traces]:
    """Rehearsals that ended without removing what they left; not those that run."""
    found = []
    for path in sorted(folder(home).glob("*.json")):
        with path.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            spelled = file.read()
        raw = json.loads(spelled)
        found.append(Traces(**{**raw, "officials": tuple(raw["officials"])}))
    return found


def forget(traces: Traces, home: Path) -> None:
    """The file of a rehearsal of which nothing is left."""
    (folder(home) / f"{traces.name}.json").unlink(missing_ok=True)


def remove(traces: Traces, app: Flask) -> None:
    """Remove everything of a rehearsal; done twice, nothing happens.  Raises NotRemoved.

    What still runs of its poll is cancelled, and both wings hear of it first: a document
    that came later would bring the poll back.
    """
    mine = _polls_of(traces)
    for poll in mine:
        _stop(traces, poll)
    _settle(app, mine)
    accounts = list_synthetic_accounts(traces.macs())
    with transaction("people") as session:
        keys: dict[str, Sequence[object]] = {
            "poll": mine,
            "list": [traces.name],
            "number_mac": traces.macs(),
            "account": [*accounts, *traces.officials],
            "official": traces.officials,
        }
        _delete(session, "people", keys, ids={"polls": mine, "accounts": accounts})
    with transaction("votes") as session:
        _delete(session, "votes", {"poll": mine, "subject": mine}, ids={"polls": mine})
    for poll in mine:
        _remove_files(installation().settings.home, poll)


def _polls_of(traces: Traces) -> list[str]:
    """Its polls: of the kind that no real poll has, and for nobody but its own list."""
    table = METADATA["votes"].tables["polls"]
    with reading("votes") as session:
        rows = session.execute(
            select(table.c.id, table.c.draft).where(table.c.kind == REHEARSAL)
        ).all()
    return [row.id for row in rows if json.loads(row.draft)["audience"] == audience_of(traces.name)]


def _stop(traces: Traces, poll: str) -> None:
    state, now = polls.get_poll(poll).state, datetime.now(UTC)
    if state in (CLOSING, CLOSED, PUBLISHED, CANCELLED):
        return
    asked = polls.cancel_poll(poll, official=traces.official(1), reason=REMOVED_BECAUSE, now=now)
    if isinstance(asked, PendingAct):
        polls.cancel_poll(poll, official=traces.official(2), pending=asked.id, now=now)


def _settle(app: Flask, mine: Sequence[str]) -> None:
    """Let the polls end, and both wings take what the other has said.  Raises NotRemoved."""
    worker = Worker(app)
    for _ in range(MOST_ROUNDS):
        worker.round(datetime.now(UTC))
        heard = last_taken("people") >= last_said("votes")
        heard &= last_taken("votes") >= last_said("people")
        if heard and all(polls.get_poll(poll).state in ENDED for poll in mine):
            return
    if not heard:
        raise NotRemoved("the wings do not hear of each other; look at /readyz")


def _delete(
    session: Session,
    wing: Wing,
    keys: Mapping[str, Sequence[object]],
    *,
    ids: Mapping[str, Sequence[object]],
) -> None:
    """Rows of every table that name what has to go, those first that refer to others."""
    for table in reversed(METADATA[wing].sorted_tables):
        if table.name in KEPT:
            continue
        for column, values in keys.items():
            if column in table.c:
                _delete_where(session, table, column, values)
        _delete_where(session, table, "id", ids.get(table.name, ()))


def _delete_where(session: Session, table: Table, column: str, values: Sequence[object]) -> None:
    for start in range(0, len(values), VALUES_AT_ONCE):
        part = values[start : start + VALUES_AT_ONCE]
        session.execute(delete(table).where(table.c[column].in_(part)))


def _remove_files(home: Path, poll: str) -> None:
    """Boards, bundles and counts of permits, whose names begin with the poll's id."""
    for path in sorted(home.rglob(f"{poll}*")):
        path.unlink(missing_ok=True)
