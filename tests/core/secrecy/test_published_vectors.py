"""The building blocks that secrecy rests on, against published vectors.

Wycheproof's for Ed25519, HKDF, HMAC, RSA-PSS and AES-GCM; the authors' own for JCS.  The
other files that lie beside them are about algorithms that nothing here uses.
"""

import gzip
import hashlib
import hmac
import json

import pytest
import rfc8785
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import load_der_public_key

from mvote.core.canonical import MalformedJson, canonical_bytes, parse
from mvote.core.secrecy import blind


def wycheproof(data_folder, name):
    """Each test with its group, texts of hexadecimal digits as they stand."""
    path = data_folder / "vectors" / "wycheproof" / f"{name}.json"
    packed = path.with_suffix(".json.gz")
    raw = path.read_bytes() if path.exists() else gzip.decompress(packed.read_bytes())
    content = json.loads(raw)
    found = [(group, test) for group in content["testGroups"] for test in group["tests"]]
    assert len(found) == content["numberOfTests"]
    return found


def holds(check) -> bool:
    try:
        check()
    except (InvalidSignature, ValueError):
        return False
    return True


def test_ed25519_judges_every_signature_right(data_folder) -> None:
    for group, test in wycheproof(data_folder, "ed25519_test"):
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(group["publicKey"]["pk"]))
        sig, message = bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"])
        good = holds(lambda key=key, sig=sig, message=message: key.verify(sig, message))
        assert good == (test["result"] == "valid"), test["tcId"]


def test_hkdf_derives_what_it_has_to(data_folder) -> None:
    for _, test in wycheproof(data_folder, "hkdf_sha256_test"):
        ikm, salt, info = (bytes.fromhex(test[field]) for field in ("ikm", "salt", "info"))
        if test["result"] == "valid":
            made = HKDF(hashes.SHA256(), test["size"], salt, info).derive(ikm)
            assert made.hex() == test["okm"], test["tcId"]
        else:
            with pytest.raises(ValueError, match="larger"):
                HKDF(hashes.SHA256(), test["size"], salt, info)


def test_hmac_tags_what_it_has_to(data_folder) -> None:
    for group, test in wycheproof(data_folder, "hmac_sha256_test"):
        key, message = bytes.fromhex(test["key"]), bytes.fromhex(test["msg"])
        made = hmac.new(key, message, hashlib.sha256).hexdigest()[: group["tagSize"] // 4]
        assert (made == test["tag"]) == (test["result"] == "valid"), test["tcId"]


def test_aes_gcm_opens_what_was_sealed_and_nothing_else(data_folder) -> None:
    """With keys and nonces of the lengths that keys at rest are sealed with."""
    tried = 0
    for group, test in wycheproof(data_folder, "aes_gcm_test"):
        if (group["keySize"], group["ivSize"], group["tagSize"]) != (256, 96, 128):
            continue
        fields = (test[name] for name in ("key", "iv", "aad", "msg", "ct", "tag"))
        key, nonce, about, message, sealed, tag = map(bytes.fromhex, fields)
        tried += 1
        if test["result"] == "valid":
            assert AESGCM(key).encrypt(nonce, message, about) == sealed + tag, test["tcId"]
            assert AESGCM(key).decrypt(nonce, sealed + tag, about) == message, test["tcId"]
        else:
            with pytest.raises(InvalidTag):
                AESGCM(key).decrypt(nonce, sealed + tag, about)
    assert tried > 50


def test_rsa_pss_judges_every_signature_right_and_knows_its_own_hash(data_folder) -> None:
    """The vectors are of SHA-256: the library has to take them, and permits never do."""
    sha256 = hashes.SHA256()
    for group, test in wycheproof(data_folder, "rsa_pss_2048_sha256_mgf1_32_test"):
        key = load_der_public_key(bytes.fromhex(group["publicKeyDer"]))
        assert isinstance(key, RSAPublicKey)
        sig, message = bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"])
        pss = padding.PSS(padding.MGF1(sha256), group["sLen"])
        good = holds(lambda k=key, s=sig, m=message, p=pss: k.verify(s, m, p, sha256))
        assert good == (test["result"] == "valid"), test["tcId"]
        assert not blind.verify(key, message, sig), test["tcId"]


@pytest.mark.parametrize("name", ["arrays", "french", "values"])
def test_jcs_spells_the_published_values_byte_for_byte(data_folder, name) -> None:
    folder = data_folder / "vectors" / "jcs"
    value = json.loads((folder / "input" / f"{name}.json").read_text())
    expected = bytes.fromhex((folder / "outhex" / f"{name}.txt").read_text())
    assert canonical_bytes(value) == rfc8785.dumps(value) == expected
    assert expected.decode() == (folder / "output" / f"{name}.json").read_text()


@pytest.mark.parametrize("name", ["arrays", "french", "values"])
def test_what_the_published_values_hold_beyond_strict_json_is_not_read(data_folder, name) -> None:
    raw = (data_folder / "vectors" / "jcs" / "input" / f"{name}.json").read_bytes()
    if name == "values":
        with pytest.raises(MalformedJson, match="integer"):
            parse(raw)
    else:
        assert parse(raw) == json.loads(raw)
