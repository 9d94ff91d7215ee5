"""Which least proof goes with which roll key of a poll."""

from itertools import product

import pytest

from mvote.core.poll import DraftRefused, PollDraft
from mvote.core.proofs import FITTING, PROOF_LABELS, PROOFS, ROLL_KEYS, is_at_least, stronger
from mvote.core.text import LANGUAGES
from tests.makers import make_poll_draft


@pytest.mark.parametrize(("roll_key", "proof"), [*product(ROLL_KEYS, PROOFS)])
def test_a_draft_asks_for_a_proof_that_can_give_its_roll_key(roll_key: str, proof: str) -> None:
    draft = make_poll_draft(record="r1", roll_key=roll_key, proof=proof)
    if proof in FITTING[roll_key]:
        assert PollDraft.from_json(draft).roll_key == roll_key
        return
    with pytest.raises(DraftRefused) as caught:
        PollDraft.from_json(draft)
    assert list(caught.value.errors) == ["proof"]
    assert " or ".join(FITTING[roll_key]) in caught.value.errors["proof"][0]


def test_a_word_that_is_no_proof_is_told_once() -> None:
    with pytest.raises(DraftRefused) as caught:
        PollDraft.from_json(make_poll_draft(record="r1", roll_key="entry", proof="handshake"))
    assert len(caught.value.errors["proof"]) == 1


def test_a_share_of_those_whom_a_provider_knows_is_not_asked_for() -> None:
    decision = make_poll_draft()["decision"]
    share = {**decision, "quorum": {"kind": "percent-of-eligible", "least": 5}}
    audience = {"all": [{"condition": "list", "list": "traders"}]}
    changes = {"record": "r1", "audience": audience, "decision": share}
    with pytest.raises(DraftRefused) as caught:
        PollDraft.from_json(make_poll_draft(**changes, roll_key="oidc", proof="oidc"))
    assert "decision.quorum" in caught.value.errors
    assert PollDraft.from_json(make_poll_draft(**changes, roll_key="entry", proof="code"))


def test_proofs_stand_in_one_order_and_have_labels() -> None:
    assert [one for one in PROOFS if is_at_least(one, "code")] == ["code", "oidc", "desk"]
    assert stronger("sms", "desk") == stronger("desk", "sms") == "desk"
    assert set(PROOF_LABELS) == set(PROOFS)
    assert all(set(words) == set(LANGUAGES) for words in PROOF_LABELS.values())
