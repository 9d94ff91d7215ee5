"""Acts within a scope: the phone's module and the Python core do the same, byte for byte."""

import json
from datetime import UTC, datetime

from mvote.core.canonical import b64u, b64u_decode, canonical_bytes, parse
from mvote.core.scope import EVERYONE, Scope
from mvote.core.secrecy.act import read_act, verify_act
from mvote.core.secrecy.keys import load_issuers
from mvote.core.secrecy.phone import PollSecrets
from tests.phone.bundles import Vote, seed_of
from tests.phone.conftest import Refused, Run

SEED = seed_of("바람")
CLOSES = datetime(2031, 1, 1, tzinfo=UTC)
SCOPE = Scope("0123456789abcdef", "proposal", EVERYONE, "sms", "number", CLOSES)
BODY = {"text": "가로등을 <b>더</b> 밝게 💡", "stars": 5}


def test_an_act_is_the_same_bytes_on_the_phone_and_in_the_core(phone: Run) -> None:
    vote = Vote()
    issuer = vote.definition.issuer[0].to_json()
    kid, sh = issuer["kid"], SCOPE.hash
    secrets = PollSecrets(SEED, SCOPE.id, sh, kid, vote.signer.public)
    blinded = secrets.request_permit()["blinded_msg"]
    permit = secrets.finish_permit(b64u(vote.signer.sign(b64u_decode(blinded))))
    theirs = secrets.make_act(permit, "propose", BODY, 7)
    where = {"scope": SCOPE.id, "sh": sh}
    taken = {**where, "kind": "propose", "issuer": [issuer]}
    asked = [
        ("scopeHash", {"definition": SCOPE.to_json()}),
        ("request", {"seed": SEED.hex(), "ph": sh, "issuer": issuer}),
        (
            "act",
            {
                **where,
                "seed": SEED.hex(),
                "act": "propose",
                "body": BODY,
                "permit": permit.to_json(),
                "seq": 7,
                "nonce": b64u_decode(theirs["nonce"]).hex(),
            },
        ),
    ]
    wrong = [
        {**theirs, "body": {**BODY, "stars": 1}},
        {**theirs, "seq": 8},
        {**theirs, "scope": "fedcba9876543210"},
        {**theirs, "act": "support"},
        {**theirs, "bk": b64u(bytes(32))},
        {**theirs, "permit": theirs["permit"] * 2},
        {**theirs, "more": 1},
        {**theirs, "seq": 0},
        {**theirs, "act": "Propose"},
    ]
    asked += [("actGood", {**taken, "act": json.dumps(one)}) for one in [theirs, *wrong]]
    hashed, request, made, good, *told = phone(asked)
    assert (hashed, request) == (sh, secrets.request_permit())
    assert made == canonical_bytes(theirs).decode()
    read = read_act(parse(made))
    verify_act(read, scope=SCOPE.id, sh=sh, act="propose", issuers=load_issuers([issuer]))
    assert good == {"holder": read.holder, "good": True}
    assert [one["good"] for one in told[:4]] == [False] * 4
    assert told[4:] == [Refused("malformed")] * 5
