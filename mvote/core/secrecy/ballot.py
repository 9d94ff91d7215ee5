"""Ballots: what a phone casts, read strictly and named by its leaf hash.

::

    {"v":1, "poll":"…", "ph":"<poll hash>", "seq":1, "nonce":"<16 bytes>",
     "ans":{"q1":["a"], "q2":["x","y"]}, "permit":{…}}

The leaf is ``SHA-256(0x00 || JCS(ballot))`` (RFC 9162 section 2.1.1).  Two ballots are the
same when their JCS bytes are.  Without the nonce anyone could try all answers against the
public leaf hashes and read the votes.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from mvote.core.canonical import JSON, MAX_SAFE_INTEGER, b64u, canonical_bytes
from mvote.core.errors import Invalid, TooLarge
from mvote.core.secrecy import exact
from mvote.core.secrecy.permit import PseudonymPermit, read_permit, verify_permit
from mvote.core.text import text_fault

MAX_SEQ: Final = 1000
NONCE_LENGTH: Final = 16
MAX_BALLOT_BYTES: Final = 64 * 1024
MAX_QUESTIONS: Final = 100
MAX_ANSWER_TEXT: Final = 256
MAX_ANSWER_DEPTH: Final = 3
_KEYS: Final = frozenset({"v", "poll", "ph", "seq", "nonce", "ans", "permit"})

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


@dataclass(frozen=True, slots=True)
class Ballot:
    """A ballot that was read.  ``answers`` are as sent; ``canonical`` are its JCS bytes.

    ``leaf`` is 32 bytes.  ``holder`` is the same for all ballots of one voter in one poll
    and different for every other voter.
    """

    poll: str
    ph: str
    seq: int
    nonce: bytes
    answers: Answers
    permit: PseudonymPermit
    canonical: bytes
    leaf: bytes

    @property
    def holder(self) -> bytes:
        return self.permit.mark


def write_ballot(
    *, poll: str, ph: str, answers: Answers, permit: PseudonymPermit, seq: int = 1
) -> dict[str, JSON]:
    """Make out a ballot with a fresh nonce.  Keep it: a retry has to send these bytes again."""
    return {
        "v": 1,
        "poll": poll,
        "ph": ph,
        "seq": seq,
        "nonce": b64u(secrets.token_bytes(NONCE_LENGTH)),
        "ans": {question: list(answer) for question, answer in answers.items()},
        "permit": permit.to_json(),
    }


def read_ballot(value: JSON) -> Ballot:
    """Read the form of a ballot strictly; the poll, permit and answers are not yet checked.

    Raises BallotMalformed, BallotTooLarge, PermitMalformed.
    """
    try:
        fields = exact.record(value, "ballot", _KEYS)
        exact.version(fields)
        poll = exact.matching(fields, "poll", exact.IDENTIFIER)
        ph = exact.matching(fields, "ph", exact.SHA256_HEX)
        seq = exact.whole(fields, "seq", least=1, most=MAX_SEQ)
        nonce = exact.raw(fields, "nonce", length=NONCE_LENGTH)
        answers = _read_answers(fields["ans"])
        permit = _read_permit_of_its_kind(fields["permit"])
    except exact.Fault as fault:
        raise BallotMalformed(field=fault.field) from None
    canonical = canonical_bytes(value)
    if len(canonical) > MAX_BALLOT_BYTES:
        raise BallotTooLarge(most=MAX_BALLOT_BYTES)
    return Ballot(poll, ph, seq, nonce, answers, permit, canonical, leaf_of_bytes(canonical))


def verify_ballot(
    ballot: Ballot, *, poll: str, ph: str, level: str, issuers: Mapping[str, Ed25519PublicKey]
) -> None:
    """The ballot is for this frozen poll and its permit is good.  The answers are not looked at.

    Raises BallotForAnotherPoll, PermitForAnotherPoll, PermitNotValid, PermitMalformed.
    """
    if (ballot.poll, ballot.ph) != (poll, ph):
        raise BallotForAnotherPoll()
    verify_permit(ballot.permit, ph=ph, level=level, issuers=issuers)


def leaf_of(value: JSON) -> bytes:
    """The leaf hash of a ballot as JSON, 32 bytes."""
    return leaf_of_bytes(canonical_bytes(value))


def leaf_of_bytes(canonical: bytes) -> bytes:
    """The leaf hash of a ballot's JCS bytes, 32 bytes."""
    return hashlib.sha256(b"\0" + canonical).digest()


def _read_permit_of_its_kind(value: JSON) -> PseudonymPermit:
    """The JSON type tells the kind of permit: an object is a pseudonym permit."""
    if isinstance(value, dict):
        return read_permit(value)
    raise exact.Fault("permit")


def _read_answers(value: JSON) -> dict[str, list[JSON]]:
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
