"""The phone's recount of whole bundles, in Node and in Chromium."""

import random

from mvote.core.canonical import b64u
from tests.makers import budget_question, yes_no_question
from tests.phone.bundles import Vote, random_answers, zipped
from tests.phone.conftest import Run


def make_vote() -> Vote:
    parks = budget_question(50, {"park": 30, "path": 25, "pool": 20}, blank=True)
    vote = Vote(questions=[yes_no_question(), parks])
    answers = random_answers(vote.definition, random.Random(4))
    for number, given in zip(range(12), answers, strict=False):
        vote.cast(f"voter {number}", given)
    vote.cast("voter 3", {"q1": ["no"], "projects": ["pool", "path"]}, seq=2)
    return vote


def test_a_sound_bundle_is_found_sound(phone: Run) -> None:
    vote = make_vote()
    files = vote.close()
    [report] = phone([("verify", {"bundle": b64u(zipped(files))})])
    assert report["failed"] == []
    assert report["status"] == 0
