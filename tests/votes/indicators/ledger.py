"""A ledger of years: polls and proposals of a city, of which few were adopted."""

import itertools
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from mvote.db import transaction
from mvote.votes.discussions.tables import RecordEntryRow, RecordRow
from mvote.votes.dues.tables import DueRow
from mvote.votes.proposals.tables import CallRow, ProposalRow
from tests.makers import words

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
DAY = timedelta(days=1)
DEPARTMENTS = ("housing", "parks", "roads")
ADOPTED_EVERY = {"polls": (3600, 73), "proposals": (5963, 59)}
"""Of so many so few, as Seoul's mVoting and its proposal platforms published."""
_ids = itertools.count()


def keep_ledger() -> None:
    """Half of what was answered came late; the others are still owed, or were let lie."""
    with transaction("votes") as session:
        for kind, (made, adopted) in ADOPTED_EVERY.items():
            rows = _Rows(kind, made, adopted)
            for table, found in rows.made().items():
                session.execute(insert(table), found)


class _Rows:
    def __init__(self, kind: str, made: int, adopted: int) -> None:
        self.kind, self.count, self.adopted = kind, made, adopted
        self.rows: dict[Any, list[dict[str, Any]]] = {}

    def made(self) -> dict[Any, list[dict[str, Any]]]:
        if self.kind == "proposals":
            self._add(
                CallRow, id=_id(), department="parks", definition="{}", digest="", opens_at=BEGIN
            )
        for place in range(self.count):
            if self.kind == "polls":
                self._poll(place)
            else:
                self._proposal(place)
        return self.rows

    def _add(self, table: Any, **row: Any) -> str:
        self.rows.setdefault(table, []).append(row)
        return str(row.get("id", ""))

    def _record(self, place: int) -> tuple[str, str]:
        department = DEPARTMENTS[place % 3]
        title = json.dumps(words(f"No. {place}"))
        facts: dict[str, Any] = {
            "title": title,
            "opened_at": BEGIN,
            "entries": 0,
            "chain": "0" * 64,
        }
        return self._add(RecordRow, id=_id(), department=department, **facts), department

    def _entry(
        self, record: str, number: int, kind: str, subject: str, body: Any, **more: Any
    ) -> None:
        facts = {"version": 1, "by": "", "previous": "0" * 64, "digest": "0" * 64} | more
        spelled = json.dumps(body)
        self._add(
            RecordEntryRow,
            record=record,
            number=number,
            kind=kind,
            poll=subject,
            body=spelled,
            **facts,
        )

    def _poll(self, place: int) -> None:
        record, department = self._record(place)
        poll = _id()
        self._entry(record, 1, "result", poll, {"poll": poll}, at=BEGIN)
        decision = "adopted" if place < self.adopted else ("partly" if place % 2 else "not-adopted")
        met = BEGIN + (10 + place % 40) * DAY if place < 2 * self.adopted else None
        if met is not None:
            body = {
                "options": [
                    {"question": "q1", "option": "yes", "decision": decision, "reason": None}
                ]
            }
            self._entry(record, 2, "answer", poll, body, at=met, by=department)
        self._add(
            DueRow,
            **{"id": _id(), "record": record, "cause": poll, "kind": "answer"},
            **{"department": department, "due_at": BEGIN + 30 * DAY, "set_at": BEGIN},
            met_at=met,
        )

    def _proposal(self, place: int) -> None:
        record = ""
        name = _id()
        if place < 3 * self.adopted:
            record, department = self._record(place)
            self._entry(record, 1, "proposal", name, {}, at=BEGIN)
            decision = "adopted" if place < self.adopted else "not-adopted"
            body = {"kind": "answer", "decision": decision, "text": words("So.")}
            at = BEGIN + timedelta(days=7, hours=place % 5)
            self._entry(record, 2, "proposal-reply", name, body, at=at, by=department)
        call = self.rows[CallRow][0]["id"]
        texts = dict.fromkeys(("topic", "district", "into", "merging"), "")
        self._add(
            ProposalRow,
            **{
                "id": name,
                "call": call,
                "department": DEPARTMENTS[place % 3],
                "title": f"Wish {place}",
            },
            **{"text": "…", "search": "", "sketch": b"", "author": f"{place:064x}", "act": 1},
            **{"opened": BEGIN.date(), "until": BEGIN + 30 * DAY, "state": "ended", **texts},
            **{"standing": "published", "supports": 0, "reached": 0, "record": record},
        )


def _id() -> str:
    return f"{next(_ids):016d}"
