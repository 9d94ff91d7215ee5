"""Pseudonym permits: "one eligible citizen, this poll", for the levels open and confidential.

::

    {"v":1, "ph":"<poll hash>", "kid":"<issuer key>", "mark":"<32 bytes>", "name"?:"…", "sig":"…"}

The issuer signs ``"mvote-pseudonym-v1" || 0x00 || JCS(permit without sig)``.  The mark is
the voter's pseudonym in this poll; the name stands in it only at level ``open``, where the
voter chose it.  Asking again gives the same permit, byte for byte.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from mvote.core.canonical import JSON, b64u
from mvote.core.errors import Invalid, NotAllowed
from mvote.core.secrecy import exact, keys
from mvote.core.secrecy.levels import publishes_names, takes_pseudonyms
from mvote.core.text import text_fault

LABEL: Final = "mvote-pseudonym-v1"
MAX_NAME: Final = 80
MARK_LENGTH: Final = 32
MIN_PEPPER: Final = 16
_KEYS: Final = frozenset({"v", "ph", "kid", "mark", "sig"})


class PermitMalformed(Invalid):
    words = {
        "ko": "투표 허가증의 ‘{field}’ 항목이 올바르지 않습니다.",
        "en": "The field “{field}” of the permit is not what it has to be.",
    }


class PermitNotValid(NotAllowed):
    words = {
        "ko": "이 투표의 발급 기관이 발급한 투표 허가증이 아닙니다.",
        "en": "This permit does not come from an issuer of this poll.",
    }


class PermitForAnotherPoll(NotAllowed):
    words = {
        "ko": "다른 투표에 쓰는 투표 허가증입니다.",
        "en": "This permit belongs to another poll.",
    }


class NameNotPublishedHere(Invalid):
    words = {
        "ko": "이 투표에서는 이름을 공개하지 않으므로 이름을 보낼 수 없습니다.",
        "en": "This poll publishes no names, so no name can be sent.",
    }


class NameMalformed(Invalid):
    words = {
        "ko": "이름은 {most}자 이하의 한 줄로 적어 주십시오.",
        "en": "A name has to be one line of at most {most} characters.",
    }


@dataclass(frozen=True, slots=True)
class PseudonymPermit:
    """``ph`` 64 hexadecimal digits, ``mark`` 32 bytes, ``sig`` 64 bytes."""

    ph: str
    kid: str
    mark: bytes
    name: str | None
    sig: bytes

    def to_json(self) -> dict[str, JSON]:
        return {**_content(self.ph, self.kid, self.mark, self.name), "sig": b64u(self.sig)}


def mark(pepper: bytes, roll_key: bytes) -> bytes:
    """The pseudonym of a roll key in the poll that the pepper belongs to, 32 bytes."""
    return _keyed(pepper, b"mark", roll_key)


def voter_ref(pepper: bytes, roll_key: bytes) -> bytes:
    """What the people side keeps of a voter who took a permit, 32 bytes; not told by the mark."""
    return _keyed(pepper, b"voter", roll_key)


def check_name(name: str | None, *, level: str) -> None:
    """A chosen name fits the poll's level and one line.

    Raises NameNotPublishedHere, NameMalformed.
    """
    if name is None:
        return
    if not publishes_names(level):
        raise NameNotPublishedHere()
    if text_fault(name, most=MAX_NAME) or name != name.strip():
        raise NameMalformed(most=MAX_NAME)


def make_permit(
    key: Ed25519PrivateKey, *, ph: str, mark: bytes, level: str, name: str | None = None
) -> PseudonymPermit:
    """Sign a permit.  Deterministic.  Raises NameNotPublishedHere, NameMalformed.

    Raises ValueError for a level that has no pseudonym permits.
    """
    if not takes_pseudonyms(level):
        raise ValueError(f"level {level} takes no pseudonym permits")
    check_name(name, level=level)
    content = _content(ph, keys.kid_of(key.public_key()), mark, name)
    return read_permit({**content, "sig": keys.sign(key, LABEL, content)})


def read_permit(value: JSON) -> PseudonymPermit:
    """Read the form of a permit strictly, without its signature.  Raises PermitMalformed."""
    try:
        fields = exact.record(value, "permit", _KEYS, frozenset({"name"}))
        exact.version(fields)
        return PseudonymPermit(
            ph=exact.matching(fields, "ph", exact.SHA256_HEX),
            kid=exact.matching(fields, "kid", exact.KEY_ID),
            mark=exact.raw(fields, "mark", length=MARK_LENGTH),
            name=_read_name(fields),
            sig=exact.raw(fields, "sig", length=keys.SIGNATURE_LENGTH),
        )
    except exact.Fault as fault:
        raise PermitMalformed(field=fault.field) from None


def verify_permit(
    permit: PseudonymPermit, *, ph: str, level: str, issuers: Mapping[str, keys.IssuerPublic]
) -> None:
    """The permit is for this poll and one of its issuers signed it.

    ``issuers`` is ``keys.load_issuers`` of the frozen definition.  Raises
    PermitForAnotherPoll, PermitNotValid, PermitMalformed (a name where none is published,
    or a level that takes other permits).
    """
    if permit.ph != ph:
        raise PermitForAnotherPoll()
    if not takes_pseudonyms(level):
        raise PermitMalformed(field="permit")
    if permit.name is not None and not publishes_names(level):
        raise PermitMalformed(field="name")
    key = issuers.get(permit.kid)
    content = _content(permit.ph, permit.kid, permit.mark, permit.name)
    if not isinstance(key, Ed25519PublicKey):
        raise PermitNotValid()
    if not keys.is_signed(key, LABEL, content, permit.sig):
        raise PermitNotValid()


def _content(ph: str, kid: str, mark: bytes, name: str | None) -> dict[str, JSON]:
    content: dict[str, JSON] = {"v": 1, "ph": ph, "kid": kid, "mark": b64u(mark)}
    return content if name is None else {**content, "name": name}


def _read_name(fields: dict[str, JSON]) -> str | None:
    if "name" not in fields:
        return None
    name = fields["name"]
    if not isinstance(name, str) or text_fault(name, most=MAX_NAME) or name != name.strip():
        raise exact.Fault("name")
    return name


def _keyed(pepper: bytes, what: bytes, roll_key: bytes) -> bytes:
    if len(pepper) < MIN_PEPPER:
        raise ValueError(f"a pepper has at least {MIN_PEPPER} bytes")
    return hmac.new(pepper, what + roll_key, hashlib.sha256).digest()
