import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

from mvote.core.canonical import b64u, b64u_decode
from mvote.core.secrecy import keys

# The key and the thumbprint of RFC 8037, appendix A.3.
RFC_X = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
RFC_THUMBPRINT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_a_key_is_named_by_its_thumbprint() -> None:
    key = Ed25519PublicKey.from_public_bytes(b64u_decode(RFC_X))
    assert keys.kid_of(key) == b64u_decode(RFC_THUMBPRINT)[:16].hex()


def test_a_public_key_survives_its_json_form(issuer) -> None:
    jwk = keys.public_jwk(issuer)
    assert set(jwk) == {"kid", "alg", "x"}
    assert keys.load_public(jwk) == issuer.public_key() == keys.load_raw(jwk["x"])


@pytest.mark.parametrize(
    "change",
    [
        {"kid": "city-1"},
        {"kid": None},
        {"alg": "ed25519"},
        {"alg": None},
        {"x": RFC_X},
        {"x": RFC_X + "="},
        {"x": RFC_X[:-1] + "p"},
        {"x": RFC_X[:-4]},
        {"x": 5},
        {"d": "a private half"},
    ],
)
def test_a_public_key_with_one_wrong_field_is_refused(issuer, change) -> None:
    with pytest.raises(keys.KeyMalformed) as refused:
        keys.load_public({**keys.public_jwk(issuer), **change})
    assert refused.value.params["field"] in {*change, "kid"}


def test_a_board_key_that_is_no_key_names_its_field() -> None:
    with pytest.raises(keys.KeyMalformed, match="board_key"):
        keys.load_raw("AAAA", field="board_key")


def test_an_issuer_list_is_refused_when_empty_or_when_a_key_stands_twice(issuer) -> None:
    entry = {**keys.public_jwk(issuer), "operator": "City of Haneul"}
    assert list(keys.load_issuers([entry])) == [entry["kid"]]
    assert list(keys.load_issuers([{**entry, "kid": "city-1"}])) == ["city-1"]
    for bad in (
        [],
        None,
        "x",
        [entry, entry],
        [keys.public_jwk(issuer)],
        [{**entry, "operator": ""}],
    ):
        with pytest.raises(keys.KeyMalformed):
            keys.load_issuers(bad)


def test_a_signature_is_worth_nothing_under_another_label(issuer) -> None:
    signature = b64u_decode(keys.sign(issuer, "one", {"a": 1}))
    assert keys.is_signed(issuer.public_key(), "one", {"a": 1}, signature)
    assert not keys.is_signed(issuer.public_key(), "two", {"a": 1}, signature)
    assert not keys.is_signed(issuer.public_key(), "one", {"a": 2}, signature)


# The RSA key and the thumbprint of RFC 7638, section 3.1.
RFC_N = (
    "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_"
    "BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0"
    "_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWh"
    "AI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
)
RFC_RSA_THUMBPRINT = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def test_a_blind_key_is_named_by_its_thumbprint() -> None:
    n = int.from_bytes(b64u_decode(RFC_N), "big")
    key = RSAPublicNumbers(65537, n).public_key()
    assert keys.modulus(key) == RFC_N
    assert keys.kid_of(key) == b64u_decode(RFC_RSA_THUMBPRINT)[:16].hex()


def test_a_blind_key_survives_its_json_form(signer) -> None:
    jwk = json.loads(json.dumps(keys.blind_jwk(signer.public)))
    assert set(jwk) == {"kid", "alg", "n", "e"}
    assert jwk["e"] == 65537
    assert keys.load_blind(jwk) == signer.public
    entry = {**jwk, "operator": "City of Haneul"}
    assert keys.load_issuers([entry]) == {jwk["kid"]: signer.public}


def spelled(number: int) -> str:
    return b64u(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def test_a_blind_key_with_one_wrong_field_is_refused(signer, other_signer) -> None:
    jwk, n = keys.blind_jwk(signer.public), signer.public.public_numbers().n
    changes = [
        ("kid", "city-1"),
        ("kid", None),
        ("alg", "Ed25519"),
        ("alg", None),
        ("e", 3),
        ("e", "AQAB"),
        ("e", True),
        ("n", spelled(n - 1)),
        ("n", spelled(n >> 1 | 1)),
        ("n", b64u(b"\0" + n.to_bytes(256, "big"))),
        ("n", spelled(n) + "="),
        ("n", n),
        ("d", "a private half"),
    ]
    for field, value in changes:
        with pytest.raises(keys.KeyMalformed) as refused:
            keys.load_blind({**jwk, field: value})
        assert refused.value.params["field"] == field, (field, value)
    with pytest.raises(keys.KeyMalformed, match="kid"):
        keys.load_blind({**jwk, "n": keys.modulus(other_signer.public)})
    for left_out in jwk:
        with pytest.raises(keys.KeyMalformed, match=left_out):
            keys.load_blind({key: value for key, value in jwk.items() if key != left_out})


def test_an_issuer_is_one_kind_of_key_or_the_other(signer, issuer) -> None:
    blind_key, plain_key = keys.blind_jwk(signer.public), keys.public_jwk(issuer)
    named = {"operator": "City of Haneul"}
    assert len(keys.load_issuers([{**blind_key, **named}, {**plain_key, **named}])) == 2
    mixed = (
        {**blind_key, "alg": "Ed25519", **named},
        {**plain_key, "alg": blind_key["alg"], **named},
        {**blind_key, "x": plain_key["x"], **named},
        {**blind_key, "kid": "city-1", **named},
        None,
        "key",
        [],
    )
    for bad in mixed:
        with pytest.raises(keys.KeyMalformed):
            keys.load_issuers([bad])


def test_weak_ballot_keys_are_told_apart(issuer) -> None:
    order_8 = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"
    assert keys.is_weak(bytes.fromhex(order_8))
    assert keys.is_weak((1).to_bytes(32, "little"))
    assert keys.is_weak((1 + 2**255).to_bytes(32, "little"))
    assert keys.is_weak((2**255 - 19 + 4).to_bytes(32, "little"))
    assert not keys.is_weak(keys.raw_public(issuer.public_key()))
    assert not keys.is_weak((9).to_bytes(32, "little"))
