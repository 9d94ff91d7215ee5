"""Issuer keys as the people wing names them."""

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from mvote.core.canonical import b64u
from mvote.core.fields import Faults, Reader
from mvote.core.issuing import BlindIssuerKey, read_issuer


@pytest.mark.parametrize("first", ["-", "_", "a", "0"])
def test_a_key_may_have_any_name_that_base64url_gives(first: str) -> None:
    faults = Faults()
    key = {"kid": f"{first}bcdefghijklmnopqrstuv", "alg": "Ed25519", "x": b64u(bytes(32))}
    read = Reader({"issuer": [{**key, "operator": "Haneul City"}]}, faults)
    assert [one.kid for one in read_issuer(read)] == [key["kid"]]
    assert faults.errors == {}


@pytest.fixture(scope="module")
def blind_key() -> BlindIssuerKey:
    public = generate_private_key(65537, 2048).public_key()
    return BlindIssuerKey.of(public, operator="Haneul City")


def test_a_key_that_signs_blindly_is_read_as_it_was_written(blind_key: BlindIssuerKey) -> None:
    faults = Faults()
    assert read_issuer(Reader({"issuer": [blind_key.to_json()]}, faults)) == (blind_key,)
    assert faults.errors == {}
    assert blind_key.public().key_size == 2048


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kid": "city-1"}, "kid"),
        ({"n": b64u(bytes(255) + b"\1")}, "n"),
        ({"n": 5}, "n"),
        ({"e": 3}, "e"),
        ({"e": None}, "e"),
        ({"x": b64u(bytes(32))}, "x"),
        ({"alg": "RS256"}, "alg"),
        ({"operator": ""}, "operator"),
    ],
)
def test_a_blind_key_is_refused_at_the_field(blind_key: BlindIssuerKey, change, field) -> None:
    faults = Faults()
    read_issuer(Reader({"issuer": [{**blind_key.to_json(), **change}]}, faults))
    assert f"issuer[0].{field}" in faults.errors


def test_a_key_stands_once(blind_key: BlindIssuerKey) -> None:
    faults = Faults()
    read_issuer(Reader({"issuer": [blind_key.to_json()] * 2}, faults))
    assert faults.errors == {"issuer[1].kid": ["stands twice"]}
