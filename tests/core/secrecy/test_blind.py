"""Blinding and its inverse, against the vectors of RFC 9474 and RFC 8017."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from hypothesis import given
from hypothesis import strategies as st

from mvote.core.canonical import b64u
from mvote.core.secrecy.blind import (
    BlindedMessageMalformed,
    BlindSignatureNotValid,
    blind,
    check_blinded,
    encode_pss,
    finalize,
    key_fault,
    modulus_bytes,
    read_blinded,
    verify,
)

PLAIN = 65537


@pytest.fixture(scope="session")
def vectors(data_folder):
    """Each vector with its texts as numbers, but for what is hashed."""
    path = data_folder / "vectors" / "blindrsa" / "cfrg_draft_test_vectors.json"
    return [
        {key: bytes.fromhex(value) for key, value in vector.items()}
        for vector in json.loads(path.read_text())
    ]


def number(raw: bytes) -> int:
    return int.from_bytes(raw, "big")


def public_of(vector):
    return RSAPublicNumbers(number(vector["e"]), number(vector["n"])).public_key()


def test_every_step_of_the_published_vectors_is_met(vectors) -> None:
    assert [len(vector["salt"]) for vector in vectors] == [48, 0]
    for vector in vectors:
        public, salt = public_of(vector), vector["salt"]
        n = public.public_numbers().n
        encoded = encode_pss(vector["msg"], n.bit_length() - 1, salt)
        assert encoded == vector["encoded_msg"]
        r = pow(number(vector["inv"]), -1, n)
        blinded, inverse = blind(public, vector["msg"], salt, r)
        assert (blinded, inverse) == (vector["blinded_msg"], number(vector["inv"]))
        check_blinded(public, blinded)
        made = finalize(public, vector["msg"], vector["blind_sig"], inverse, salt_length=len(salt))
        assert made == vector["sig"]
        assert verify(public, vector["msg"], made, salt_length=len(salt))
        assert not verify(public, vector["msg"] + b"x", made, salt_length=len(salt))


def test_the_length_of_the_salt_is_part_of_the_signature(vectors) -> None:
    _, without_salt = vectors
    assert not verify(public_of(without_salt), without_salt["msg"], without_salt["sig"])


def test_the_published_encoding_is_met(data_folder) -> None:
    """The vector of PSS that lies beside them is RSA Laboratories' own, made with SHA-1."""
    path = data_folder / "vectors" / "blindrsa" / "emsa_pss_vectors.json"
    vector = {key: bytes.fromhex(value) for key, value in json.loads(path.read_text()).items()}
    bits = number(vector["expected"]).bit_length()
    made = encode_pss(vector["msg"], bits, vector["salt"], hash_name="sha1")
    assert made == vector["expected"]


def test_a_modulus_too_short_for_the_salt_is_refused() -> None:
    with pytest.raises(ValueError, match="too short"):
        encode_pss(b"message", 8 * (48 + 48 + 1), bytes(48))
    assert len(encode_pss(b"message", 8 * (48 + 48 + 2), bytes(48))) == 98


@given(message=st.binary(max_size=100), salt=st.binary(min_size=48, max_size=48), data=st.data())
def test_what_is_blinded_and_signed_verifies_and_nothing_else(message, salt, data, signer) -> None:
    public = signer.public
    r = data.draw(st.integers(2, public.public_numbers().n - 2))
    blinded, inverse = blind(public, message, salt, r)
    signature = finalize(public, message, signer.sign(blinded), inverse)
    assert verify(public, message, signature)
    at = data.draw(st.integers(0, len(signature) - 1))
    other = bytearray(signature)
    other[at] ^= data.draw(st.integers(1, 255))
    assert not verify(public, message, bytes(other))


def test_the_blinded_value_tells_nothing_of_the_message(signer) -> None:
    """Whatever was signed, some blinding makes any blinded value of any message."""
    public = signer.public
    numbers = public.public_numbers()
    blinded, _ = blind(public, b"mine", bytes(48), 3**400)
    theirs = number(encode_pss(b"theirs", numbers.n.bit_length() - 1, bytes(48)))
    wanted = number(blinded) * pow(theirs, -1, numbers.n) % numbers.n
    r = number(signer.sign(wanted.to_bytes(modulus_bytes(public), "big")))
    assert blind(public, b"theirs", bytes(48), r)[0] == blinded


def bad_values(public, p):
    """What no voter has made by blinding, by name."""
    n, length = public.public_numbers().n, modulus_bytes(public)
    good = n // 3
    return {
        "nothing": (0).to_bytes(length, "big"),
        "one": (1).to_bytes(length, "big"),
        "minus one": (n - 1).to_bytes(length, "big"),
        "the modulus": n.to_bytes(length, "big"),
        "beyond the modulus": (n + 2).to_bytes(length, "big"),
        "a factor": p.to_bytes(length, "big"),
        "a multiple of a factor": (p * 12345).to_bytes(length, "big"),
        "too short": good.to_bytes(length, "big")[1:],
        "too long": b"\0" + good.to_bytes(length, "big"),
        "empty": b"",
    }


def test_a_bad_blinded_value_is_refused_before_anything_is_kept(vectors) -> None:
    for vector in vectors:
        public = public_of(vector)
        for name, value in bad_values(public, number(vector["p"])).items():
            with pytest.raises(BlindedMessageMalformed):
                check_blinded(public, value)
            with pytest.raises(BlindedMessageMalformed) as told:
                read_blinded(public, b64u(value))
            assert told.value.status == 422, name
        check_blinded(public, vector["blinded_msg"])
        assert read_blinded(public, b64u(vector["blinded_msg"])) == vector["blinded_msg"]
    assert BlindedMessageMalformed.code() == "blinded-message-malformed"


@pytest.mark.parametrize("change", [lambda s: s + "=", lambda s: s[:-1] + "é", lambda s: s + "\n"])
def test_a_blinded_value_has_one_spelling(signer, voter, change) -> None:
    spelled = voter.request_permit()["blinded_msg"]
    with pytest.raises(BlindedMessageMalformed):
        read_blinded(signer.public, change(spelled))


@pytest.mark.parametrize("value", [None, 5, ["x"], {}, True])
def test_a_blinded_value_is_a_text(signer, value) -> None:
    with pytest.raises(BlindedMessageMalformed):
        read_blinded(signer.public, value)


def test_an_answer_that_is_no_signature_is_not_taken_for_one(signer) -> None:
    public = signer.public
    n, length = public.public_numbers().n, modulus_bytes(public)
    blinded, inverse = blind(public, b"message", bytes(48), 12345)
    good = signer.sign(blinded)
    wrong = [
        b"",
        good[:-1],
        b"\0" + good,
        n.to_bytes(length, "big"),
        (number(good) ^ 1).to_bytes(length, "big"),
        blinded,
    ]
    for answer in wrong:
        with pytest.raises(BlindSignatureNotValid):
            finalize(public, b"message", answer, inverse)
    with pytest.raises(BlindSignatureNotValid):
        finalize(public, b"another", good, inverse)
    finalize(public, b"message", good, inverse)


def test_a_blinding_that_cannot_be_undone_is_not_used(vectors) -> None:
    vector = vectors[0]
    with pytest.raises(ValueError, match="invertible"):
        blind(public_of(vector), b"message", bytes(48), number(vector["p"]))


def test_an_issuers_key_has_a_usual_length_and_exponent(signer) -> None:
    n = signer.public.public_numbers().n
    assert key_fault(signer.public) is None
    assert key_fault(RSAPublicNumbers(3, n).public_key()) == "e"
    assert key_fault(RSAPublicNumbers(PLAIN, n >> 1 | 1).public_key()) == "n"
