"""Acts: what a citizen does within one scope, signed by a key that only its permit vouches for.

::

    {"v":1, "scope":"…", "sh":"<scope hash>", "act":"support", "seq":1, "bk":"<32 bytes>",
     "nonce":"<16 bytes>", "body":{…}, "permit":[{kid, pre, sig}], "sig":"<64 bytes>"}

The permit is a blind one (``blind_permit``), made out to ``bk`` for the scope's hash in the
place of a poll's.  ``bk`` signs ``"mvote-act-v1" || 0x00 || JCS(act without sig)`` with
Ed25519.  So whoever takes an act can neither alter it, nor use its permit for anything else,
nor tell who sent it: ``holder``, the hex of ``bk``, is one citizen's pseudonym within this
scope and leads to none elsewhere.

``seq`` grows from act to act of one holder, so that an old act cannot be sent again.
"""

import hashlib
import re
import secrets
from collections.abc import Mapping
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

LABEL: Final = "mvote-act-v1"
NONCE_LENGTH: Final = 16
MAX_ACT_BYTES: Final = 64 * 1024
"""Of its canonical form; a city's setting allows less."""
ACT: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")
_KEYS: Final = frozenset({"v", "scope", "sh", "act", "seq", "bk", "nonce", "body", "permit", "sig"})


class ActMalformed(Invalid):
    words = {
        "ko": "참여 내용의 ‘{field}’ 항목이 올바르지 않습니다.",
        "en": "The field “{field}” of the act is not what it has to be.",
    }


class ActTooLarge(TooLarge):
    words = {
        "ko": "보내신 내용이 너무 큽니다. {most}바이트까지 받습니다.",
        "en": "What you sent is too large. At most {most} bytes are taken.",
    }


class ActForAnother(Invalid):
    """Another scope, another version of it, or another act than the address is for."""

    words = {
        "ko": "다른 곳에 보내는 참여 내용입니다.",
        "en": "This act is made out for something else.",
    }


class ActForged(NotAllowed):
    words = {
        "ko": "참여 내용에 적힌 열쇠의 서명이 확인되지 않았습니다.",
        "en": "The act does not carry the signature of its own key.",
    }


@dataclass(frozen=True, slots=True)
class Act:
    """An act that was read.  ``canonical`` are its JCS bytes, ``digest`` their SHA-256."""

    scope: str
    sh: str
    act: str
    seq: int
    bk: bytes
    body: Mapping[str, JSON]
    permit: BlindPermit
    sig: bytes
    canonical: bytes
    digest: bytes

    @property
    def holder(self) -> str:
        return self.bk.hex()


def write_act(
    *,
    scope: str,
    sh: str,
    act: str,
    body: Mapping[str, JSON],
    permit: BlindPermit,
    key: Ed25519PrivateKey,
    seq: int,
) -> dict[str, JSON]:
    """Make out an act with a fresh nonce.  Keep it: a retry has to send these bytes again."""
    content: dict[str, JSON] = {
        "v": 1,
        "scope": scope,
        "sh": sh,
        "act": act,
        "seq": seq,
        "bk": b64u(raw_public(key.public_key())),
        "nonce": b64u(secrets.token_bytes(NONCE_LENGTH)),
        "body": dict(body),
        "permit": [permit.to_json()],
    }
    return {**content, "sig": sign(key, LABEL, content)}


def read_act(value: JSON, *, most: int = MAX_ACT_BYTES) -> Act:
    """Read the form of an act strictly; neither permit nor signature is checked yet.

    ``most`` bytes of canonical form.  Raises ActMalformed, ActTooLarge, PermitMalformed.
    """
    try:
        fields = exact.record(value, "act", _KEYS)
        exact.version(fields)
        bk = exact.raw(fields, "bk", length=KEY_LENGTH)
        if is_weak(bk):
            raise exact.Fault("bk")
        exact.raw(fields, "nonce", length=NONCE_LENGTH)
        for field, kind in (("body", dict), ("permit", list)):
            if not isinstance(fields[field], kind):
                raise exact.Fault(field)
        if len(fields["permit"]) != 1:
            raise exact.Fault("permit")
        canonical = canonical_bytes(value)
        if len(canonical) > most:
            raise ActTooLarge(most=most)
        return Act(
            scope=exact.matching(fields, "scope", exact.IDENTIFIER),
            sh=exact.matching(fields, "sh", exact.SHA256_HEX),
            act=exact.matching(fields, "act", ACT),
            seq=exact.whole(fields, "seq", least=1, most=MAX_SAFE_INTEGER),
            bk=bk,
            body=fields["body"],
            permit=read_blind_permit(fields["permit"][0]),
            sig=exact.raw(fields, "sig", length=SIGNATURE_LENGTH),
            canonical=canonical,
            digest=hashlib.sha256(canonical).digest(),
        )
    except exact.Fault as fault:
        raise ActMalformed(field=fault.field) from None


def verify_act(
    value: Act, *, scope: str, sh: str, act: str, issuers: Mapping[str, IssuerPublic]
) -> None:
    """It is this act in this scope, one of the scope's issuers permits it, and it is signed.

    ``issuers`` is ``keys.load_issuers`` of what the people wing named.  Raises ActForAnother,
    PermitNotValid, ActForged.
    """
    if (value.scope, value.sh, value.act) != (scope, sh, act):
        raise ActForAnother()
    verify_blind_permit(value.permit, ph=sh, bk=value.bk, issuers=issuers)
    if not carries_signature(value.canonical, key=value.bk, label=LABEL, signature=value.sig):
        raise ActForged()
