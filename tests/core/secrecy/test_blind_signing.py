"""Signing without seeing: every back end, its refusals, and what a fault may not give away."""

import json
import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from mvote.core.secrecy import blind_vector, raw_rsa
from mvote.core.secrecy.blind import BlindedMessageMalformed, modulus_bytes
from mvote.core.secrecy.blind_signing import (
    BlindSigner,
    SigningFailed,
    self_test,
    signs_the_vector,
    vector_key,
)
from tests.core.secrecy.test_blind import bad_values, number

BACK_ENDS = tuple(raw_rsa.BACK_ENDS)
VALUES = st.integers(2, 2**2047).map(lambda value: value.to_bytes(256, "big"))


@pytest.fixture(scope="session")
def key():
    """A key whose modulus has its highest bit set, as every generated one has."""
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture(scope="session")
def signers(key):
    return {name: BlindSigner(key, name) for name in BACK_ENDS}


def test_all_back_ends_are_here_and_pass_the_self_test_in_their_order() -> None:
    assert self_test() == BACK_ENDS == ("openssl", "gmpy2", "python")


def test_without_a_choice_the_first_that_works_signs(key) -> None:
    assert BlindSigner(key).back_end == self_test()[0]


def test_the_vector_of_the_self_test_is_the_published_one(data_folder) -> None:
    path = data_folder / "vectors" / "blindrsa" / "cfrg_draft_test_vectors.json"
    published = json.loads(path.read_text())[0]
    numbers = vector_key().private_numbers()
    assert (numbers.p, numbers.q, numbers.d) == tuple(int(published[x], 16) for x in "pqd")
    assert blind_vector.MESSAGE.hex() == published["msg"]
    assert blind_vector.SALT.hex() == published["salt"]
    assert int(published["inv"], 16) == blind_vector.INVERSE


@pytest.mark.parametrize("name", BACK_ENDS)
def test_a_back_end_signs_the_published_vectors(name, data_folder) -> None:
    path = data_folder / "vectors" / "blindrsa" / "cfrg_draft_test_vectors.json"
    for published in json.loads(path.read_text()):
        made = {field: int(value, 16) for field, value in published.items() if value}
        signer = BlindSigner(private_key(made["p"], made["q"]), name)
        signature = signer.sign(bytes.fromhex(published["blinded_msg"]))
        assert signature.hex() == published["blind_sig"]


def private_key(p: int, q: int) -> rsa.RSAPrivateKey:
    d = rsa.rsa_recover_private_exponent(65537, p, q)
    crt = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
    return rsa.RSAPrivateNumbers(p, q, d, *crt, rsa.RSAPublicNumbers(65537, p * q)).private_key()


@settings(max_examples=20)
@given(value=VALUES)
def test_the_back_ends_agree(value, signers, key) -> None:
    n = key.public_key().public_numbers().n
    made = {name: signer.sign(value) for name, signer in signers.items()}
    assert len(set(made.values())) == 1
    assert pow(number(made["python"]), 65537, n) == number(value)


@pytest.mark.parametrize("name", BACK_ENDS)
def test_asking_again_gives_the_same_bytes(name, signers) -> None:
    value = secrets.token_bytes(255)
    made = {signers[name].sign(b"\0" + value) for _ in range(5)}
    assert [len(one) for one in made] == [256]


@pytest.mark.parametrize("name", BACK_ENDS)
def test_a_bad_value_is_refused_by_every_back_end(name, signers, key) -> None:
    for value in bad_values(key.public_key(), key.private_numbers().p).values():
        with pytest.raises(BlindedMessageMalformed):
            signers[name].sign(value)


@pytest.mark.parametrize("name", BACK_ENDS)
def test_many_threads_may_use_one_signer(name, signers) -> None:
    values = [b"\0" + secrets.token_bytes(255) for _ in range(16)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(signers[name].sign, values * 2))
    assert together == [signers["openssl"].sign(value) for value in values] * 2


@pytest.mark.parametrize("bits", [3072, 4096])
def test_longer_keys_sign_alike(bits) -> None:
    key = vector_key() if bits == 4096 else rsa.generate_private_key(65537, bits)
    value = bytes(1) + secrets.token_bytes(bits // 8 - 1)
    made = {BlindSigner(key, name).sign(value) for name in BACK_ENDS}
    assert [len(one) for one in made] == [bits // 8]


@pytest.mark.parametrize("name", ["gmpy2", "python"])
def test_a_signature_gone_wrong_in_one_prime_is_not_given_out(name, key) -> None:
    """One that is wrong modulo p only gives the key away: gcd(s^e - z, n) = q."""
    signer = BlindSigner(key, name)
    signer._raw._dp ^= 2
    value = b"\0" + secrets.token_bytes(255)
    with pytest.raises(SigningFailed):
        signer.sign(value)


def test_a_signature_of_another_key_is_not_given_out(key) -> None:
    """As if the memory that holds the key had changed after it was read."""
    signer, other = BlindSigner(key, "openssl"), raw_rsa.OpensslRsa(another_key())
    signer._raw._private = other._private
    with pytest.raises(SigningFailed):
        signer.sign(b"\0" + secrets.token_bytes(255))


def another_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def test_a_back_end_that_signs_something_else_fails_the_self_test() -> None:
    signer = BlindSigner(vector_key(), "python")
    assert signs_the_vector(signer)
    signer._raw = raw_rsa.IntegerRsa(vector_key(), lambda base, exponent, n: 3)
    with pytest.raises(SigningFailed):
        signs_the_vector(signer)


@pytest.mark.parametrize(
    ("bits", "e", "fault"), [(1024, 65537, "n"), (2056, 65537, "n"), (2048, 3, "e")]
)
def test_an_unusual_key_signs_nothing(bits, e, fault) -> None:
    with pytest.raises(ValueError, match=f"its {fault}$"):
        BlindSigner(rsa.generate_private_key(e, bits))


def test_the_exponents_are_not_the_same_twice(key) -> None:
    """Python's powers take time by their exponents; so no two may be alike."""
    seen: list[tuple[int, int]] = []

    def power(base: int, exponent: int, n: int) -> int:
        seen.append((base, exponent))
        return pow(base, exponent, n)

    raw = raw_rsa.IntegerRsa(key, power)
    value = b"\0" + secrets.token_bytes(255)
    assert len({raw.private(value) for _ in range(3)}) == 1
    assert len(seen) == len({base for base, _ in seen}) == len({e for _, e in seen}) == 6
    assert modulus_bytes(key.public_key()) == 256
