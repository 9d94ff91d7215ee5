"""May I vote, and if not why and what can I do; what a list of issued permits comes to."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mvote.audit.rules import Happening
from mvote.core.canonical import JSON, b64u, digest
from mvote.core.eligibility import Unmet
from mvote.core.errors import NotAllowed
from mvote.core.phases import (
    CANCELLED,
    CLOSED,
    CLOSING,
    SUSPENDED,
    PollCancelled,
    PollClosed,
    PollSuspended,
    check_act,
)
from mvote.core.proofs import FITTING, PROOF_LABELS, is_at_least
from mvote.core.secrecy.levels import publishes_ballots
from mvote.core.text import LANGUAGES, Words
from mvote.core.times import iso
from mvote.people.identity.errors import ConsentNeeded
from mvote.people.permits.errors import ProofTooWeak, RollKeyMissing

ENDED: Final = (CLOSING, CLOSED, CANCELLED)
"""States of this wing in which no permit is given any more."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody may not vote: ``code`` names a condition or a refusal."""

    code: str
    sentence: Words
    what_to_do: Words


@dataclass(frozen=True, slots=True)
class Eligibility:
    """``opens`` is None for a poll that opens by hand; ``permit`` is ``none`` or ``issued``."""

    may_vote: bool
    reasons: tuple[Reason, ...]
    poll_state: str
    opens: datetime | None
    closes: datetime
    permit: str


_SEE_RESULT: Final[Words] = {
    "ko": "결과와 시의 답변은 투표 페이지에서 보실 수 있습니다.",
    "en": "The result and the city's answer are on the page of the poll.",
}
_OF_STATE: Final[Mapping[str, Reason]] = {
    SUSPENDED: Reason(
        PollSuspended.code(),
        PollSuspended.words,
        {
            "ko": "다시 시작되면 투표하실 수 있습니다. 까닭은 투표 페이지에 있습니다.",
            "en": "You can vote when it goes on. The page of the poll says why it was suspended.",
        },
    ),
    CLOSED: Reason(PollClosed.code(), PollClosed.words, _SEE_RESULT),
    CANCELLED: Reason(
        PollCancelled.code(),
        PollCancelled.words,
        {
            "ko": "취소된 까닭은 투표 페이지에서 보실 수 있습니다.",
            "en": "The page of the poll says why it was cancelled.",
        },
    ),
}


def state_at(state: str, *, closes: datetime, now: datetime) -> str:
    """The state as a citizen meets it: closed from the closing time on, told or not."""
    ended = state == CLOSING or (state != CANCELLED and now >= closes)
    return CLOSED if ended else state


def check_issuing(state: str, *, closes: datetime, now: datetime) -> None:
    """Permits are given from freezing until closing.

    Raises PollNotFrozen, PollSuspended, PollClosed, PollCancelled.
    """
    check_act(state_at(state, closes=closes, now=now), "permit")


_NOT_PROVED: Final[Words] = {
    "ko": "이 투표에서 받는 방법으로 본인 확인을 하지 않으셨습니다.",
    "en": "You have not proved who you are in a way that this poll takes.",
}
_PROVED_TOO_LITTLE: Final[Words] = {
    "ko": "이 투표에는 더 확실한 본인 확인이 필요합니다.",
    "en": "This poll asks for a stronger proof of who you are.",
}


def proof_missing(least: str, held: str | None) -> type[NotAllowed] | None:
    """What is said to somebody who holds the poll's roll key by a proof, or not at all."""
    if held is None:
        return RollKeyMissing
    return None if is_at_least(held, least) else ProofTooWeak


def hidden_by(roll_key: str, least: str, held: str | None) -> type[NotAllowed] | None:
    """What keeps from a sign-in whatever its roll key did in a poll that asks for more.

    A number is proved by the same code whether the register holds it or not, so whoever the
    register does not know may ask why.
    """
    missing = proof_missing(least, held)
    return None if missing is ProofTooWeak and roll_key == "number" else missing


CONSENT_NEEDED: Final = Reason(
    ConsentNeeded.code(),
    {
        "ko": "본인 확인을 위한 개인정보 이용에 동의하지 않으셨습니다.",
        "en": "You have not agreed to the use of the data that proves who you are.",
    },
    {
        "ko": "동의문을 읽고 동의하시면 투표하실 수 있습니다.",
        "en": "Read the text and agree to it, and you can vote.",
    },
)


def reason_of_proof(roll_key: str, least: str, held: str | None) -> Reason | None:
    """The same as a reason, with the ways that lead to the poll's roll key."""
    missing = proof_missing(least, held)
    if missing is None:
        return None
    ways = [one for one in FITTING[roll_key] if is_at_least(one, least)]
    ways = ways[:1] if roll_key == "number" else ways
    ko, en = (", ".join(PROOF_LABELS[one][language] for one in ways) for language in LANGUAGES)
    what_to_do = {
        "ko": f"다음 가운데 한 방법으로 본인 확인을 해 주십시오: {ko}.",
        "en": f"Please prove who you are in one of these ways: {en}.",
    }
    said = _NOT_PROVED if missing is RollKeyMissing else _PROVED_TOO_LITTLE
    return Reason(missing.code(), said, what_to_do)


def reasons_against(
    missing: Iterable[Unmet], *, state: str, proof: Reason | None = None
) -> tuple[Reason, ...]:
    """Everything that keeps a citizen from voting; none before the poll opens if eligible.

    ``missing`` is what the audience and the roll ask for besides.  Of somebody who is not
    known to the poll nothing else is known either.
    """
    found = [] if proof is None else [proof]
    if proof is None or proof.code != RollKeyMissing.code():
        found += [Reason(one.condition, one.words, one.what_to_do) for one in missing]
    if state in _OF_STATE:
        found.insert(0, _OF_STATE[state])
    return tuple(found)


def list_digest(permits: Iterable[bytes]) -> str:
    """SHA-256 over the sorted hashes of the issued permits, 64 hexadecimal digits."""
    return hashlib.sha256(b"".join(sorted(permits))).hexdigest()


def issued_list(permits: Iterable[bytes], *, level: str) -> dict[str, JSON]:
    """What the votes wing is told at closing: how many, and the hashes where all may recount.

    There ``sha256`` is that of the canonical list of hashes, elsewhere ``list_digest``.
    """
    listed = sorted(permits)
    if not publishes_ballots(level):
        return {"issued": len(listed), "sha256": list_digest(listed)}
    hashes = [one.hex() for one in listed]
    return {"issued": len(hashes), "sha256": digest(hashes), "hashes": hashes}


def purge_statement(*, permits: int, at: datetime, last_backup: datetime | None) -> dict[str, JSON]:
    """What went: the notes of ``permits`` permits and the key that led from citizens to them.

    ``last_backup`` is when the last copy was made that still holds them.
    """
    backup = None if last_backup is None else iso(last_backup)
    return {"permits": permits, "peppers": 1, "at": iso(at), "last_backup": backup}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a phone asks for: a name where names are published, a blinded value where secret.

    ``passes`` opened private rooms, as their header spells them.
    """

    name: str | None = None
    kid: str | None = None
    blinded_msg: str | None = None
    passes: str = ""


@dataclass(frozen=True, slots=True)
class BlindSignature:
    """What the issuer gives back at level secret; as many bytes as the key's modulus."""

    kid: str
    blind_sig: bytes

    def to_json(self) -> dict[str, JSON]:
        return {"kid": self.kid, "blind_sig": b64u(self.blind_sig)}


@dataclass(frozen=True, slots=True)
class IssuerNamed(Happening):
    """For an approved poll: the key of its permits and how many are eligible (None: unknown)."""

    kid: str
    eligible: int | None


@dataclass(frozen=True, slots=True)
class IssuingBegan(Happening):
    ph: str


@dataclass(frozen=True, slots=True)
class IssuingExtended(Happening):
    """An outage moved the closing."""

    closes: str


@dataclass(frozen=True, slots=True)
class IssuingEnded(Happening):
    """``state`` is closing or cancelled; ``sha256`` as in ``issued_list``.

    ``keys_destroyed`` are private keys of this poll alone.
    """

    state: str
    issued: int
    sha256: str
    keys_destroyed: int


@dataclass(frozen=True, slots=True)
class PermitsErased(Happening):
    """Nothing leads from a citizen to a ballot of this poll any more."""

    issued: int


@dataclass(frozen=True, slots=True)
class PurgeStated(Happening):
    """``document`` is the number of the signed statement that the link is gone since ``erased``."""

    document: int
    erased: str


@dataclass(frozen=True, slots=True)
class ScopeIssuerNamed(Happening):
    """From here on permits are given to act within a scope."""

    kid: str


@dataclass(frozen=True, slots=True)
class ScopeIssuingEnded(Happening):
    issued: int
    keys_destroyed: int


@dataclass(frozen=True, slots=True)
class ScopesReleased(Happening):
    """``n`` scopes that were put back from a copy give permits again; an official decided it."""

    n: int
    by: str
    reason: Words
