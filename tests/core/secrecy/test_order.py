import hashlib
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from mvote.core.canonical import b64u
from mvote.core.secrecy.order import option_order, shown_options
from tests.core.questions.samples import sample


@given(st.lists(st.text("abc/._-", min_size=1), unique=True), st.binary(min_size=32, max_size=32))
def test_every_option_is_shown_once_in_an_order_that_stays(options, mark) -> None:
    shown = option_order(b64u(mark), "q1", options)
    assert sorted(shown) == sorted(options)
    assert option_order(b64u(mark), "q1", reversed(options)) == shown


def test_the_order_is_that_of_the_published_hash() -> None:
    expected = sorted("abc", key=lambda o: hashlib.sha256(b"MARK|q1|" + o.encode()).digest())
    assert option_order("MARK", "q1", "abc") == expected


def test_no_option_has_the_first_place_for_itself() -> None:
    first = Counter(option_order(f"voter {n}", "q1", ["a", "b", "c"])[0] for n in range(3000))
    assert all(900 < count < 1100 for count in first.values())


def test_two_questions_have_two_orders() -> None:
    options = [str(n) for n in range(20)]
    assert option_order("m", "q1", options) != option_order("m", "q2", options)


def test_options_are_shuffled_only_where_it_is_said_and_none_of_these_stays_last() -> None:
    ids = ["a", "b", "c", "d", "e"]
    shuffled = sample("single-choice", shuffle=True, none=True)
    assert shown_options(sample("single-choice"), "m") == ids
    assert shown_options(shuffled, "m") == [*option_order("m", "q1", ids), "none"]
