"""Which act leads from which state to which."""

import pytest

from mvote.core import phases
from mvote.core.errors import Conflict
from mvote.core.phases import ACTS, PHASES, check_act

LIFE = [
    "approve",
    "freeze",
    "permit",
    "open",
    "cast",
    "suspend",
    "resume",
    "close",
    "seal",
    "publish",
]


def test_a_poll_lives_from_draft_to_published():
    state, seen = "draft", []
    for act in LIFE:
        state = check_act(state, act)
        seen.append(state)
    assert seen == [
        *("approved", "frozen", "frozen", "open", "open"),
        *("suspended", "open", "closing", "closed", "published"),
    ]


def test_no_way_leads_back_from_frozen():
    later = set(phases.PUBLIC)
    for moves in ACTS.values():
        for before, after in moves.items():
            assert before not in later or after in later


@pytest.mark.parametrize("act", sorted(ACTS))
@pytest.mark.parametrize("state", PHASES)
def test_what_is_not_in_the_table_is_a_conflict_in_two_languages(state, act):
    if state in ACTS[act]:
        assert check_act(state, act) in PHASES
        return
    with pytest.raises(Conflict) as caught:
        check_act(state, act)
    assert caught.value.status == 409
    assert all(caught.value.sentences().values())


@pytest.mark.parametrize(
    ("state", "act", "refusal"),
    [
        ("draft", "freeze", phases.PollNotApproved),
        ("draft", "open", phases.PollNotFrozen),
        ("draft", "cast", phases.PollNotFrozen),
        ("approved", "approve", phases.AlreadyApproved),
        ("approved", "edit", phases.AlreadyApproved),
        ("approved", "permit", phases.PollNotFrozen),
        ("frozen", "edit", phases.AlreadyFrozen),
        ("frozen", "approve", phases.AlreadyFrozen),
        ("frozen", "cast", phases.PollNotYetOpen),
        ("frozen", "close", phases.PollNotYetOpen),
        ("open", "open", phases.AlreadyOpen),
        ("open", "resume", phases.PollNotSuspended),
        ("open", "publish", phases.PollNotClosed),
        ("suspended", "cast", phases.PollSuspended),
        ("suspended", "permit", phases.PollSuspended),
        ("suspended", "open", phases.PollSuspended),
        ("closing", "close", phases.PollClosed),
        ("closing", "publish", phases.PollNotClosed),
        ("closed", "close", phases.PollClosed),
        ("closed", "cancel", phases.PollClosed),
        ("closed", "cast", phases.PollClosed),
        ("published", "publish", phases.AlreadyPublished),
        ("published", "edit", phases.AlreadyFrozen),
        ("cancelled", "cast", phases.PollCancelled),
        ("cancelled", "cancel", phases.PollCancelled),
    ],
)
def test_each_impossible_act_has_its_own_reason(state, act, refusal):
    with pytest.raises(refusal):
        check_act(state, act)


def test_a_state_that_does_not_exist_is_a_fault_of_the_program():
    with pytest.raises(ValueError, match="asleep"):
        check_act("asleep", "open")
    with pytest.raises(ValueError, match="burn"):
        check_act("open", "burn")
