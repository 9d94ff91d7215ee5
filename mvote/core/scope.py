"""Scopes: the one thing for which a citizen may act without a name.

A scope is what permits are given for outside polls: a call, a proposal, an opinion pool, a
record of discussion, the city's indicators.  Its id is the id of the thing itself::

    {"v":1, "scope":"…", "kind":"proposal", "audience":{…}, "proof":"sms",
     "roll_key":"number", "closes":"2031-01-01T00:00:00Z"}

``sh`` is SHA-256 over the JCS form of that definition, 64 hexadecimal digits.  It stands in
every permit of the scope and in every act, as the hash of a poll stands in a ballot.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from mvote.core.canonical import JSON, digest
from mvote.core.eligibility import AudienceRefused, check_audience
from mvote.core.errors import Conflict, NotFound
from mvote.core.fields import Faults, FieldsRefused, Reader
from mvote.core.ids import ID_PATTERN
from mvote.core.proofs import PROOFS, ROLL_KEYS, misfit
from mvote.core.times import iso

VERSION: Final = 1
KINDS: Final = ("call", "proposal", "pool", "record", "indicators")
EVERYONE: Final[Mapping[str, JSON]] = {"all": [{"condition": "verified-number"}]}
"""The audience of a scope that names none: whoever has a verified number."""
FIELDS: Final = ("v", "scope", "kind", "audience", "proof", "roll_key", "closes")
_ID: Final = re.compile(ID_PATTERN)


class ScopeRefused(FieldsRefused):
    words = {
        "ko": "참여 범위의 다음 항목이 올바르지 않습니다: {fields}",
        "en": "These parts of the scope are not right: {fields}",
    }


class ScopeUnknown(NotFound):
    words = {
        "ko": "여기에 참여할 수 있는 것이 없습니다.",
        "en": "There is nothing here that one could take part in.",
    }


class ScopeIsClosed(Conflict):
    words = {
        "ko": "참여가 마감되었습니다.",
        "en": "This is closed; nothing more is taken.",
    }


@dataclass(frozen=True)
class Scope:
    """``audience``, ``proof`` and ``roll_key`` as in a poll; no act is taken from ``closes`` on."""

    id: str
    kind: str
    audience: Mapping[str, JSON]
    proof: str
    roll_key: str
    closes: datetime

    def to_json(self) -> dict[str, JSON]:
        return {
            "v": VERSION,
            "scope": self.id,
            "kind": self.kind,
            "audience": dict(self.audience),
            "proof": self.proof,
            "roll_key": self.roll_key,
            "closes": iso(self.closes),
        }

    @cached_property
    def hash(self) -> str:
        """``sh``."""
        return digest(self.to_json())

    @classmethod
    def from_json(cls, raw: JSON) -> "Scope":
        """Read a definition strictly.  Raises ScopeRefused."""
        faults = Faults()
        read = Reader(raw, faults)
        read.only(*FIELDS)
        read.integer("v", least=VERSION, most=VERSION)
        closes = read.time("closes")
        if closes is None and "closes" in read.raw:
            read.fault("closes", "has to be a time")
        scope = read.matching("scope", _ID, "16 characters of ours")
        kind = read.one_of("kind", KINDS)
        audience = read.object("audience")
        proof = read.one_of("proof", PROOFS)
        roll_key = read.one_of("roll_key", ROLL_KEYS)
        if why := misfit(roll_key, proof):
            read.fault("proof", why)
        _check_audience(audience, faults)
        faults.refuse(ScopeRefused)
        assert closes is not None
        return cls(scope, kind, audience, proof, roll_key, closes)


def _check_audience(audience: JSON, faults: Faults) -> None:
    try:
        check_audience(audience)
    except AudienceRefused as refusal:
        faults.take("audience", refusal)
