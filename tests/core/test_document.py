from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from mvote.core.canonical import b64u, canonical_bytes, parse
from mvote.core.document import (
    KINDS,
    DocumentForged,
    DocumentMalformed,
    make_document,
    read_document,
    verify_document,
)
from mvote.core.errors import Refusal
from mvote.core.scope import EVERYONE, Scope

VOTES = Ed25519PrivateKey.from_private_bytes(bytes([4]) * 32)
PEOPLE = Ed25519PrivateKey.from_private_bytes(bytes([5]) * 32)
POLL = "0123456789abcdef"
CLOSES = datetime(2031, 1, 1, tzinfo=UTC)
EVERYONES = Scope(POLL, "record", EVERYONE, "sms", "number", CLOSES)
BODIES = {
    "poll-approved": {"v": 1, "poll": POLL},
    "poll-frozen": {"v": 1, "poll": POLL, "title": {"ko": "공원", "en": "A park"}},
    "poll-state": {"state": "open", "at": "2030-01-01T00:00:00Z"},
    "issuer": {"issuer": [{"kid": "k"}], "roll": {"mode": "growing", "eligible": None}},
    "issued-list": {"issued": 3, "sha256": "0" * 64},
    "purge-statement": {
        "permits": 3,
        "peppers": 1,
        "at": "2030-01-01T00:00:00Z",
        "last_backup": None,
    },
    "roll-note": {"change": "struck", "day": "2030-01-01", "raises": 0, "text": {"ko": "정정"}},
    "quarantine-note": {"rule": "struck", "released": True, "text": {"ko": "정정"}},
    "permits-locked": {"at": "2030-01-01T00:00:00Z"},
    "scope-opened": EVERYONES.to_json(),
    "scope-closed": {"at": "2030-01-01T00:00:00Z"},
    "scope-issuer": {"sh": EVERYONES.hash, "issuer": [{"kid": "k"}]},
    "people-forgot": {"at": "2030-01-01T00:00:00Z"},
    "votes-forgot": {"at": "2030-01-01T00:00:00Z"},
}


def a_document(kind="poll-frozen"):
    key = VOTES if KINDS[kind].sender == "votes" else PEOPLE
    return make_document(key, seq=7, kind=kind, poll=POLL, body=BODIES[kind])


def accept(value, *, sender="votes", key=VOTES):
    return verify_document(value, sender=sender, key=key.public_key())


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_document_of_each_kind_is_accepted_from_its_sender(kind) -> None:
    document = a_document(kind)
    sent = parse(canonical_bytes(document.to_json()))
    key = VOTES if document.sender == "votes" else PEOPLE
    assert accept(sent, sender=KINDS[kind].sender, key=key) == document
    assert document.to_json() == sent


def test_the_signature_is_over_the_published_bytes() -> None:
    sent = a_document().to_json()
    del sent["sig"]
    VOTES.public_key().verify(a_document().sig, b"mvote-document-v1\0" + canonical_bytes(sent))


@given(data=st.data())
def test_a_document_with_any_one_byte_changed_is_refused(data) -> None:
    raw = bytearray(canonical_bytes(a_document().to_json()))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Refusal):
        accept(parse(bytes(raw)))


@given(
    field=st.sampled_from(["seq", "sender", "kind", "poll", "body", "sig"]),
    junk=st.none() | st.booleans() | st.integers(8, 2**53 - 1) | st.text() | st.lists(st.text()),
)
def test_a_document_with_any_one_field_replaced_is_refused(field, junk) -> None:
    with pytest.raises((DocumentMalformed, DocumentForged)):
        accept({**a_document().to_json(), field: junk})


def test_a_document_with_a_field_left_out_or_added_is_refused() -> None:
    sent = a_document().to_json()
    for field in sent:
        with pytest.raises(DocumentMalformed, match=field):
            read_document({k: v for k, v in sent.items() if k != field})
    with pytest.raises(DocumentMalformed, match="made_at"):
        read_document({**sent, "made_at": "2030-01-01T00:00:00Z"})


def test_one_wing_cannot_speak_for_the_other() -> None:
    sent = a_document("poll-state").to_json()
    with pytest.raises(DocumentForged):
        accept(sent, sender="people", key=VOTES)
    with pytest.raises(DocumentForged):
        accept(sent, sender="votes", key=PEOPLE)
    with pytest.raises(DocumentMalformed, match="sender"):
        accept({**sent, "sender": "people"}, sender="people", key=PEOPLE)


def test_a_signature_without_a_document_is_none() -> None:
    with pytest.raises(DocumentForged):
        accept({**a_document().to_json(), "sig": b64u(bytes(64))})


@pytest.mark.parametrize(
    ("kind", "body", "field"),
    [
        ("poll-state", {"state": "open"}, "at"),
        ("poll-state", {"state": "open", "at": "x", "by": "official"}, "by"),
        ("issuer", {"issuer": []}, "roll"),
        ("issued-list", {"issued": 1, "sha256": "0", "people": []}, "people"),
        ("poll-frozen", {"poll": "zzzzzzzzzzzzzzzz"}, "poll"),
        ("poll-thawed", {}, "kind"),
    ],
)
def test_a_body_that_does_not_fit_its_kind_is_not_signed(kind, body, field) -> None:
    with pytest.raises(DocumentMalformed) as refused:
        make_document(VOTES, seq=1, kind=kind, poll=POLL, body=body)
    assert refused.value.params == {"field": field}


@pytest.mark.parametrize("hashes", [{}, {"hashes": ["0" * 64]}])
def test_an_issued_list_may_carry_its_hashes(hashes) -> None:
    body = {"issued": 1, "sha256": "0" * 64, **hashes}
    sent = make_document(PEOPLE, seq=1, kind="issued-list", poll=POLL, body=body).to_json()
    assert accept(sent, sender="people", key=PEOPLE).body == body


@pytest.mark.parametrize("seq", [0, -1, True, 2**53])
def test_documents_are_counted_from_one(seq) -> None:
    with pytest.raises(DocumentMalformed, match="seq"):
        make_document(VOTES, seq=seq, kind="poll-state", poll=POLL, body=BODIES["poll-state"])
