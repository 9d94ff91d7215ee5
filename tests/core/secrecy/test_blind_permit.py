"""Blind permits: made out to one ballot key in one poll, and to nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvote.core.canonical import b64u, b64u_decode, canonical_bytes, parse
from mvote.core.errors import Refusal
from mvote.core.secrecy.blind_permit import (
    BlindPermit,
    permit_message,
    read_blind_permit,
    verify_blind_permit,
)
from mvote.core.secrecy.keys import kid_of, raw_public
from mvote.core.secrecy.permit import PermitMalformed, PermitNotValid
from mvote.core.secrecy.phone import PollSecrets
from tests.core.secrecy.conftest import take_permit

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@pytest.fixture(scope="session")
def bk(voter) -> bytes:
    return raw_public(voter.ballot_key.public_key())


@pytest.fixture(scope="session")
def accept(ph, bk, blind_issuers):
    """Check a permit as JSON, for this voter and this poll unless something else is said."""

    def check(value, *, ph: str = ph, bk: bytes = bk, issuers=blind_issuers) -> None:
        verify_blind_permit(read_blind_permit(value), ph=ph, bk=bk, issuers=issuers)

    return check


def test_a_permit_is_accepted_and_survives_its_json_form(blind_permit, accept) -> None:
    sent = parse(canonical_bytes(blind_permit.to_json()))
    assert read_blind_permit(sent) == blind_permit
    assert set(sent) == {"kid", "pre", "sig"}
    accept(sent)


def test_what_is_signed_is_the_published_message(blind_permit, ph, bk) -> None:
    message = permit_message(blind_permit.pre, ph, bk)
    assert message == blind_permit.pre + b"mvote-permit-v1\0" + bytes.fromhex(ph) + bk
    for pre, poll, key in ((b"", ph, bk), (bytes(32), ph[:-2], bk), (bytes(32), ph, bk[1:])):
        with pytest.raises(ValueError, match="32 bytes"):
            permit_message(pre, poll, key)


@given(data=st.data())
def test_a_permit_with_any_one_byte_changed_is_refused(data, blind_permit, accept) -> None:
    raw = bytearray(canonical_bytes(blind_permit.to_json()))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Refusal):
        accept(parse(bytes(raw)))


def test_a_permit_is_worth_nothing_to_another_key_or_in_another_poll(
    blind_permit, accept, board
) -> None:
    with pytest.raises(PermitNotValid):
        accept(blind_permit.to_json(), bk=raw_public(board.public_key()))
    with pytest.raises(PermitNotValid):
        accept(blind_permit.to_json(), ph="0" * 64)


def test_a_permit_of_a_foreign_issuer_is_refused(
    blind_permit, accept, voter, other_signer, issuers
) -> None:
    foreign = PollSecrets(
        voter.seed, voter.poll, voter.ph, kid_of(other_signer.public), other_signer.public
    )
    forged = take_permit(foreign, other_signer)
    for value in (forged.to_json(), {**forged.to_json(), "kid": blind_permit.kid}):
        with pytest.raises(PermitNotValid):
            accept(value)
    with pytest.raises(PermitNotValid):
        accept(blind_permit.to_json(), issuers=issuers)
    (ed25519,) = issuers
    with pytest.raises(PermitNotValid):
        accept({**blind_permit.to_json(), "kid": ed25519}, issuers=issuers)


def test_no_new_permit_is_made_out_of_a_signature(blind_permit, accept, signer) -> None:
    """RSA multiplies: the square of a signature signs the square of what was signed."""
    n, sig = signer.public.public_numbers().n, int.from_bytes(blind_permit.sig, "big")
    made = [pow(sig, 2, n), n - sig, sig * 2 % n, pow(sig, -1, n), 0, 1, n - 1]
    if sig + n < 2**2048:
        made.append(sig + n)
    for number in made:
        twin = BlindPermit(blind_permit.kid, blind_permit.pre, number.to_bytes(256, "big"))
        with pytest.raises(PermitNotValid):
            accept(twin.to_json())


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("kid", lambda value: value + "x" * 64),
        ("kid", lambda value: ""),
        ("kid", lambda value: 5),
        ("pre", lambda value: value + "AA"),
        ("pre", lambda value: value[:-4]),
        ("pre", lambda value: None),
        ("sig", lambda value: b64u(b64u_decode(value)[1:])),
        ("sig", lambda value: b64u(b"\0" + b64u_decode(value))),
        ("sig", lambda value: value + "=="),
        ("sig", lambda value: value[:-1] + ALPHABET[ALPHABET.index(value[-1]) + 1]),
        ("sig", lambda value: [value]),
    ],
)
def test_a_field_that_is_not_what_it_has_to_be_is_named(blind_permit, field, change) -> None:
    sent = blind_permit.to_json()
    with pytest.raises(PermitMalformed) as refused:
        read_blind_permit({**sent, field: change(sent[field])})
    assert refused.value.params == {"field": field}


def test_a_permit_with_a_field_left_out_or_added_is_refused(blind_permit) -> None:
    sent = blind_permit.to_json()
    for field in sent:
        with pytest.raises(PermitMalformed, match=field):
            read_blind_permit({k: v for k, v in sent.items() if k != field})
    with pytest.raises(PermitMalformed, match="stratum"):
        read_blind_permit({**sent, "stratum": "mapo"})
    for value in (None, [], "permit", 1):
        with pytest.raises(PermitMalformed):
            read_blind_permit(value)


def test_a_signature_as_long_as_another_modulus_is_read_and_refused(blind_permit, accept) -> None:
    for length in (384, 512):
        value = {**blind_permit.to_json(), "sig": b64u(bytes(length - 256) + blind_permit.sig)}
        assert len(read_blind_permit(value).sig) == length
        with pytest.raises(PermitNotValid):
            accept(value)
