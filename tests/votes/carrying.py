"""Carry a poll through the votes wing by its own services, as its officials and citizens would.

What the people wing sends (who issues permits, how many were issued) is handed in
here; ``tests/journeys`` carries votes through both wings.
"""

import hashlib
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from mvote.audit.service import seal
from mvote.core.canonical import b64u
from mvote.core.official import Official
from mvote.core.secrecy.keys import raw_public
from mvote.core.secrecy.permit import make_permit
from mvote.db import transaction
from mvote.installation import installation
from mvote.people.identity.service.sign_ins import open_sign_in
from mvote.votes.ballots import service as ballots
from mvote.votes.polls import service as polls
from mvote.votes.polls.errors import DepartmentExists
from mvote.web.tokens import OFFICIAL, make_access
from tests.makers import make_poll_draft, words

DRAFTER = Official("drafter-1", "roads", frozenset({"drafter"}))
APPROVER = Official("approver-1", "roads", frozenset({"approver"}))


def now() -> datetime:
    return datetime.now(UTC)


def freeze(*, eligible: int | None = None, **changes: Any) -> str:
    """Draft, approve and freeze a poll; returns its id."""
    draft = make_poll_draft(**changes)
    drafter = Official(DRAFTER.id, draft["department"], DRAFTER.duties)
    approver = Official(APPROVER.id, draft["department"], APPROVER.duties)
    with suppress(DepartmentExists):
        polls.add_department(
            draft["department"], name=words(draft["department"]), by="test", now=now()
        )
    poll = polls.draft_poll(draft, official=drafter, now=now()).poll.id
    polls.approve_poll(poll, known={1}, official=approver, now=now())
    issuer = installation().keys["people"]["issuer"]
    public = {
        "kid": issuer.kid,
        "alg": "Ed25519",
        "x": b64u(raw_public(issuer.public)),
        "operator": "The city",
    }
    roll = {"mode": "growing", "eligible": eligible}
    with transaction("votes") as session:
        polls.freeze_poll(session, poll, issuer=[public], roll=roll, now=now())
    _note()
    return poll


def open_poll(poll: str) -> None:
    polls.open_poll(poll, official=_approver(poll), now=now())
    _note()


def cast(
    poll: str,
    answers: dict[str, list[str]],
    *,
    voter: str | None = None,
    seq: int = 1,
    name: str | None = None,
) -> None:
    """Cast a ballot of ``voter``, or of a new one."""
    ph, level = str(polls.get_poll(poll).ph), polls.definition_of(poll).level
    mark = hashlib.sha256((voter or secrets.token_hex(8)).encode()).digest()
    key = installation().keys["people"]["issuer"].private
    permit = make_permit(key, ph=ph, mark=mark, level=level, name=name)
    ballot = {
        "v": 1,
        "poll": poll,
        "ph": ph,
        "seq": seq,
        "nonce": b64u(secrets.token_bytes(16)),
        "ans": answers,
        "permit": permit.to_json(),
    }
    assert ballots.cast_ballot(poll, ballot=ballot).new


def close(poll: str, *, issued: int) -> None:
    """Close by hand; the issued list comes and the board gets its last entry."""
    polls.close_poll(poll, official=_approver(poll), now=now())
    sha256 = hashlib.sha256(b"issued").hexdigest()
    with transaction("votes") as session:
        polls.take_issued_list(session, poll, issued=issued, sha256=sha256, now=now())
    _note()
    ballots.finish_boards(now())
    assert polls.get_poll(poll).state == "closed"
    seal("votes")


def cancel(poll: str) -> None:
    reason = words("The stream dried up.")
    polls.cancel_poll(poll, reason=reason, official=_approver(poll), now=now())
    _note()


def carry_to_close(votes: dict[str, int], *, question: str = "q1", **changes: Any) -> str:
    """A closed poll whose options got so many votes, each ballot naming one; returns its id."""
    poll = freeze(**changes)
    open_poll(poll)
    for option, times in votes.items():
        for _ in range(times):
            cast(poll, {question: [option]})
    close(poll, issued=sum(votes.values()))
    return poll


def _approver(poll: str) -> Official:
    return Official(APPROVER.id, polls.get_poll(poll).department, APPROVER.duties)


def _note() -> None:
    """What the worker does between two acts."""
    seal("votes")
    ballots.note_states(now())


def bearer(official: Official) -> dict[str, str]:
    """The header with an identity token of this official, whose sign-in is open."""
    with transaction("people") as session:
        sign_in = open_sign_in(session, official.id, kind="official", proof="password", now=now())
    token = make_access(
        official.id,
        audience=OFFICIAL,
        family=sign_in.family,
        proof="password",
        fresh=True,
        department=official.department,
        duties=tuple(official.duties),
    )
    return {"Authorization": f"Bearer {token}"}
