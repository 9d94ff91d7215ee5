"""The blind signature against ``@cloudflare/blindrsa-ts``, which knows nothing of mvote."""

import hashlib
import json
from typing import Any

import pytest

from mvote.core.secrecy.blind_permit import permit_message
from tests.phone.bundles import seed_of
from tests.phone.conftest import Call, in_node
from tests.spec.conftest import NpmTools

SEED = seed_of("하늘")
PH = hashlib.sha256(b"the poll").hexdigest()


def theirs(*calls: Call) -> list[Any]:
    return in_node(calls, "cloudflare.mjs")


@pytest.fixture(scope="module")
def pair(npm_tools: NpmTools) -> Any:
    return theirs(("generate", {"bits": 2048}))[0]


@pytest.fixture(scope="module")
def issuer(pair: Any) -> dict[str, Any]:
    thumbprint = json.dumps({"e": "AQAB", "kty": "RSA", "n": pair["public"]["n"]})
    kid = hashlib.sha256(thumbprint.replace(" ", "").encode()).hexdigest()[:32]
    key = {"kid": kid, "n": pair["public"]["n"], "e": 65537, "operator": "City"}
    return {**key, "alg": "RSABSSA-SHA384-PSS-Randomized"}


def test_they_sign_what_the_phone_blinds_and_verify_what_it_finalises(
    pair: Any, issuer: dict[str, Any]
) -> None:
    given = {"seed": SEED.hex(), "ph": PH, "issuer": issuer}
    request, derived = in_node([("request", given), ("derive", given)])
    [blind_sig] = theirs(("sign", {"jwk": pair["private"], "blinded": request["blinded_msg"]}))
    answer = {"kid": issuer["kid"], "blind_sig": blind_sig}
    [permit] = in_node([("permit", {**given, "answer": answer})])
    pre, bk = bytes.fromhex(derived["pre"]), bytes.fromhex(derived["bk"])
    message = permit_message(pre, PH, bk)
    check = {"jwk": pair["public"], "sig": permit["sig"]}
    good = {**check, "message": message.hex()}
    other = {**check, "message": permit_message(pre, PH, bytes(32)).hex()}
    assert theirs(("verify", good), ("verify", other)) == [True, False]


def test_the_phone_verifies_what_they_blind_and_finalise(pair: Any) -> None:
    message = b"a message of theirs"
    [blinded] = theirs(("blind", {"jwk": pair["public"], "message": message.hex()}))
    [sig] = theirs(("sign", {"jwk": pair["private"], "blinded": blinded["blinded"]}))
    prepared = bytes.fromhex(blinded["prepared"])
    finish = {"jwk": pair["public"], "prepared": prepared.hex(), "inv": blinded["inv"]}
    [final] = theirs(("finalise", {**finish, "blindSig": sig}))
    n = pair["public"]["n"]
    wrong = {"n": n, "sig": final, "message": (prepared + b".").hex()}
    good = {**wrong, "message": prepared.hex()}
    assert prepared.endswith(message)
    assert len(prepared) == 32 + len(message)
    assert in_node([("rsaGood", good), ("rsaGood", wrong)]) == [True, False]
