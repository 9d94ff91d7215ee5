"""Makers of what tests need often; everything that matters to a test is said by the test."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mvote.core.secrecy.ballot import write_ballot
from mvote.core.secrecy.permit import make_permit
from mvote.core.times import iso


def words(text: str) -> dict[str, str]:
    """The same text in both languages, told apart."""
    return {"ko": f"{text} (한)", "en": text}


def yes_no_question(**changes: Any) -> dict[str, Any]:
    return {
        "id": "q1",
        "type": "yes-no",
        "title": words("Shall the bridge be built?"),
        "options": [],
        "config": {},
        "counting": {"method": "plurality", "options": {}},
        "blank": True,
        **changes,
    }


def budget_question(budget: int, costs: dict[str, int], **changes: Any) -> dict[str, Any]:
    """A question about projects, by id and cost, under a sum."""
    return {
        "id": "projects",
        "type": "budget",
        "title": words("Which projects?"),
        "options": [
            {"id": one, "title": words(f"Project {one}"), "cost": cost}
            for one, cost in costs.items()
        ],
        "config": {"least": 1, "most": len(costs)},
        "counting": {"method": "budget-greedy", "options": {"budget": budget}},
        "blank": False,
        **changes,
    }


def make_poll_draft(**changes: Any) -> dict[str, Any]:
    """A yes/no poll of the department ``roads`` that opens by hand and closes in an hour."""
    return {
        "v": 1,
        "kind": "city",
        "title": words("The bridge"),
        "summary": words("A bridge over the stream."),
        "department": "roads",
        "level": "confidential",
        "proof": "sms",
        "roll_key": "number",
        "audience": {"all": [{"condition": "verified-number"}]},
        "questions": [yes_no_question()],
        "decision": {
            "weight_percent": 100,
            "quorum": {"kind": "none"},
            "threshold": None,
            "ties": "listed",
            "results": "after-close",
        },
        "opens": None,
        "closes": iso(datetime.now(UTC) + timedelta(hours=1)),
        "grace_seconds": 600,
        "revote": True,
        "answer_days": 30,
        "dispute_days": 7,
        "turnout_step": 10,
        **changes,
    }


def make_ballot(
    poll: str,
    ph: str,
    issuer: Ed25519PrivateKey,
    *,
    voter: str = "somebody",
    answers: dict[str, list[str]] | None = None,
    seq: int = 1,
    level: str = "confidential",
    name: str | None = None,
) -> dict[str, Any]:
    """A ballot of a voter, yes to ``q1`` if nothing else is said; a new nonce every time."""
    mark = hashlib.sha256(voter.encode()).digest()
    permit = make_permit(issuer, ph=ph, mark=mark, level=level, name=name)
    return write_ballot(
        poll=poll,
        ph=ph,
        answers={"q1": ["yes"]} if answers is None else answers,
        permit=permit,
        seq=seq,
    )
