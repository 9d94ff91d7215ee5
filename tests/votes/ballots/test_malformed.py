"""Ballots that are not what a ballot has to be: each refused with its code, none kept."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from mvote.core.canonical import b64u, b64u_decode
from tests.makers import budget_question, make_ballot, words
from tests.votes.ballots.booth import Booth

Ballot = dict[str, Any]


def _with(**fields: Any) -> Callable[[Ballot], Ballot]:
    return lambda ballot: {**ballot, **fields}


def _without(field: str) -> Callable[[Ballot], Ballot]:
    return lambda ballot: {key: value for key, value in ballot.items() if key != field}


def _permit(**fields: Any) -> Callable[[Ballot], Ballot]:
    return lambda ballot: {**ballot, "permit": {**ballot["permit"], **fields}}


def _flip(text: str) -> str:
    """Another spelling of the same bytes: the unused last bits of base64url are set."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return text[:-1] + alphabet[alphabet.index(text[-1]) + 1]


FIELDS = {
    "no object": lambda _: [1],
    "a text": lambda _: "ballot",
    "nothing": lambda _: None,
    "an empty object": lambda _: {},
    "another version": _with(v=2),
    "true for a version": _with(v=True),
    "a version as text": _with(v="1"),
    "no nonce": _without("nonce"),
    "no permit": _without("permit"),
    "no answers": _without("ans"),
    "an unknown field": _with(note="hello"),
    "a number zero": _with(seq=0),
    "a negative number": _with(seq=-1),
    "a huge number": _with(seq=2**31 + 1),
    "true for a number": _with(seq=True),
    "a number as text": _with(seq="1"),
    "a nonce too short": _with(nonce=b64u(bytes(15))),
    "a nonce too long": _with(nonce=b64u(bytes(17))),
    "a padded nonce": _with(nonce=b64u(bytes(16)) + "=="),
    "a nonce spelled otherwise": lambda b: {**b, "nonce": _flip(b["nonce"])},
    "a nonce in the other alphabet": _with(nonce="+" * 22),
    "a hash in capitals": lambda b: {**b, "ph": b["ph"].upper()},
    "answers as a list": _with(ans=[["yes"]]),
    "an answer as a text": _with(ans={"q1": "yes"}),
    "an answer as null": _with(ans={"q1": None}),
    "an answer as an object": _with(ans={"q1": {"yes": 1}}),
    "an answer of true": _with(ans={"q1": [True]}),
    "a question without a name": _with(ans={"": ["yes"]}),
    "a list of permits": lambda b: {**b, "permit": [b["permit"]]},
    "a permit of another version": _permit(v=2),
    "a permit with an unknown field": _permit(age=30),
    "a mark too short": _permit(mark=b64u(bytes(31))),
    "a mark spelled otherwise": lambda b: _permit(mark=_flip(b["permit"]["mark"]))(b),
    "a signature spelled otherwise": lambda b: _permit(sig=_flip(b["permit"]["sig"]))(b),
    "a name where none is published": _permit(name="Kim"),
}


def test_a_field_that_is_not_right_is_named(booth: Booth) -> None:
    for kind, change in FIELDS.items():
        answer = booth.cast(change(booth.ballot()))
        told = answer.get_json()
        assert answer.status_code == 422, kind
        assert told["code"] in ("fields-refused", "ballot-malformed", "permit-malformed"), kind
        assert told.get("errors") or told["params"]["field"], kind
    assert booth.stored() == 0


ANSWERS = {
    "unknown-option": {"q1": ["maybe"]},
    "too-many-chosen": {"q1": ["yes", "no"]},
    "chosen-twice": {"q1": ["yes", "yes"]},
    "wrong-answer-type": {"q1": [1]},
    "unknown-question": {"q1": ["yes"], "q2": ["yes"]},
    "answer-missing": {},
}


def test_an_answer_against_the_rules_is_refused(booth: Booth) -> None:
    for code, answers in ANSWERS.items():
        _refused(booth.cast(booth.ballot(answers=answers)), 422, code)
    assert booth.stored() == 0


def test_projects_that_cost_too_much_are_refused(app: Flask) -> None:
    question = budget_question(100, {"a": 60, "b": 60}, config={"limit": 100})
    booth = Booth.open(app, kind="budget", questions=[question])
    answer = booth.cast(booth.ballot(answers={"projects": ["a", "b"]}))
    assert (answer.status_code, answer.get_json()["code"]) == (422, "over-budget")
    blank = booth.cast(booth.ballot(answers={"projects": []}))
    assert blank.status_code == 422
    assert booth.stored() == 0


def _bytes(change: Callable[[str], str]) -> Callable[[Ballot], bytes]:
    return lambda ballot: change(json.dumps(ballot)).encode("utf-8", "surrogatepass")


BYTES: dict[str, Callable[[Ballot], bytes]] = {
    "nothing at all": lambda _: b"",
    "bytes behind": _bytes(lambda text: text + " {}"),
    "half of it": _bytes(lambda text: text[: len(text) // 2]),
    "a key twice": _bytes(lambda text: text.replace('"v": 1', '"v": 1, "v": 1', 1)),
    "a float": _bytes(lambda text: text.replace('"seq": 1', '"seq": 1.0', 1)),
    "an exponent": _bytes(lambda text: text.replace('"seq": 1', '"seq": 1e0', 1)),
    "minus zero": _bytes(lambda text: text.replace('"seq": 1', '"seq": -0', 1)),
    "a number beyond 2^53": _bytes(lambda text: text.replace('"seq": 1', '"seq": 1' + "0" * 20)),
    "not a number": _bytes(lambda text: text.replace('"seq": 1', '"seq": NaN', 1)),
    "hangul in parts": _bytes(lambda text: text.replace('"yes"', '"\u1112\u1161"', 1)),
    "half a character": _bytes(lambda text: text.replace('"yes"', '"\\ud800"', 1)),
    "a NUL": _bytes(lambda text: text.replace('"yes"', '"\\u0000"', 1)),
    "a raw NUL": _bytes(lambda text: text.replace('"yes"', '"\0"', 1)),
    "a byte order mark": lambda ballot: b"\xef\xbb\xbf" + json.dumps(ballot).encode(),
    "another encoding": lambda ballot: json.dumps(ballot).encode("utf-16"),
    "deep nesting": _bytes(lambda text: text.replace('["yes"]', "[" * 9000 + "]" * 9000, 1)),
}


def test_bytes_that_are_not_strict_json_are_refused(booth: Booth) -> None:
    for kind, change in BYTES.items():
        answer = booth.cast(change(booth.ballot()))
        assert answer.status_code in (400, 422), kind
        assert answer.get_json()["code"] in ("malformed-json", "fields-refused"), kind
    assert booth.stored() == 0


@pytest.mark.parametrize("size", [70_000, 10_000_000])
def test_a_ballot_that_is_too_large_is_refused(booth: Booth, size: int) -> None:
    answer = booth.cast(booth.ballot() | {"note": "x" * size})
    assert (answer.status_code, answer.get_json()["code"]) == (413, "ballot-too-large")
    assert booth.stored() == 0


def test_only_json_is_read(booth: Booth) -> None:
    raw = json.dumps(booth.ballot())
    client = booth.app.test_client(use_cookies=False)
    answer = client.post(booth.path, data=raw, content_type="text/plain")
    assert (answer.status_code, answer.get_json()["code"]) == (415, "not-json")
    assert client.post(booth.path).status_code in (415, 422)
    assert booth.stored() == 0


def test_a_permit_buys_nothing_in_another_poll(app: Flask) -> None:
    here, there = Booth.open(app), Booth.open(app)
    ballot, foreign = here.ballot(), there.ballot()
    _refused(here.cast(foreign), 422, "ballot-for-another-poll")
    _refused(here.cast({**foreign, "poll": here.poll}), 422, "ballot-for-another-poll")
    swapped = {**ballot, "permit": foreign["permit"]}
    _refused(here.cast(swapped), 403, "permit-for-another-poll")
    dressed = {**foreign["permit"], "ph": ballot["ph"]}
    _refused(here.cast({**ballot, "permit": dressed}), 403, "permit-not-valid")
    assert (here.stored(), there.stored()) == (0, 0)


def test_a_permit_is_good_only_as_it_was_signed(booth: Booth) -> None:
    ballot = booth.ballot()
    permit = ballot["permit"]
    other_mark = b64u(bytes(32))
    sig = bytearray(b64u_decode(permit["sig"]))
    sig[10] ^= 1
    for change in ({"mark": other_mark}, {"sig": b64u(bytes(sig))}, {"sig": b64u(bytes(64))}):
        _refused(booth.cast({**ballot, "permit": permit | change}), 403, "permit-not-valid")
    assert booth.stored() == 0


def test_a_permit_of_a_stranger_is_not_valid(booth: Booth) -> None:
    stranger = Ed25519PrivateKey.generate()
    ballot = make_ballot(booth.poll, booth.ballot()["ph"], stranger)
    _refused(booth.cast(ballot), 403, "permit-not-valid")
    named = {**ballot, "permit": ballot["permit"] | {"kid": booth.ballot()["permit"]["kid"]}}
    _refused(booth.cast(named), 403, "permit-not-valid")
    assert booth.stored() == 0


def test_a_name_changed_on_the_way_is_no_permit(app: Flask) -> None:
    booth = Booth.open(app, level="open", title=words("By name"))
    ballot = booth.ballot(name="Kim")
    forged = {**ballot, "permit": ballot["permit"] | {"name": "Lee"}}
    _refused(booth.cast(forged), 403, "permit-not-valid")
    assert booth.cast(ballot).status_code == 201


def _refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
