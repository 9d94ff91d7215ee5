"""Signed documents: the only thing the two wings exchange.

::

    {"seq":7, "sender":"votes", "kind":"poll-frozen", "poll":"…", "body":{…}, "sig":"…"}

The sender's document key signs ``"mvote-document-v1" || 0x00 || JCS(document without sig)``.
``seq`` counts the sender's documents from 1.  A document may arrive twice; its reader makes
nothing of the second.

================  ========  ====================================================
kind              sender    body
================  ========  ====================================================
poll-approved     votes     the approved definition, before issuer and board key
poll-frozen       votes     the frozen definition
poll-state        votes     ``state``, ``at``, ``reason``?, ``closes``?, ``together``? (true where
                            two officials let a poll go on that was put back from a copy)
issuer            people    ``issuer`` keys, ``roll`` (``mode``, ``eligible``)
issued-list       people    ``issued`` (how many), ``sha256`` of the sorted permit hashes,
                            ``hashes``? themselves where a recount needs them,
                            ``quarantine``? what is counted apart, see core/quarantine
quarantine-note   people    two officials released what a rule of quarantine flagged, or kept it
purge-statement   people    the link of ``permits`` permits to citizens, and ``peppers`` keys
                            of it, are destroyed since ``at``; ``last_backup`` (or null) is
                            the time of the last copy that still holds them
roll-note         people    somebody was added to the roll or struck from it, see core/poll_notes
permits-locked    people    this wing was put back from a copy ``at`` that time, and gives no
                            permit until the poll was suspended and goes on
scope-opened      votes     a scope's definition, see core/scope
scope-closed      votes     ``at`` that time; no act is taken in it any more
scope-issuer      people    ``sh`` and the ``issuer`` key of the scope's permits
people-forgot,    people,   ``at`` that time the sender was put back from a copy, which did
votes-forgot      votes     not hold what it had said under this number
================  ========  ====================================================
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from mvote.core.canonical import JSON, MAX_SAFE_INTEGER, b64u
from mvote.core.errors import Invalid, NotAllowed
from mvote.core.scope import FIELDS as SCOPE_FIELDS
from mvote.core.secrecy import exact, keys

LABEL: Final = "mvote-document-v1"
_KEYS: Final = frozenset({"seq", "sender", "kind", "poll", "body", "sig"})


class _Kind(NamedTuple):
    """Who sends it, and what its body holds; no required keys means a whole definition."""

    sender: str
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()


KINDS: Final[Mapping[str, _Kind]] = {
    "poll-approved": _Kind("votes"),
    "poll-frozen": _Kind("votes"),
    "poll-state": _Kind(
        "votes", frozenset({"state", "at"}), frozenset({"reason", "closes", "together"})
    ),
    "issuer": _Kind("people", frozenset({"issuer", "roll"})),
    "issued-list": _Kind(
        "people", frozenset({"issued", "sha256"}), frozenset({"hashes", "quarantine"})
    ),
    "purge-statement": _Kind("people", frozenset({"permits", "peppers", "at", "last_backup"})),
    "roll-note": _Kind("people", frozenset({"change", "day", "raises", "text"})),
    "quarantine-note": _Kind("people", frozenset({"rule", "released", "text"})),
    "permits-locked": _Kind("people", frozenset({"at"})),
    "scope-opened": _Kind("votes", frozenset(SCOPE_FIELDS)),
    "scope-closed": _Kind("votes", frozenset({"at"})),
    "scope-issuer": _Kind("people", frozenset({"sh", "issuer"})),
    "people-forgot": _Kind("people", frozenset({"at"})),
    "votes-forgot": _Kind("votes", frozenset({"at"})),
}


class DocumentMalformed(Invalid):
    words = {
        "ko": "문서의 ‘{field}’ 항목이 올바르지 않습니다.",
        "en": "The field “{field}” of the document is not what it has to be.",
    }


class DocumentForged(NotAllowed):
    words = {
        "ko": "보낸 쪽의 서명이 확인되지 않은 문서입니다.",
        "en": "The document does not carry its sender's signature.",
    }


@dataclass(frozen=True, slots=True)
class Document:
    """``sender`` is ``people`` or ``votes``; ``sig`` 64 bytes."""

    seq: int
    sender: str
    kind: str
    poll: str
    body: Mapping[str, JSON]
    sig: bytes

    def to_json(self) -> dict[str, JSON]:
        return {**_content(self), "sig": b64u(self.sig)}


def make_document(
    key: Ed25519PrivateKey, *, seq: int, kind: str, poll: str, body: Mapping[str, JSON]
) -> Document:
    """Sign a document; the kind says who sends it.  Deterministic.  Raises DocumentMalformed."""
    if kind not in KINDS:
        raise DocumentMalformed(field="kind")
    unsigned = Document(seq, KINDS[kind].sender, kind, poll, dict(body), bytes(64))
    content = _content(read_document(unsigned.to_json()))
    return read_document({**content, "sig": keys.sign(key, LABEL, content)})


def read_document(value: JSON) -> Document:
    """Read the form of a document strictly, without its signature.  Raises DocumentMalformed."""
    try:
        fields = exact.record(value, "document", _KEYS)
        document = Document(
            seq=exact.whole(fields, "seq", least=1, most=MAX_SAFE_INTEGER),
            sender=fields["sender"],
            kind=fields["kind"],
            poll=exact.matching(fields, "poll", exact.IDENTIFIER),
            body=fields["body"],
            sig=exact.raw(fields, "sig", length=keys.SIGNATURE_LENGTH),
        )
        _check_kind(document)
    except exact.Fault as fault:
        raise DocumentMalformed(field=fault.field) from None
    return document


def verify_document(value: JSON, *, sender: str, key: Ed25519PublicKey) -> Document:
    """Read a document and check that ``sender``, whose key this is, signed it.

    Raises DocumentMalformed, DocumentForged.
    """
    document = read_document(value)
    if document.sender != sender or not keys.is_signed(
        key, LABEL, _content(document), document.sig
    ):
        raise DocumentForged()
    return document


def is_signed_by(document: Document, key: Ed25519PublicKey) -> bool:
    """Whether this is the key of which the sender has several."""
    return keys.is_signed(key, LABEL, _content(document), document.sig)


def _content(document: Document) -> dict[str, JSON]:
    return {
        "seq": document.seq,
        "sender": document.sender,
        "kind": document.kind,
        "poll": document.poll,
        "body": document.body,
    }


def _check_kind(document: Document) -> None:
    if not isinstance(document.kind, str) or document.kind not in KINDS:
        raise exact.Fault("kind")
    kind = KINDS[document.kind]
    if document.sender != kind.sender:
        raise exact.Fault("sender")
    if not isinstance(document.body, dict):
        raise exact.Fault("body")
    if kind.required:
        exact.record(document.body, "body", kind.required, kind.optional)
    elif document.body.get("poll", document.poll) != document.poll:
        raise exact.Fault("poll")
