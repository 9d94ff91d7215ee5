"""One permit for each eligible citizen, noted before it is given out."""

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple, Protocol

from sqlalchemy import Date, bindparam, select, text
from sqlalchemy.orm import Session

from mvote.core.canonical import JSON, canonical_bytes
from mvote.core.eligibility import lists_named, takes_declared
from mvote.core.errors import Refusal
from mvote.core.phases import PollClosed, PollNotFrozen, PollUnknown
from mvote.core.scope import ScopeIsClosed, ScopeUnknown
from mvote.core.secrecy.blind import read_blinded
from mvote.core.secrecy.blind_signing import BlindSigner, SigningFailed
from mvote.core.secrecy.levels import publishes_names, takes_blind
from mvote.core.secrecy.permit import check_name, make_permit, mark, voter_ref
from mvote.db import transaction
from mvote.installation import city_day, installation
from mvote.people.identity.rules_consents import IDENTIFICATION
from mvote.people.identity.service.consents import is_consent_needed, require_consent
from mvote.people.permits.errors import (
    BlindedMessageNeeded,
    BlindedMessageNotUsedHere,
    BlindedMessageTaken,
    IssuerKeyMissing,
    IssuerKeyUnknown,
    NameNeeded,
    NotEligible,
    PermitAlreadyIssued,
    PermitNotSigned,
    PermitsLocked,
    ProofTooWeak,
    RollKeyMissing,
    ScopeNotForYou,
    ScopePermitTaken,
    ScopeProofTooWeak,
    ScopesLocked,
)
from mvote.people.permits.rules import (
    ENDED,
    Asked,
    BlindSignature,
    check_issuing,
    proof_missing,
)
from mvote.people.permits.rules_roll import is_closed_roll, lacking, vouched
from mvote.people.permits.service.keys import forget_signer, open_signer
from mvote.people.permits.service.noted import note_permit
from mvote.people.permits.service.quarantine import flags_of_new
from mvote.people.permits.service.roll import check_room
from mvote.people.permits.service.rows import (
    KnownPoll,
    check_id,
    find_poll,
    row_of_scope,
    take_gate,
)
from mvote.people.permits.service.standing import find_standing
from mvote.people.permits.tables import IssuedRow
from mvote.people.rolls.service.rooms import read_rooms
from mvote.people.rolls.service.voters import get_voter

log = logging.getLogger("mvote.permits")


class Permit(Protocol):
    """A pseudonym permit, or the blind signature from which a phone makes its own."""

    def to_json(self) -> dict[str, JSON]: ...


class _Admitted(NamedTuple):
    """By what the poll knows a citizen, and the strongest proof of it."""

    roll_key: bytes
    proof: str


class _Row(NamedTuple):
    """What is noted of a permit; ``quarantine`` and ``mark`` where a rule of the poll flags it."""

    voter_ref: bytes
    permit: bytes
    quarantine: str | None
    mark: str | None


class _Made(Protocol):
    """A permit about to be given: ``hashed`` is noted first, ``give`` comes behind the commit."""

    @property
    def hashed(self) -> bytes: ...

    def give(self) -> Permit: ...


def issue_permit(poll_id: str, *, account: str, proof: str, asked: Asked, now: datetime) -> Permit:
    """The one permit of a citizen for a poll; asked for again in the same words, the same bytes.

    ``proof`` is the strongest of the sign-in.

    Whatever is wrong with what was asked is found before anything is noted, so that it does
    not use up the only permit.  Raises PollUnknown, PollNotFrozen, PollSuspended,
    PollClosed, PollCancelled, RollKeyMissing, ProofTooWeak, NotEligible,
    PermitAlreadyIssued, AccountGone; NameNeeded, NameNotPublishedHere, NameMalformed;
    BlindedMessageNeeded, BlindedMessageNotUsedHere, BlindedMessageMalformed,
    BlindedMessageTaken, IssuerKeyUnknown, RollFull, RoomPassNotValid;
    IssuerKeyMissing, PermitsForgotten, PermitsLocked, PermitNotSigned.
    """
    check_id(poll_id)
    return _issue(poll_id, account=account, proof=proof, asked=asked, now=now)


def issue_scope_permit(
    scope_id: str, *, account: str, proof: str, asked: Asked, now: datetime
) -> Permit:
    """The one permit of a citizen for a scope, as for a secret poll.

    Raises ScopeUnknown, ScopeIsClosed, ScopeNotForYou, ScopeProofTooWeak, ScopePermitTaken,
    ScopesLocked, AccountGone, NameNotPublishedHere, and of blinded values, keys and room
    passes what ``issue_permit`` does.
    """
    row = row_of_scope(scope_id)
    try:
        return _issue(row, account=account, proof=proof, asked=asked, now=now)
    except tuple(_OF_SCOPES) as refusal:
        raise _OF_SCOPES[type(refusal)](**_reasons(refusal)) from None


_OF_SCOPES: Mapping[type[Refusal], type[Refusal]] = {
    PollUnknown: ScopeUnknown,
    PollClosed: ScopeIsClosed,
    NotEligible: ScopeNotForYou,
    RollKeyMissing: ScopeNotForYou,
    ProofTooWeak: ScopeProofTooWeak,
    PermitAlreadyIssued: ScopePermitTaken,
    PermitsLocked: ScopesLocked,
}
"""The same in words that speak of no poll."""


def _reasons(refusal: Refusal) -> Mapping[str, str]:
    return {"reasons": str(refusal.params["reasons"])} if "reasons" in refusal.params else {}


def _issue(poll_id: str, *, account: str, proof: str, asked: Asked, now: datetime) -> Permit:
    with transaction("people") as session:
        take_gate(session, poll_id, exclusive=False)
        poll = find_poll(session, poll_id)
        if poll.state in ENDED:
            forget_signer(poll.id)
        voter = _admit(session, poll, account, proof=proof, passes=asked.passes, now=now)
        if poll.locked_at is not None:
            raise PermitsLocked()
        if poll.ph is None or poll.pepper is None:
            raise PollNotFrozen()
        made: _Made
        if takes_blind(poll.level):
            made = _read_blinded(session, poll, asked, now=now)
        else:
            made = _make_pseudonym(poll, poll.ph, mark(poll.pepper, voter.roll_key), asked)
        flags = flags_of_new(poll, proof=voter.proof, roll_key=voter.roll_key)
        row = _Row(voter_ref(poll.pepper, voter.roll_key), made.hashed, *flags)
        counted = _keep(session, poll.id, row, now=now) and takes_blind(poll.level)
        if counted:
            check_room(session, poll)
    if counted:
        note_permit(poll.id)
    return made.give()


def _admit(
    session: Session, poll: KnownPoll, account: str, *, proof: str, passes: str, now: datetime
) -> _Admitted:
    """A citizen who may have a permit now."""
    check_issuing(poll.state, closes=poll.closes, now=now)
    if is_consent_needed():
        require_consent(session, account, IDENTIFICATION)
    audience = json.loads(poll.audience)
    lists, key, said = lists_named(audience), poll.roll_key, takes_declared(audience)
    voter = get_voter(session, account, proof=proof, roll_key=key, lists=lists, declared=said)
    standing = None
    if poll.pepper is not None and voter.roll_key is not None:
        standing = find_standing(session, poll.id, voter_ref(poll.pepper, voter.roll_key))
    by = vouched(voter.proof, standing=standing)
    if unproved := proof_missing(poll.proof, by):
        raise unproved()
    assert voter.roll_key is not None  # as there is a proof of it
    facts = replace(voter.facts, rooms=read_rooms(session, passes, now=now))
    closed = is_closed_roll(poll.said)
    if missing := lacking(audience, facts, closed=closed, standing=standing):
        raise NotEligible(reasons=",".join(one.condition for one in missing))
    assert by is not None
    return _Admitted(voter.roll_key, by)


@dataclass(frozen=True, slots=True)
class _Pseudonym:
    permit: Permit
    hashed: bytes

    def give(self) -> Permit:
        return self.permit


def _make_pseudonym(poll: KnownPoll, ph: str, pseudonym: bytes, asked: Asked) -> _Pseudonym:
    if (asked.kid, asked.blinded_msg) != (None, None):
        raise BlindedMessageNotUsedHere()
    check_name(asked.name, level=poll.level)
    if asked.name is None and publishes_names(poll.level):
        raise NameNeeded()
    key = installation().keys["people"].find(poll.kid)  # a poll keeps the key it was approved with
    if key is None:
        log.error("the issuer key %s of poll %s is not here", poll.kid, poll.id)
        raise IssuerKeyMissing()
    permit = make_permit(key.private, ph=ph, mark=pseudonym, level=poll.level, name=asked.name)
    return _Pseudonym(permit, hashlib.sha256(canonical_bytes(permit.to_json())).digest())


@dataclass(frozen=True, slots=True)
class _Blinded:
    """The signer is held from here on: a poll that ends meanwhile takes back nothing noted."""

    kid: str
    signer: BlindSigner
    value: bytes
    hashed: bytes

    def give(self) -> Permit:
        try:
            return BlindSignature(self.kid, self.signer.sign(self.value))
        except SigningFailed as fault:
            log.critical("a signature came out wrong and was thrown away: %s", fault)
            raise PermitNotSigned(retry_after=2) from None


def _read_blinded(session: Session, poll: KnownPoll, asked: Asked, *, now: datetime) -> _Blinded:
    check_name(asked.name, level=poll.level)
    if asked.kid is None or asked.blinded_msg is None:
        raise BlindedMessageNeeded()
    if asked.kid != poll.kid:
        raise IssuerKeyUnknown()
    signer = open_signer(session, poll, now=now)
    value = read_blinded(signer.public, asked.blinded_msg)
    return _Blinded(poll.kid, signer, value, hashlib.sha256(value).digest())


_ISSUE = text(
    """
    INSERT INTO issued (poll, voter_ref, permit, day, quarantine, mark)
    VALUES (:poll, :voter_ref, :permit, :day, :quarantine, :mark)
    ON CONFLICT DO NOTHING RETURNING poll
    """
).bindparams(bindparam("day", type_=Date))


def _keep(session: Session, poll_id: str, made: _Row, *, now: datetime) -> bool:
    """Note the permit before it is given out; whether it is new.

    Raises PermitAlreadyIssued for another one, BlindedMessageTaken for somebody else's.
    """
    day = city_day(now)
    row = {"poll": poll_id, "day": day, **made._asdict()}
    if session.execute(_ISSUE, row).first() is not None:
        return True
    same = IssuedRow.poll == poll_id, IssuedRow.voter_ref == made.voter_ref
    kept = session.scalar(select(IssuedRow.permit).where(*same))
    if kept is None:
        raise BlindedMessageTaken()
    if kept != made.permit:
        raise PermitAlreadyIssued()
    return False
