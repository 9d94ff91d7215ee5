"""A quick look at ballots that are whole, as nearly all are.

In canonical form everything of a secret ballot but its answers stands in a fixed place, so
one pattern reads it, and answers that many gave are judged once.  What the quick look does
not find whole in every respect it leaves to the strict reader, which alone says what is
wrong: a quick look never refuses a ballot, and takes none that the strict reader refuses.
"""

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from mvote.core.answers import AnswerRefused
from mvote.core.canonical import MAX_DEPTH, MalformedJson, canonical_bytes, parse
from mvote.core.poll import PollDefinition
from mvote.core.questions import read_answers
from mvote.core.secrecy import blind, exact
from mvote.core.secrecy.ballot import LABEL, MAX_BALLOT_BYTES, MAX_SEQ, read_ans
from mvote.core.secrecy.blind_permit import permit_message
from mvote.core.secrecy.keys import IssuerPublic, is_weak

MOST_KEPT: Final = 20_000
LONGEST_KEPT: Final = 1_000
"""Answers that are kept, and their bytes: 20 MB at most in each process."""
_LAST: Final = {0: "", 1: "[AQgw]", 2: "[AEIMQUYcgkosw048]"}
"""The last character of canonical base64url, by how many bytes are left of groups of three."""
_SIGNED_UNDER: Final = LABEL.encode() + b"\0"
_TO_PLAIN: Final = bytes.maketrans(b"-_", b"+/")
_PADDING: Final = (b"", b"", b"==", b"=")


class Whole(NamedTuple):
    """A ballot that was found whole; ``answers`` is the same object for the same answers."""

    holder: bytes
    seq: int
    answers: bytes


@dataclass(frozen=True)
class QuickLook:
    """The pattern of ballots of one poll, and answers that keep its rules."""

    definition: PollDefinition
    keys: tuple[RSAPublicKey, ...]
    pattern: re.Pattern[bytes]
    _kept: dict[bytes, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, definition: PollDefinition, issuers: Mapping[str, IssuerPublic]) -> Self | None:
        """None for polls whose permits are not blind."""
        keys = tuple(key for key in issuers.values() if isinstance(key, RSAPublicKey))
        if not keys or len(keys) < len(issuers):
            return None
        permits = ",".join(_permit(kid, key) for kid, key in zip(issuers, keys, strict=True))
        spelled = (
            rf'\{{"ans":(\{{.*?\}}),"bk":"({_base64(32)})","nonce":"{_base64(16)}",'
            rf'"permit":\[{permits}\],"ph":"{definition.hash}",'
            rf'"poll":"{re.escape(definition.poll)}","seq":([1-9][0-9]{{0,3}})'
            rf'(,"sig":"({_base64(64)})"),"v":1\}}'
        )
        return cls(definition, keys, re.compile(spelled.encode()))

    def look(self, body: bytes) -> Whole | None:
        """The ballot, if it is whole: form, answers, permits, signature."""
        found = self.pattern.fullmatch(body)
        if found is None or len(body) > MAX_BALLOT_BYTES:
            return None
        answers, bk, *permits, seq, _, sig = found.groups()
        holder, number = _decoded(bk), int(seq)
        kept = self._kept.get(answers) or self._read(answers)
        if kept is None or number > MAX_SEQ or is_weak(holder):
            return None
        if not self._permitted(permits, holder):
            return None
        cut = len(permits) + 4  # the group that holds the signature with its key
        signed = body[: found.start(cut)] + body[found.end(cut) :]
        try:
            key = Ed25519PublicKey.from_public_bytes(holder)
            key.verify(_decoded(sig), _SIGNED_UNDER + signed)
        except (InvalidSignature, ValueError):
            return None
        return Whole(holder, number, kept)

    def _permitted(self, permits: list[bytes], holder: bytes) -> bool:
        """``permits`` holds prefixes and signatures by turns."""
        ph = self.definition.hash
        return all(
            blind.verify(key, permit_message(_decoded(pre), ph, holder), _decoded(sig))
            for key, pre, sig in zip(self.keys, permits[::2], permits[1::2], strict=True)
        )

    def _read(self, answers: bytes) -> bytes | None:
        """Answers that are spelled canonically and keep the rules, or None."""
        try:
            value = parse(answers, max_depth=MAX_DEPTH - 1)
            if canonical_bytes(value) != answers:
                return None
            read_answers(self.definition.questions, read_ans(value))
        except (MalformedJson, AnswerRefused, exact.Fault):
            return None
        if len(answers) <= LONGEST_KEPT:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[answers] = answers
        return answers


def _permit(kid: str, key: RSAPublicKey) -> str:
    length = blind.modulus_bytes(key)
    return rf'\{{"kid":"{re.escape(kid)}","pre":"({_base64(32)})","sig":"({_base64(length)})"\}}'


def _base64(length: int) -> str:
    """A pattern for so many bytes in canonical base64url without padding."""
    return rf"[A-Za-z0-9_-]{{{length * 4 // 3}}}{_LAST[length % 3]}"


def _decoded(spelled: bytes) -> bytes:
    """Bytes whose spelling the pattern has checked."""
    padded = spelled.translate(_TO_PLAIN) + _PADDING[len(spelled) % 4]
    return binascii.a2b_base64(padded)
