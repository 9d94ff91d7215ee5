import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from mvote.core.canonical import b64u_decode
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
