"""What a phone finds on a board and when it raises the alarm."""

import json
from typing import Any

import pytest

from mvote.core.canonical import b64u
from mvote.core.secrecy.ballot import leaf_of_bytes
from mvote.core.secrecy.checkpoint import make_checkpoint
from mvote.core.secrecy.merkle import MemoryTiles, TileTree
from tests.phone.bundles import POLL, Vote
from tests.phone.conftest import Refused, Run

GROWN = (1, 3, 6)


@pytest.fixture(scope="module")
def vote() -> Vote:
    vote = Vote()
    for number in range(5):
        vote.cast(f"voter {number}", {"q1": ["yes"]})
    return vote


@pytest.fixture(scope="module")
def tree(vote: Vote) -> TileTree:
    tree = TileTree(MemoryTiles())
    tree.append(leaf_of_bytes(entry) for entry in vote.entries)
    return tree


@pytest.fixture(scope="module")
def signer(vote: Vote) -> dict[str, str]:
    return {"boardKey": vote.definition.board_key, "origin": vote.origin}


def leaves(vote: Vote, tree: TileTree, **changes: Any) -> dict[str, Any]:
    size = len(vote.entries)
    places = [
        {
            "position": place,
            "leaf": b64u(leaf_of_bytes(entry)),
            "proof": [b64u(node) for node in tree.inclusion(place, size)],
        }
        for place, entry in enumerate(vote.entries)
    ]
    return {
        "size": size,
        "checkpoint": vote.checkpoint(),
        "prefix": "",
        "leaves": places,
        **changes,
    }


def test_a_ballot_is_found_among_the_leaves_and_only_where_it_is_proved(
    phone: Run, vote: Vote, tree: TileTree, signer: dict[str, str]
) -> None:
    answer = leaves(vote, tree)
    own = {"leaf": leaf_of_bytes(vote.entries[3]).hex(), **signer}
    moved = [{**one, "position": (one["position"] + 1) % 6} for one in answer["leaves"]]
    told = phone(
        [
            ("findBallot", {**own, "answer": answer}),
            ("findBallot", {**own, "answer": answer, "leaf": bytes(32).hex()}),
            ("findBallot", {**own, "answer": {**answer, "leaves": moved}}),
            ("findBallot", {**own, "answer": {**answer, "checkpoint": vote.checkpoint(5)}}),
            ("findBallot", {**own, "answer": {**answer, "more": 1}}),
            ("findBallot", {**own, "answer": answer, "origin": "elsewhere.example/polls/1"}),
        ]
    )
    assert told == [
        3,
        None,
        Refused("alarm proof-not-valid"),
        Refused("alarm proof-not-valid"),
        Refused("malformed"),
        Refused("checkpoint-of-another-board"),
    ]


def test_a_board_that_only_grew_is_kept_and_a_rewritten_one_raises_the_alarm(
    phone: Run, vote: Vote, tree: TileTree, signer: dict[str, str]
) -> None:
    def proof(old: int, new: int) -> dict[str, Any]:
        nodes = tree.consistency(old, new)
        return {"from": old, "to": new, "proof": [b64u(node) for node in nodes]}

    def asked(kept: str, shown: str, answer: Any) -> tuple[str, dict[str, Any]]:
        return "requireExtends", {"kept": kept, "shown": shown, "answer": answer, **signer}

    one, three, six = (vote.checkpoint(size) for size in GROWN)
    forked = make_checkpoint(vote.board, origin=vote.origin, size=3, root=bytes(32))
    told = phone(
        [
            asked(one, six, proof(1, 6)),
            asked(three, six, proof(3, 6)),
            asked(six, three, proof(3, 6)),
            asked(three, three, None),
            asked(forked, three, None),
            asked(forked, six, proof(3, 6)),
            asked(three, six, proof(1, 6)),
            asked(three, six, {**proof(3, 6), "proof": []}),
            asked(three, six, None),
        ]
    )
    alarm = Refused("alarm proof-not-valid")
    assert told == [6, 6, 6, 3, Refused("alarm board-rewritten"), alarm, alarm, alarm, alarm]


def test_a_promised_ballot_that_is_missing_after_its_time_raises_the_alarm(
    phone: Run, vote: Vote
) -> None:
    receipt = json.loads(vote.receipt(bytes(32)))
    given = {"receipt": receipt, "checkpoint": vote.checkpoint(), "position": None}
    told = phone(
        [
            ("requireIncluded", {**given, "now": "2030-02-01T00:10:00Z"}),
            ("requireIncluded", {**given, "now": "2030-02-01T00:10:01Z"}),
            ("requireIncluded", {**given, "now": "2030-02-02T00:00:00Z", "position": 4}),
        ]
    )
    quiet = "nothing to say"
    assert told == [quiet, Refused("alarm ballot-missing"), quiet]
    assert receipt["poll"] == POLL


@pytest.mark.parametrize(
    ("size", "digits"), [(1, 0), (256, 0), (4095, 0), (4096, 1), (65535, 1), (65536, 2), (10**6, 2)]
)
def test_a_phone_tells_no_more_of_its_leaf_than_256_share(
    phone: Run, size: int, digits: int
) -> None:
    leaf = bytes(range(0xA1, 0xC1))
    assert phone([("prefix", {"leaf": leaf.hex(), "size": size})]) == [leaf.hex()[:digits]]
