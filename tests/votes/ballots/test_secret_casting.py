"""Secret ballots over HTTP: kept like others; every way of bending one has its refusal."""

import json
import unicodedata
from collections.abc import Callable
from typing import Any

from flask import Flask

from mvote.core.canonical import b64u, b64u_decode
from mvote.core.secrecy.blind_permit import BlindPermit
from mvote.core.secrecy.phone import PollSecrets
from tests.makers import budget_question
from tests.votes import carrying
from tests.votes.ballots.booth import Booth

Ballot = dict[str, Any]
NFC = unicodedata.normalize("NFC", "é")


def _answer(booth: Booth, ballot: Any) -> tuple[int, str]:
    answer = booth.cast(ballot)
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.status_code, answer.get_json()["code"]


def _permit(ballot: Ballot, **changes: Any) -> Ballot:
    [permit] = ballot["permit"]
    return {**ballot, "permit": [{**permit, **changes}]}


def _flip(text: str) -> str:
    """Another spelling of the same bytes: the unused last bits of base64url are set."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return text[:-1] + alphabet[alphabet.index(text[-1]) + 1]


def _squared(ballot: Ballot) -> str:
    """The permit's signature times itself: of plain RSA it would be another good one."""
    n = carrying.secret_key().public_key().public_numbers().n
    sig = int.from_bytes(b64u_decode(ballot["permit"][0]["sig"]), "big")
    return b64u((sig * sig % n).to_bytes(256, "big"))


def test_a_secret_ballot_is_kept_once_and_may_be_changed(app: Flask) -> None:
    booth = Booth.open(app, level="secret")
    ballot = booth.ballot("kim")
    first, again = booth.cast(ballot), booth.cast(ballot)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.data == again.data
    reordered = json.dumps(dict(reversed(ballot.items())), indent=2).encode()
    assert booth.cast(reordered).data == first.data
    assert booth.cast(booth.ballot("kim", seq=2, answers={"q1": ["no"]})).status_code == 201
    assert _answer(booth, booth.ballot("kim", seq=2)) == (409, "seq-conflict")
    assert booth.cast(booth.ballot("kim", seq=4)).status_code == 201
    assert _answer(booth, booth.ballot("kim", seq=3)) == (409, "stale-seq")
    assert booth.stored() == 3


def test_a_bent_secret_ballot_is_refused_by_its_code(app: Flask) -> None:
    booth, elsewhere = Booth.open(app, level="secret"), Booth.open(app, level="secret")
    good, other = booth.ballot("kim"), booth.ballot("lee")
    [permit] = good["permit"]
    bent: dict[tuple[int, str], list[Ballot]] = {
        (403, "ballot-forged"): [
            {**good, "ans": {"q1": ["no"]}},
            {**good, "seq": 2},
            {**good, "nonce": other["nonce"]},
            {**good, "sig": other["sig"]},
        ],
        (403, "permit-not-valid"): [
            {**good, "bk": other["bk"]},
            {**good, "permit": other["permit"]},
            _permit(good, pre=other["permit"][0]["pre"]),
            _permit(good, sig=_squared(good)),
            _permit(good, kid="0" * 32),
            {**good, "permit": elsewhere.ballot("kim")["permit"]},
        ],
        (422, "ballot-for-another-poll"): [elsewhere.ballot("kim"), {**good, "ph": "0" * 64}],
        (422, "permit-malformed"): [
            {**good, "permit": [permit, permit]},
            _permit(good, sig=_flip(permit["sig"])),
        ],
        (422, "ballot-malformed"): [
            {**good, "nonce": _flip(good["nonce"])},
            {**good, "bk": _flip(good["bk"])},
            {**good, "bk": b64u(bytes(32))},
            {**good, "permit": []},
        ],
    }
    for refusal, ballots in bent.items():
        for place, ballot in enumerate(ballots):
            assert _answer(booth, ballot) == refusal, (refusal, place)
    assert booth.stored() == 0


def test_bytes_that_could_be_read_in_two_ways_are_refused(app: Flask) -> None:
    named = budget_question(100, {"a": 60, "b": 50})
    booth = Booth.open(app, level="secret", questions=[named])
    good = booth.ballot("kim", answers={"projects": ["a"]})
    raw = json.dumps(good).encode()
    ways: list[Callable[[bytes], bytes]] = [
        lambda text: text.replace(b'"seq": 1', b'"seq": 1, "seq": 1'),
        lambda text: text.replace(b'"seq": 1', b'"seq": 1.0'),
        lambda text: text.replace(b'"seq": 1', b'"seq": 1e0'),
        lambda text: text + b"{}",
        lambda text: text + b"\0",
        lambda text: text.replace(b'["a"]', f'["a", "{NFC}"]'.encode("utf-16")),
        lambda text: text.replace(
            b'["a"]', b'["' + unicodedata.normalize("NFD", NFC).encode() + b'"]'
        ),
    ]
    for place, bend in enumerate(ways):
        answer = booth.cast(bend(raw))
        assert answer.status_code in (400, 422), place
    assert booth.stored() == 0
    assert booth.cast(raw).status_code == 201


def test_levels_take_their_own_ballots_only(app: Flask) -> None:
    secret, plain = Booth.open(app, level="secret"), Booth.open(app)
    pseudonym = {**plain.ballot("kim"), "poll": secret.poll, "ph": secret.ballot("kim")["ph"]}
    pseudonym["permit"] = {**pseudonym["permit"], "ph": pseudonym["ph"]}
    assert _answer(secret, pseudonym) == (422, "permit-malformed")
    with app.app_context():
        ph = plain.ballot("kim")["ph"]
        key = carrying.secret_key().public_key()
        phone = PollSecrets(bytes(32), plain.poll, ph, "0" * 32, key)
        blind = phone.make_ballot(BlindPermit("0" * 32, bytes(32), bytes(256)), {"q1": ["yes"]})
    assert _answer(plain, blind) == (422, "permit-malformed")
    assert _answer(secret, {**secret.ballot("kim"), "ans": {"q1": ["maybe"]}}) == (
        403,
        "ballot-forged",
    )
    answer = secret.cast(secret.ballot("kim", answers={"q1": ["maybe"]}))
    assert (answer.status_code, answer.get_json()["code"]) == (422, "unknown-option")
