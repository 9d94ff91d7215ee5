"""Strict JSON in, one spelling out."""

import unicodedata

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from mvote.core.canonical import (
    MAX_SAFE_INTEGER,
    MalformedJson,
    b64u,
    b64u_decode,
    canonical_bytes,
    parse,
)

NFD = unicodedata.normalize("NFD", "한")
REFUSED = {
    "a key twice": b'{"a":1,"a":1}',
    "a key twice, deep": b'[{"b":{"a":1,"a":2}}]',
    "a float": b"1.0",
    "an exponent": b"1e3",
    "not a number": b"NaN",
    "infinity": b"-Infinity",
    "minus nothing": b"-0",
    "too large": str(MAX_SAFE_INTEGER + 1).encode(),
    "very long": b"9" * 5000,
    "decomposed": f'"{NFD}"'.encode(),
    "a decomposed key": f'{{"{NFD}":1}}'.encode(),
    "NUL": b'"\\u0000"',
    "half a character": b'"\\ud800"',
    "bytes behind": b"{} {}",
    "nothing": b"",
    "not UTF-8": b'"\xff"',
    "UTF-16": '{"a":1}'.encode("utf-16"),
    "a byte order mark": "\ufeff{}".encode(),
    "too deep": b"[" * 17 + b"]" * 17,
    "very deep": b"[" * 100_000,
}
PLAIN = st.text(alphabet=st.characters(categories=("Lu", "Ll", "Nd"), max_codepoint=0x17F))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER) | PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PLAIN, inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("raw", REFUSED.values(), ids=REFUSED)
def test_what_two_readers_could_understand_differently_is_refused(raw: bytes) -> None:
    with pytest.raises(MalformedJson):
        parse(raw)


def test_brackets_inside_a_text_are_no_depth() -> None:
    assert parse('{"a":"' + "[" * 50 + '\\"{"}') == {"a": "[" * 50 + '"{'}


def test_the_deepest_that_is_allowed_is_read() -> None:
    assert parse("[" * 16 + "]" * 16)


@given(JSON)
def test_what_is_spelled_canonically_is_read_back_the_same(value: object) -> None:
    composed = parse(unicodedata.normalize("NFC", canonical_bytes(value).decode()), max_depth=40)
    assert parse(canonical_bytes(composed), max_depth=40) == composed


ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=8)


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-MAX_SAFE_INTEGER - 2, MAX_SAFE_INTEGER + 2)
        | st.floats()
        | ANY_TEXT,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
        max_leaves=8,
    )
)
def test_the_fast_way_and_the_slow_way_spell_the_same(value: object) -> None:
    try:
        slow = rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as refused:
        with pytest.raises(type(refused)):
            canonical_bytes(value)
    else:
        assert canonical_bytes(value) == slow


def test_order_and_white_space_make_no_difference() -> None:
    assert canonical_bytes(parse(' { "b" : 1 , "a" : [ ] } ')) == b'{"a":[],"b":1}'


@given(st.binary(max_size=40))
def test_base64url_has_one_spelling(raw: bytes) -> None:
    assert b64u_decode(b64u(raw), length=len(raw)) == raw


@pytest.mark.parametrize("text", ["AA==", "AB", "A", "A A", "AA\n", "+/", "한"])
def test_another_spelling_of_base64url_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="base64url"):
        b64u_decode(text)
