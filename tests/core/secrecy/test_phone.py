"""Everything that a phone needs for one poll comes out of one seed, and always the same."""

import hashlib
import hmac

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvote.core.canonical import b64u, b64u_decode
from mvote.core.secrecy.ballot import read_ballot, verify_ballot
from mvote.core.secrecy.blind import BlindSignatureNotValid
from mvote.core.secrecy.keys import raw_public
from mvote.core.secrecy.phone import PollSecrets, derive
from tests.core.secrecy.conftest import take_permit


def hkdf(seed: bytes, info: bytes, length: int) -> bytes:
    """HKDF of RFC 5869, written from its text."""
    key = hmac.new(b"mvote-v1", seed, hashlib.sha256).digest()
    made, block = b"", b""
    for counter in range(1, -(-length // 32) + 1):
        block = hmac.new(key, block + info + bytes([counter]), hashlib.sha256).digest()
        made += block
    return made[:length]


@pytest.mark.parametrize(
    ("label", "length", "kid"),
    [("ballot-key", 32, ""), ("pre", 32, "city-1"), ("salt", 48, "city-1"), ("order", 32, "")],
)
def test_what_is_derived_is_that_of_the_published_formula(label, length, kid, ph) -> None:
    seed = bytes(range(32))
    info = label.encode() + b"\0" + bytes.fromhex(ph) + kid.encode()
    assert derive(seed, label, ph, length=length, kid=kid) == hkdf(seed, info, length)


def test_the_whole_exchange_is_that_of_the_published_formula(voter, signer, blind_permit) -> None:
    numbers, poll = signer.public.public_numbers(), bytes.fromhex(voter.ph)
    wide = hkdf(voter.seed, b"blind\0" + poll + voter.kid.encode(), 256 + 16)
    r = int.from_bytes(wide, "big") % (numbers.n - 3) + 2
    blinded = int.from_bytes(b64u_decode(voter.request_permit()["blinded_msg"]), "big")
    encoded = blinded * pow(pow(r, -1, numbers.n), numbers.e, numbers.n) % numbers.n
    assert encoded == pow(int.from_bytes(blind_permit.sig, "big"), numbers.e, numbers.n)
    assert blind_permit.pre == hkdf(voter.seed, b"pre\0" + poll + voter.kid.encode(), 32)
    assert voter.mark == b64u(hkdf(voter.seed, b"order\0" + poll, 32))


@settings(max_examples=10)
@given(seed=st.binary(min_size=32, max_size=32), seq=st.integers(1, 1000))
def test_a_phone_goes_from_seed_to_a_ballot_that_counts(
    seed, seq, voter, signer, blind_issuers
) -> None:
    phone = PollSecrets(seed, voter.poll, voter.ph, voter.kid, voter.issuer)
    made = phone.make_ballot(take_permit(phone, signer), {"q1": ["a"]}, seq)
    ballot = read_ballot(made)
    verify_ballot(ballot, poll=phone.poll, ph=phone.ph, level="secret", issuers=blind_issuers)
    assert (ballot.seq, ballot.holder) == (seq, raw_public(phone.ballot_key.public_key()))


def test_a_phone_that_kept_only_its_seed_asks_for_the_same_permit(voter, signer) -> None:
    again = PollSecrets(voter.seed, voter.poll, voter.ph, voter.kid, voter.issuer)
    assert again.request_permit() == voter.request_permit()
    assert take_permit(again, signer) == take_permit(voter, signer)


def test_polls_and_seeds_have_nothing_in_common(voter) -> None:
    others = [
        PollSecrets(voter.seed, voter.poll, "0" * 64, voter.kid, voter.issuer),
        PollSecrets(bytes(32), voter.poll, voter.ph, voter.kid, voter.issuer),
    ]
    for other in others:
        assert raw_public(other.ballot_key.public_key()) != raw_public(
            voter.ballot_key.public_key()
        )
        assert other.mark != voter.mark
        assert other.request_permit()["blinded_msg"] != voter.request_permit()["blinded_msg"]


def test_an_answer_that_does_not_fit_makes_no_permit(voter, signer, other_signer) -> None:
    asked = b64u_decode(voter.request_permit()["blinded_msg"])
    good = b64u(signer.sign(asked))
    for answer in (good + "=", good[:-4], "", b64u(asked), b64u(bytes(256))):
        with pytest.raises(BlindSignatureNotValid):
            voter.finish_permit(answer)
    other = PollSecrets(voter.seed, voter.poll, "0" * 64, voter.kid, voter.issuer)
    with pytest.raises(BlindSignatureNotValid):
        other.finish_permit(good)
    voter.finish_permit(good)


def test_a_seed_has_its_length_and_is_not_shown(voter) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        derive(bytes(31), "pre", voter.ph, length=32)
    assert "seed" not in repr(voter)
