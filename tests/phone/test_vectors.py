"""The phone's module against published vectors, in Node and in Chromium."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from mvote.core.canonical import b64u
from tests.phone.conftest import Refused, Run

MERKLE_CONVENTIONS = ("empty root",)
"""Size 0 and its root are a convention of the library that the vectors come from."""


def read(path: Path) -> Any:
    return json.loads(path.read_text())


def test_the_cryptography_that_is_needed_is_there(phone: Run) -> None:
    assert phone([("checkCryptography", {})]) == [True]


def test_messages_are_encoded_as_in_the_pss_vector(phone: Run, data_folder: Path) -> None:
    vector = read(data_folder / "vectors/blindrsa/emsa_pss_vectors.json")
    given = {"msg": vector["msg"], "salt": vector["salt"], "bits": 1023, "hash": "SHA-1"}
    assert phone([("pss", given)]) == [vector["expected"]]


def test_blinding_and_finalising_follow_rfc_9474(phone: Run, data_folder: Path) -> None:
    vectors = read(data_folder / "vectors/blindrsa/cfrg_draft_test_vectors.json")
    answers = phone([("blindRsa", vector) for vector in vectors])
    assert len(vectors) >= 2
    for vector, answer in zip(vectors, answers, strict=True):
        assert answer == {
            "encoded": vector["encoded_msg"],
            "blinded": vector["blinded_msg"],
            "sig": vector["sig"],
            "wrong": False,
        }


def test_a_blind_signature_with_a_turned_bit_is_refused(phone: Run, data_folder: Path) -> None:
    vector = read(data_folder / "vectors/blindrsa/cfrg_draft_test_vectors.json")[-1]
    turned = bytearray.fromhex(vector["blind_sig"])
    turned[7] ^= 1
    cut = vector["blind_sig"][2:]
    answers = phone([("blindRsa", vector | {"blind_sig": sig}) for sig in (turned.hex(), cut)])
    assert answers == [Refused("signature-not-valid")] * 2


def test_canonical_json_is_that_of_rfc_8785(phone: Run, data_folder: Path) -> None:
    folder = data_folder / "vectors/jcs"
    names = sorted(path.name for path in (folder / "input").iterdir())
    answers = phone([("canonical", {"value": read(folder / "input" / name)}) for name in names])
    expected = [(folder / "output" / name).read_text() for name in names]
    assert len(names) >= 3
    assert answers == expected


@pytest.mark.parametrize(("kind", "case"), [("inclusion", "included"), ("consistency", "extended")])
def test_proofs_of_the_tree_are_judged_as_the_vectors_say(
    phone: Run, data_folder: Path, kind: str, case: str
) -> None:
    paths = sorted((data_folder / "vectors/merkle" / kind).glob("*/*.json"))
    vectors = [read(path) for path in paths]
    vectors = [one for one in vectors if one.get("size1") != 0]
    answers = phone([(case, vector) for vector in vectors])
    told = {one["desc"] for one, said in zip(vectors, answers, strict=True) if said is True}
    wrong = [
        one["desc"]
        for one, said in zip(vectors, answers, strict=True)
        if (said is True) is one["wantErr"]
    ]
    assert wrong == []
    assert told
    assert len(vectors) > 30


def test_signatures_are_judged_as_wycheproof_says(phone: Run, data_folder: Path) -> None:
    groups = read(data_folder / "vectors/wycheproof/ed25519_test.json")["testGroups"]
    tests = [(group["publicKey"]["pk"], test) for group in groups for test in group["tests"]]
    calls = [("ed25519", {"pk": pk, "msg": one["msg"], "sig": one["sig"]}) for pk, one in tests]
    answers = phone(calls)
    assert answers == [one["result"] == "valid" for _, one in tests]
    assert len(tests) > 100


def test_a_checkpoint_key_is_spelled_as_c2sp_spells_it(phone: Run) -> None:
    key = base64.b64decode("AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")[1:]
    spelled = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    calls = [
        ("verifierKey", {"name": "example.com/foo", "key": key.hex()}),
        ("readVerifierKey", {"text": spelled}),
        ("readVerifierKey", {"text": spelled.replace("530d", "531d")}),
    ]
    assert phone(calls) == [
        spelled,
        {"name": "example.com/foo", "key": b64u(key)},
        Refused("malformed"),
    ]


def test_the_root_is_the_same_by_the_definition_of_rfc_9162(phone: Run) -> None:
    leaves = [hashlib.sha256(bytes([number])).digest() for number in range(21)]

    def root(some: list[bytes]) -> bytes:
        if len(some) == 1:
            return some[0]
        half = 1 << ((len(some) - 1).bit_length() - 1)
        return hashlib.sha256(b"\1" + root(some[:half]) + root(some[half:])).digest()

    expected = [hashlib.sha256().hexdigest()]
    expected += [root(leaves[:size]).hex() for size in range(1, len(leaves) + 1)]
    assert phone([("roots", {"leaves": [leaf.hex() for leaf in leaves]})]) == [expected]
