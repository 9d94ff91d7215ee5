"""The phone's module and the Python core do the same, byte for byte, from the same seed."""

import json
from typing import Any

import pytest

from mvote.core.canonical import MalformedJson, b64u, b64u_decode, canonical_bytes, parse
from mvote.core.secrecy import checkpoint, keys
from mvote.core.secrecy.ballot import leaf_of, read_ballot, verify_ballot
from mvote.core.secrecy.order import option_order
from mvote.core.secrecy.phone import derive
from mvote.core.secrecy.receipt import tracker
from tests.phone.bundles import POLL, Vote, seed_of
from tests.phone.conftest import Refused, Run

OPTIONS = [f"2024/OGM/{number:04}" for number in range(12)]
SEED = seed_of("하늘")


@pytest.fixture(scope="module")
def vote() -> Vote:
    return Vote()


@pytest.fixture(scope="module")
def issuer(vote: Vote) -> Any:
    return vote.definition.issuer[0].to_json()


def test_a_seed_gives_the_same_secrets_and_the_same_blinded_message(
    phone: Run, vote: Vote, issuer: Any
) -> None:
    given = {"seed": SEED.hex(), "ph": vote.ph, "issuer": issuer}
    derived, request = phone([("derive", given), ("request", given)])
    secrets = vote.secrets("하늘")
    kid, k = secrets.kid, vote.signer.public.key_size // 8
    n = vote.signer.public.public_numbers().n
    wide = derive(SEED, "blind", vote.ph, length=k + 16, kid=kid)
    r = int.from_bytes(wide, "big") % (n - 3) + 2
    assert derived == {
        "bk": keys.raw_public(secrets.ballot_key.public_key()).hex(),
        "pre": derive(SEED, "pre", vote.ph, length=32, kid=kid).hex(),
        "salt": derive(SEED, "salt", vote.ph, length=48, kid=kid).hex(),
        "r": r.to_bytes(k, "big").hex(),
        "order": secrets.mark,
    }
    assert request == secrets.request_permit()


def test_the_phones_permit_and_ballot_are_taken_by_the_core_and_the_other_way_round(
    phone: Run, vote: Vote, issuer: Any
) -> None:
    permit = vote.permit("하늘")
    blinded = vote.secrets("하늘").request_permit()["blinded_msg"]
    answer = {"kid": issuer["kid"], "blind_sig": b64u(vote.signer.sign(b64u_decode(blinded)))}
    given = {"seed": SEED.hex(), "ph": vote.ph, "issuer": issuer}
    theirs = vote.secrets("하늘").make_ballot(permit, {"q1": ["yes"]})
    [made, ballot, read] = phone(
        [
            ("permit", {**given, "answer": answer}),
            (
                "ballot",
                {
                    **given,
                    "poll": POLL,
                    "answers": {"q1": ["yes"]},
                    "permit": permit.to_json(),
                    "seq": 1,
                    "nonce": b64u_decode(theirs["nonce"]).hex(),
                },
            ),
            (
                "ballotGood",
                {
                    "ballot": json.dumps(theirs),
                    "poll": POLL,
                    "ph": vote.ph,
                    "level": "secret",
                    "issuer": [issuer],
                },
            ),
        ]
    )
    assert made == permit.to_json()
    assert ballot == {
        "text": canonical_bytes(theirs).decode(),
        "leaf": leaf_of(theirs).hex(),
    }
    issuers = keys.load_issuers([issuer])
    theirs_read = read_ballot(parse(ballot["text"]))
    verify_ballot(theirs_read, poll=POLL, ph=vote.ph, level="secret", issuers=issuers)
    assert read == {
        "holder": theirs_read.holder.hex(),
        "permitted": True,
        "signed": True,
        "leaf": theirs_read.leaf.hex(),
    }


def test_a_ballot_of_another_key_poll_or_answer_is_not_good(
    phone: Run, vote: Vote, issuer: Any
) -> None:
    ballot = vote.secrets("하늘").make_ballot(vote.permit("하늘"), {"q1": ["yes"]})
    foreign = vote.permit("바다").to_json()
    frozen = {"poll": POLL, "ph": vote.ph, "level": "secret", "issuer": [issuer]}
    weak = {**ballot, "bk": b64u(bytes(32))}
    doubled = {**ballot, "permit": ballot["permit"] * 2}
    cases = [
        {**ballot, "permit": [foreign]},
        {**ballot, "ans": {"q1": ["no"]}},
        {**ballot, "poll": "fedcba9876543210"},
        doubled,
        weak,
        {**ballot, "seq": 0},
        {**ballot, "seq": 1.0},
        {**ballot, "more": 1},
        {**ballot, "nonce": ballot["nonce"] + "="},
    ]
    asked = [("ballotGood", {**frozen, "ballot": json.dumps(one)}) for one in cases]
    told = phone(asked)
    assert [(one["permitted"], one["signed"]) for one in told[:4]] == [
        (False, False),
        (True, False),
        (False, False),
        (False, False),
    ]
    assert (
        told[4:]
        == [Refused(code) for code in ("malformed", "malformed", "malformed-json")]
        + [Refused("malformed")] * 2
    )


def test_options_stand_in_the_same_order(phone: Run) -> None:
    given = [{"mark": mark, "question": "예산", "options": OPTIONS} for mark in ("m1", "m2")]
    expected = [option_order(one["mark"], "예산", OPTIONS) for one in given]  # type: ignore[arg-type]
    assert phone([("order", one) for one in given]) == expected
    assert expected[0] != expected[1]


def test_receipts_and_checkpoints_of_the_board_are_read(phone: Run, vote: Vote) -> None:
    leaf = vote.cast("산", {"q1": ["no"]})
    board_key, receipt = vote.definition.board_key, vote.receipt(leaf)
    given = {
        "boardKey": board_key,
        "poll": POLL,
        "leaf": leaf.hex(),
        "receipt": json.loads(receipt),
    }
    forged = {**json.loads(receipt), "include_by": "2031-02-01T00:10:00Z"}
    note = vote.checkpoint()
    size = len(vote.entries)
    signed = {"text": note, "boardKey": board_key, "origin": vote.origin}
    public = vote.board.public_key()
    told = phone(
        [
            ("receipt", given),
            ("receipt", {**given, "receipt": forged}),
            ("receipt", {**given, "leaf": bytes(32).hex()}),
            ("checkpoint", signed),
            ("checkpoint", {**signed, "text": note.replace(f"\n{size}\n", f"\n{size + 1}\n")}),
            ("checkpoint", {**signed, "origin": "other.example/polls/1"}),
            ("checkpoint", {**signed, "text": note + "x"}),
            ("verifierKey", {"name": vote.origin, "key": keys.raw_public(public).hex()}),
        ]
    )
    root = checkpoint.read_checkpoint(note, public=public).root.hex()
    assert told == [
        tracker(leaf),
        Refused("receipt-not-valid"),
        Refused("receipt-not-valid"),
        {"size": size, "root": root},
        Refused("checkpoint-not-signed"),
        Refused("checkpoint-of-another-board"),
        Refused("malformed"),
        checkpoint.verifier_key(vote.origin, public),
    ]


TEXTS = [
    b'{"a":1,"b":[true,false,null,"\\u00e9"]}',
    b' {"b" : -5 , "a" : {} } ',
    '"한글 \U0001f5f3"'.encode(),
    b'"\\ud83d\\uddf3"',
    b"9007199254740991",
    b"[]",
    b'{"__proto__":1}',
    b"9007199254740992",
    b"-0",
    b"1.0",
    b"1e2",
    b"01",
    b"NaN",
    b"-Infinity",
    b'{"a":1,"a":1}',
    b'{"a":1,"\\u0061":2}',
    '"e\u0301"'.encode(),
    b'"\\u0000"',
    b'"\\ud800"',
    b'"\\ud800\\u0041"',
    b'"\x01"',
    b'"\xff"',
    b"\xef\xbb\xbf1",
    b"1 1",
    b"[1,]",
    b'{"a":1,}',
    b"[1",
    b'"a',
    b'"\\x41"',
    b"'a'",
    b"tru",
    b"",
    b"\xc2\xa01",
    b"[" * 16 + b"]" * 16,
    b"[" * 17 + b"]" * 17,
    b'{"a":"' + b"[" * 40 + b'"}',
]


def test_json_is_read_as_strictly_as_by_the_core(phone: Run) -> None:
    expected: list[Any] = []
    for text in TEXTS:
        try:
            expected.append(canonical_bytes(parse(text)).decode())
        except MalformedJson:
            expected.append(None)
    told = phone([("parse", {"raw": b64u(text)}) for text in TEXTS])
    found = [None if isinstance(one, Refused) else one for one in told]
    assert dict(zip(TEXTS, found, strict=True)) == dict(zip(TEXTS, expected, strict=True))
    assert expected.count(None) > 20


@pytest.mark.parametrize("change", [{"e": 3}, {"kid": "0" * 32}, {"alg": "RS256"}, {"more": 1}])
def test_an_issuer_key_that_is_not_as_it_has_to_be_is_refused(
    phone: Run, issuer: Any, change: dict[str, Any]
) -> None:
    good, wrong = json.dumps(issuer), json.dumps({**issuer, **change})
    assert phone([("readIssuer", {"issuer": good}), ("readIssuer", {"issuer": wrong})]) == [
        issuer["kid"],
        Refused("malformed"),
    ]


@pytest.mark.parametrize("text", ["AA", "AB", "A", "AA==", "A+", "A A", "AAA"])
def test_base64url_has_one_spelling(phone: Run, text: str) -> None:
    try:
        expected = b64u_decode(text).hex()
    except ValueError:
        expected = Refused("not-base64url")
    assert phone([("unb64u", {"text": text})]) == [expected]
