import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvote.core.canonical import b64u, canonical_bytes, parse
from mvote.core.errors import Refusal
from mvote.core.secrecy.ballot import (
    MAX_BALLOT_BYTES,
    MAX_SEQ,
    BallotForAnotherPoll,
    BallotMalformed,
    BallotTooLarge,
    leaf_of,
    read_ballot,
    verify_ballot,
    write_ballot,
)
from mvote.core.secrecy.permit import PermitForAnotherPoll, PermitMalformed, PermitNotValid

POLL = "0123456789abcdef"
ANSWERS = {"q1": ["가/1"], "q2": ["x", "y"]}
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=50),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)


@pytest.fixture(scope="session")
def sent(permit, ph):
    return write_ballot(poll=POLL, ph=ph, answers=ANSWERS, permit=permit)


def accept(value, *, ph, issuers) -> None:
    verify_ballot(read_ballot(value), poll=POLL, ph=ph, level="open", issuers=issuers)


def test_a_ballot_is_read_as_it_was_made_out(sent, permit, ph, issuers) -> None:
    ballot = read_ballot(parse(canonical_bytes(sent)))
    assert (ballot.poll, ballot.ph, ballot.seq, ballot.answers) == (POLL, ph, 1, ANSWERS)
    assert (ballot.permit, ballot.holder) == (permit, permit.mark)
    assert ballot.canonical == canonical_bytes(sent)
    verify_ballot(ballot, poll=POLL, ph=ph, level="open", issuers=issuers)


def test_the_leaf_is_the_labelled_hash_of_the_canonical_bytes(sent) -> None:
    assert read_ballot(sent).leaf == hashlib.sha256(b"\0" + canonical_bytes(sent)).digest()
    assert leaf_of(dict(reversed(sent.items()))) == read_ballot(sent).leaf


def test_no_two_ballots_share_a_nonce(permit, ph) -> None:
    made = [write_ballot(poll=POLL, ph=ph, answers=ANSWERS, permit=permit) for _ in range(50)]
    assert len({ballot["nonce"] for ballot in made}) == 50


def refused_or_another(value, original) -> bool:
    """Whether a changed ballot is refused or at least another ballot."""
    try:
        return read_ballot(value).leaf != read_ballot(original).leaf
    except Refusal:
        return True


@given(data=st.data())
def test_any_one_byte_changed_is_refused_or_makes_another_leaf(data, sent) -> None:
    raw = bytearray(canonical_bytes(sent))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        value = parse(bytes(raw))
    except Refusal:
        return
    assert refused_or_another(value, sent)


@given(data=st.data())
def test_any_one_field_replaced_is_refused_or_makes_another_leaf(data, sent) -> None:
    field = data.draw(st.sampled_from(sorted(sent)))
    junk = data.draw(
        JUNK.filter(lambda value: (type(value), value) != (type(sent[field]), sent[field]))
    )
    assert refused_or_another({**sent, field: junk}, sent)


@given(data=st.data())
def test_a_changed_permit_inside_is_never_accepted(data, sent, ph, issuers) -> None:
    raw = bytearray(canonical_bytes(sent["permit"]))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Refusal):
        accept({**sent, "permit": parse(bytes(raw))}, ph=ph, issuers=issuers)


def test_a_ballot_with_a_field_left_out_or_added_is_refused(sent) -> None:
    for field in sent:
        with pytest.raises(BallotMalformed, match=field):
            read_ballot({k: v for k, v in sent.items() if k != field})
    for field in ("sig", "bk", "account"):
        with pytest.raises(BallotMalformed, match=field):
            read_ballot({**sent, field: "x"})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("v", 2),
        ("v", True),
        ("poll", ""),
        ("poll", "a b"),
        ("ph", "A" * 64),
        ("ph", "0" * 63),
        ("seq", 0),
        ("seq", MAX_SEQ + 1),
        ("seq", True),
        ("seq", "1"),
        ("nonce", b64u(bytes(15))),
        ("nonce", b64u(bytes(16)) + "=="),
        ("nonce", b64u(bytes(16))[:-1] + "B"),
        ("nonce", None),
        ("ans", []),
        ("ans", {"q1": "a"}),
        ("ans", {"q1": {"a": 1}}),
        ("ans", {"q1": [None]}),
        ("ans", {"q1": [True]}),
        ("ans", {"q1": [{}]}),
        ("ans", {"q1": [[[["a"]]]]}),
        ("ans", {"q1": [1.5]}),
        ("ans", {"q1": [2**53]}),
        ("ans", {"q1": ["\u1100\u1161"]}),
        ("ans", {"q1": ["a\0"]}),
        ("ans", {"q1": ["\ud800"]}),
        ("ans", {"q1": ["a" * 257]}),
        ("ans", {"": []}),
        ("ans", {"q 1": []}),
        ("ans", {f"q{n}": [] for n in range(101)}),
        ("permit", None),
        ("permit", "…"),
    ],
)
def test_a_field_that_is_not_what_it_has_to_be_is_named(sent, field, value) -> None:
    with pytest.raises(BallotMalformed) as refused:
        read_ballot({**sent, field: value})
    assert str(refused.value.params["field"]).split(".")[0] == field
    assert refused.value.status == 422


@pytest.mark.parametrize("value", [None, [], "ballot", 1])
def test_what_is_no_object_is_no_ballot(value) -> None:
    with pytest.raises(BallotMalformed):
        read_ballot(value)


def test_the_bounds_themselves_are_good(sent) -> None:
    assert read_ballot({**sent, "seq": MAX_SEQ}).seq == MAX_SEQ
    answers = {"q1": [], "q2": [["a", 5], [["b"]]], "2024/OGM/0008": [-3, "가" * 256]}
    assert read_ballot({**sent, "ans": answers}).answers == answers


def test_a_malformed_permit_inside_is_refused_as_a_permit(sent) -> None:
    with pytest.raises(PermitMalformed, match="mark"):
        read_ballot({**sent, "permit": {**sent["permit"], "mark": "AA"}})


def test_a_ballot_beyond_the_limit_is_too_large(sent) -> None:
    option = "x" * 200
    many = [option] * (MAX_BALLOT_BYTES // len(option))
    with pytest.raises(BallotTooLarge) as refused:
        read_ballot({**sent, "ans": {"q1": many}})
    assert refused.value.params == {"most": MAX_BALLOT_BYTES}
    read_ballot({**sent, "ans": {"q1": many[:250]}})


def test_a_ballot_for_another_poll_is_refused_as_such(sent, ph, issuers) -> None:
    facts = {"poll": POLL, "ph": ph, "level": "open", "issuers": issuers}
    for elsewhere in ({"poll": "zzzzzzzzzzzzzzzz"}, {"ph": "0" * 64}):
        with pytest.raises(BallotForAnotherPoll):
            verify_ballot(read_ballot(sent), **{**facts, **elsewhere})


def test_a_permit_for_another_poll_in_a_ballot_for_this_one_is_refused(sent, ph, issuers) -> None:
    here = "0" * 64
    with pytest.raises(PermitForAnotherPoll):
        verify_ballot(
            read_ballot({**sent, "ph": here}), poll=POLL, ph=here, level="open", issuers=issuers
        )
    permit = {**sent["permit"], "ph": here}
    with pytest.raises(PermitNotValid):
        verify_ballot(
            read_ballot({**sent, "ph": here, "permit": permit}),
            poll=POLL, ph=here, level="open", issuers=issuers,
        )  # fmt: skip
