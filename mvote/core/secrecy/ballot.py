"""Ballots: what a phone casts, read strictly and named by its leaf hash.

::

    {"v":1, "poll":"…", "ph":"<poll hash>", "seq":1, "nonce":"<16 bytes>",
     "ans":{"q1":["a"], "q2":["x","y"]}, "permit":{…}}

    {"v":1, "poll":"…", "ph":"<poll hash>", "seq":1, "bk":"<32 bytes>", "nonce":"<16 bytes>",
     "ans":{"q1":["a"], "q2":["x","y"]}, "permit":[{…}], "sig":"<64 bytes>"}

The first spends a pseudonym permit.  The second spends a blind permit of every issuer of
the poll, all made out to the ballot key ``bk``, which signs
``"mvote-ballot-v1" || 0x00 || JCS(ballot without sig)`` with Ed25519: whoever keeps the
ballot cannot alter it.

The leaf is ``SHA-256(0x00 || JCS(ballot))`` (RFC 9162 section 2.1.1).  Two ballots are the
same when their JCS bytes are.  Without the nonce anyone could try all answers against the
public leaf hashes and read the votes.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mvote.core.canonical import JSON, MAX_SAFE_INTEGER, b64u, canonical_bytes
from mvote.core.errors import Invalid, NotAllowed, TooLarge
from mvote.core.secrecy import exact
from mvote.core.secrecy.blind_permit import BlindPermit, read_blind_permit, verify_blind_permit
from mvote.core.secrecy.keys import (
    KEY_LENGTH,
    SIGNATURE_LENGTH,
    IssuerPublic,
    carries_signature,
    is_weak,
    raw_public,
    sign,
)
from mvote.core.secrecy.levels import takes_blind
from mvote.core.secrecy.merkle import leaf_hash
from mvote.core.secrecy.permit import (
    PermitMalformed,
    PermitNotValid,
    PseudonymPermit,
    read_permit,
    verify_permit,
)
from mvote.core.text import text_fault

LABEL: Final = "mvote-ballot-v1"

MAX_SEQ: Final = 1000
NONCE_LENGTH: Final = 16
MAX_BALLOT_BYTES: Final = 64 * 1024
MAX_QUESTIONS: Final = 100
MAX_ANSWER_TEXT: Final = 256
MAX_ANSWER_DEPTH: Final = 3
MAX_PERMITS: Final = 4
_KEYS: Final = frozenset({"v", "poll", "ph", "seq", "nonce", "ans", "permit"})
_SECRET_KEYS: Final = _KEYS | {"bk", "sig"}
Answers = Mapping[str, Sequence[JSON]]


class BallotMalformed(Invalid):
    words = {
        "ko": "표의 ‘{field}’ 항목이 올바르지 않습니다.",
        "en": "The field “{field}” of the ballot is not what it has to be.",
    }


class BallotForAnotherPoll(Invalid):
    words = {
        "ko": "다른 투표에 던지는 표입니다.",
        "en": "This ballot is made out for another poll.",
    }


class BallotTooLarge(TooLarge):
    words = {
        "ko": "표가 너무 큽니다. {most}바이트까지 받습니다.",
        "en": "The ballot is too large. At most {most} bytes are taken.",
    }


class BallotForged(NotAllowed):
    words = {
        "ko": "표에 적힌 표 열쇠의 서명이 확인되지 않았습니다.",
        "en": "The ballot does not carry the signature of its own ballot key.",
    }


@dataclass(frozen=True, slots=True)
class BallotKeySpent:
    """What stands for the voter of a secret ballot: ``bk`` 32 bytes, ``sig`` 64 bytes."""

    bk: bytes
    permits: tuple[BlindPermit, ...]
    sig: bytes


@dataclass(frozen=True, slots=True)
class Ballot:
    """A ballot that was read.  ``answers`` are as sent; ``canonical`` are its JCS bytes.

    ``leaf`` is 32 bytes.  ``holder``, 32 bytes too, is the same for all ballots of one voter
    in one poll and different for every other voter.
    """

    poll: str
    ph: str
    seq: int
    nonce: bytes
    answers: Answers
    permit: PseudonymPermit | BallotKeySpent
    canonical: bytes
    leaf: bytes

    @property
    def holder(self) -> bytes:
        return self.permit.mark if isinstance(self.permit, PseudonymPermit) else self.permit.bk


def write_ballot(
    *, poll: str, ph: str, answers: Answers, permit: PseudonymPermit, seq: int = 1
) -> dict[str, JSON]:
    """Make out a ballot with a fresh nonce.  Keep it: a retry has to send these bytes again."""
    return {**_content(poll, ph, answers, seq), "permit": permit.to_json()}


def write_secret_ballot(
    *,
    poll: str,
    ph: str,
    answers: Answers,
    permits: Sequence[BlindPermit],
    key: Ed25519PrivateKey,
    seq: int = 1,
) -> dict[str, JSON]:
    """Make out a ballot with a fresh nonce, signed by the ballot key that the permits name.

    Keep it: a retry has to send these bytes again.
    """
    content = {
        **_content(poll, ph, answers, seq),
        "bk": b64u(raw_public(key.public_key())),
        "permit": [permit.to_json() for permit in permits],
    }
    return {**content, "sig": sign(key, LABEL, content)}


def _content(poll: str, ph: str, answers: Answers, seq: int) -> dict[str, JSON]:
    """What ballots of both kinds hold."""
    return {
        "v": 1,
        "poll": poll,
        "ph": ph,
        "seq": seq,
        "nonce": b64u(secrets.token_bytes(NONCE_LENGTH)),
        "ans": {question: list(answer) for question, answer in answers.items()},
    }


def read_ballot(value: JSON) -> Ballot:
    """Read the form of a ballot strictly; the poll, permit and answers are not yet checked.

    The JSON type of the permit tells the kind: an object is a pseudonym permit, a list holds
    blind ones.  Raises BallotMalformed, BallotTooLarge, PermitMalformed.
    """
    try:
        secret = isinstance(value, dict) and isinstance(value.get("permit"), list)
        fields = exact.record(value, "ballot", _SECRET_KEYS if secret else _KEYS)
        exact.version(fields)
        poll = exact.matching(fields, "poll", exact.IDENTIFIER)
        ph = exact.matching(fields, "ph", exact.SHA256_HEX)
        seq = exact.whole(fields, "seq", least=1, most=MAX_SEQ)
        nonce = exact.raw(fields, "nonce", length=NONCE_LENGTH)
        answers = read_ans(fields["ans"])
        permit = _read_ballot_key(fields) if secret else _read_pseudonym(fields["permit"])
    except exact.Fault as fault:
        raise BallotMalformed(field=fault.field) from None
    canonical = canonical_bytes(value)
    if len(canonical) > MAX_BALLOT_BYTES:
        raise BallotTooLarge(most=MAX_BALLOT_BYTES)
    return Ballot(poll, ph, seq, nonce, answers, permit, canonical, leaf_of_bytes(canonical))


def verify_ballot(
    ballot: Ballot, *, poll: str, ph: str, level: str, issuers: Mapping[str, IssuerPublic]
) -> None:
    """The ballot is for this frozen poll, its permit is good, and so is its own signature.

    ``issuers`` is ``keys.load_issuers`` of the frozen definition.  The answers are not looked
    at.  Raises BallotForAnotherPoll, PermitForAnotherPoll, PermitNotValid, PermitMalformed
    (also where the level takes other permits), BallotForged.
    """
    if (ballot.poll, ballot.ph) != (poll, ph):
        raise BallotForAnotherPoll()
    permit = ballot.permit
    if isinstance(permit, PseudonymPermit):
        verify_permit(permit, ph=ph, level=level, issuers=issuers)
        return
    if not takes_blind(level) or len(permit.permits) != len(issuers):
        raise PermitMalformed(field="permit")
    for kid, one in zip(issuers, permit.permits, strict=True):
        if one.kid != kid:
            raise PermitNotValid()
        verify_blind_permit(one, ph=ph, bk=permit.bk, issuers=issuers)
    verify_signature(permit, ballot.canonical)


def verify_signature(permit: BallotKeySpent, canonical: bytes) -> None:
    """A secret ballot, given by its JCS bytes, carries its own key's signature.

    Raises BallotForged.
    """
    if not carries_signature(canonical, key=permit.bk, label=LABEL, signature=permit.sig):
        raise BallotForged()


def leaf_of(value: JSON) -> bytes:
    """The leaf hash of a ballot as JSON, 32 bytes."""
    return leaf_of_bytes(canonical_bytes(value))


def leaf_of_bytes(canonical: bytes) -> bytes:
    """The leaf hash of a ballot's JCS bytes, 32 bytes."""
    return leaf_hash(canonical)


def _read_pseudonym(value: JSON) -> PseudonymPermit:
    if not isinstance(value, dict):
        raise exact.Fault("permit")
    return read_permit(value)


def _read_ballot_key(fields: dict[str, JSON]) -> BallotKeySpent:
    bk = exact.raw(fields, "bk", length=KEY_LENGTH)
    if is_weak(bk):
        raise exact.Fault("bk")
    if not 0 < len(fields["permit"]) <= MAX_PERMITS:
        raise exact.Fault("permit")
    permits = tuple(read_blind_permit(one) for one in fields["permit"])
    return BallotKeySpent(bk, permits, exact.raw(fields, "sig", length=SIGNATURE_LENGTH))


def read_ans(value: JSON) -> dict[str, list[JSON]]:
    """The form of the answers, without the poll's own rules.  Raises exact.Fault."""
    if not isinstance(value, dict) or len(value) > MAX_QUESTIONS:
        raise exact.Fault("ans")
    for question, answer in value.items():
        field = f"ans.{question}"
        if not exact.IDENTIFIER.fullmatch(question) or not isinstance(answer, list):
            raise exact.Fault(field)
        if not all(_may_stand_in_an_answer(item, MAX_ANSWER_DEPTH - 1) for item in answer):
            raise exact.Fault(field)
    return value


def _may_stand_in_an_answer(item: JSON, depth: int) -> bool:
    """Texts, whole numbers and short lists of them: what the shapes of answers are built of."""
    if isinstance(item, str):
        return text_fault(item, most=MAX_ANSWER_TEXT) is None
    if isinstance(item, list):
        return depth > 0 and all(_may_stand_in_an_answer(inner, depth - 1) for inner in item)
    return type(item) is int and abs(item) <= MAX_SAFE_INTEGER
