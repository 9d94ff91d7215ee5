"""Carry a poll through the votes wing by its own services, as its officials and citizens would.

What the people wing sends (who issues permits, how many were issued) is handed in
here; ``tests/journeys`` carries votes through both wings.
"""

import hashlib
import secrets
from collections import defaultdict
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from mvote.audit.service import seal
from mvote.core.canonical import b64u, b64u_decode, digest
from mvote.core.issuing import BlindIssuerKey
from mvote.core.official import Official
from mvote.core.secrecy.blind_signing import BlindSigner
from mvote.core.secrecy.keys import raw_public
from mvote.core.secrecy.levels import takes_blind
from mvote.core.secrecy.permit import make_permit
from mvote.core.secrecy.phone import PollSecrets
from mvote.db import transaction
from mvote.installation import installation
from mvote.people.identity.service.sign_ins import open_sign_in
from mvote.votes.ballots import service as ballots
from mvote.votes.polls import service as polls
from mvote.votes.polls.errors import DepartmentExists
from mvote.votes.polls.rules import Apart
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
    with suppress(DepartmentExists):
        polls.add_department(
            draft["department"], name=words(draft["department"]), by="test", now=now()
        )
    poll = polls.draft_poll(draft, official=drafter, now=now()).poll.id
    freeze_drafted(poll, eligible=eligible)
    return poll


def freeze_drafted(poll: str, *, eligible: int | None = None) -> None:
    """Approve and freeze what was drafted."""
    approver = _approver(poll)
    draft = polls.get_draft(poll, official=approver)
    polls.approve_poll(poll, known={draft.poll.revision}, official=approver, now=now())
    public = _issuer(secret=takes_blind(draft.content["level"]))
    roll = {"mode": "growing", "eligible": eligible}
    with transaction("votes") as session:
        polls.freeze_poll(session, poll, issuer=[public], roll=roll, now=now())
    _note()


def _issuer(*, secret: bool) -> dict[str, Any]:
    """The issuer's public key as a frozen poll names it."""
    if secret:
        return BlindIssuerKey.of(secret_key().public_key(), operator="The city").to_json()
    issuer = installation().keys["people"]["issuer"]
    x = b64u(raw_public(issuer.public))
    return {"kid": issuer.kid, "alg": "Ed25519", "x": x, "operator": "The city"}


@cache
def secret_key() -> RSAPrivateKey:
    """One for all secret polls of a test run: it takes a while to make."""
    return generate_private_key(65537, 2048)


_issued: defaultdict[str, set[str]] = defaultdict(set)
"""By poll, the hashes of the blinded values that were signed."""


def secret_ballot(
    poll: str, answers: dict[str, Any], *, voter: str | None = None, seq: int = 1
) -> dict[str, Any]:
    """A ballot of ``voter``, or of a new one, with the permit that was signed for it blindly."""
    seed = hashlib.sha256(voter.encode()).digest() if voter else secrets.token_bytes(32)
    issuer = BlindIssuerKey.of(secret_key().public_key(), operator="")
    ph = str(polls.get_poll(poll).ph)
    phone = PollSecrets(seed, poll, ph, issuer.kid, secret_key().public_key())
    blinded = b64u_decode(phone.request_permit()["blinded_msg"])
    _issued[poll].add(hashlib.sha256(blinded).hexdigest())
    permit = phone.finish_permit(b64u(BlindSigner(secret_key()).sign(blinded)))
    return phone.make_ballot(permit, answers, seq)


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
    if takes_blind(level):
        secret = secret_ballot(poll, answers, voter=voter, seq=seq)
        assert ballots.cast_ballot(poll, ballot=secret).new
        return
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


def close(poll: str, *, issued: int, apart: Apart | None = None) -> None:
    """Close by hand; the issued list comes and the board gets its last entry."""
    stop(poll)
    take_issued(poll, issued=issued, apart=apart)
    _note()
    ballots.finish_boards(now())
    assert polls.get_poll(poll).state == "closed"
    seal("votes")


def stop(poll: str, *, at: datetime | None = None) -> None:
    """Two officials close it to ballots."""
    asked = polls.close_poll(poll, official=_drafter(poll), now=at or now())
    polls.close_poll(poll, pending=asked.id, official=_approver(poll), now=at or now())


def take_issued(poll: str, *, issued: int, apart: Apart | None = None) -> None:
    """The people wing's list comes: the permits that were signed, and others up to ``issued``."""
    hashes, sha256 = None, hashlib.sha256(b"issued").hexdigest()
    if takes_blind(polls.definition_of(poll).level):
        while len(_issued[poll]) < issued:
            _issued[poll].add(secrets.token_hex(32))
        hashes = sorted(_issued[poll])
        sha256 = digest(hashes)
    with transaction("votes") as session:
        polls.take_issued_list(
            session, poll, issued=issued, sha256=sha256, hashes=hashes, apart=apart, now=now()
        )


def cancel(poll: str) -> None:
    reason = words("The stream dried up.")
    asked = polls.cancel_poll(poll, reason=reason, official=_drafter(poll), now=now())
    polls.cancel_poll(poll, pending=asked.id, official=_approver(poll), now=now())
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


def _drafter(poll: str) -> Official:
    return Official(DRAFTER.id, polls.get_poll(poll).department, DRAFTER.duties)


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
