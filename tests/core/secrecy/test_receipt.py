import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvote.core.canonical import canonical_bytes, parse
from mvote.core.errors import Refusal
from mvote.core.secrecy.receipt import (
    ReceiptMalformed,
    ReceiptNotValid,
    include_by,
    make_receipt,
    read_receipt,
    tracker,
    verify_receipt,
)

POLL = "0123456789abcdef"
LEAF = bytes(range(32))
FACTS = {
    "poll": POLL,
    "leaf": LEAF,
    "include_by": "2030-01-31T18:00:00Z",
    "origin": "vote.haneul.example/polls/0123456789abcdef",
}


@pytest.fixture(scope="session")
def receipt(board):
    return make_receipt(board, **FACTS)


def accept(value, board, poll=POLL, leaf=LEAF) -> None:
    verify_receipt(read_receipt(value), board_key=board.public_key(), poll=poll, leaf=leaf)


def test_a_receipt_is_accepted_and_survives_its_json_form(receipt, board) -> None:
    sent = parse(canonical_bytes(receipt.to_json()))
    assert read_receipt(sent) == receipt
    accept(sent, board)


def test_a_receipt_is_the_same_whenever_it_is_made(receipt, board) -> None:
    again = make_receipt(board, **FACTS)
    assert canonical_bytes(again.to_json()) == canonical_bytes(receipt.to_json())


def test_the_signature_is_over_the_published_bytes(receipt, board) -> None:
    unsigned = {k: v for k, v in receipt.to_json().items() if k != "sig"}
    board.public_key().verify(receipt.sig, b"mvote-receipt-v1\0" + canonical_bytes(unsigned))


@given(data=st.data())
def test_a_receipt_with_any_one_byte_changed_is_refused(data, receipt, board) -> None:
    raw = bytearray(canonical_bytes(receipt.to_json()))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Refusal):
        accept(parse(bytes(raw)), board)


@given(
    field=st.sampled_from(["v", "poll", "leaf", "include_by", "origin", "sig"]),
    junk=st.none() | st.booleans() | st.integers(2) | st.text() | st.lists(st.text()),
)
def test_a_receipt_with_any_one_field_replaced_is_refused(field, junk, receipt, board) -> None:
    with pytest.raises((ReceiptMalformed, ReceiptNotValid)):
        accept({**receipt.to_json(), field: junk}, board)


def test_a_receipt_with_a_field_left_out_or_added_is_refused(receipt) -> None:
    sent = receipt.to_json()
    for field in sent:
        with pytest.raises(ReceiptMalformed, match=field):
            read_receipt({k: v for k, v in sent.items() if k != field})
    with pytest.raises(ReceiptMalformed, match="received_at"):
        read_receipt({**sent, "received_at": "2030-01-01T00:00:00Z"})


def test_a_receipt_of_another_board_poll_or_ballot_is_refused(receipt, board, stranger) -> None:
    sent = receipt.to_json()
    with pytest.raises(ReceiptNotValid):
        accept(sent, stranger)
    with pytest.raises(ReceiptNotValid):
        accept(sent, board, poll="zzzzzzzzzzzzzzzz")
    with pytest.raises(ReceiptNotValid):
        accept(sent, board, leaf=bytes(32))


@pytest.mark.parametrize(
    "change",
    [
        {"include_by": "2030-01-31T18:00:00+00:00"},
        {"include_by": "2030-02-31T18:00:00Z"},
        {"origin": ""},
        {"origin": "하늘시"},
        {"origin": "a b"},
        {"leaf": bytes(31)},
        {"poll": ""},
    ],
)
def test_nothing_that_could_not_be_read_is_signed(change, board) -> None:
    with pytest.raises(ReceiptMalformed):
        make_receipt(board, **{**FACTS, **change})


def test_a_tracker_is_the_first_eighty_bits_in_sixteen_characters(receipt) -> None:
    assert receipt.tracker == tracker(LEAF) == "000g40r40m30e209"
    assert tracker(LEAF[:10] + bytes(22)) == tracker(LEAF)


def test_the_promise_is_the_frozen_closing_and_the_frozen_grace() -> None:
    assert include_by(closes="2030-01-31T18:00:00Z", grace_seconds=90) == "2030-01-31T18:01:30Z"
