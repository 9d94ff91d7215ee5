"""What is public is packed for whoever takes it, and told apart by its tag."""

import gzip

import brotli
from flask import Flask, Response

from mvote.web.caching import LEAST_PACKED, MOST_BROTLI, MOST_PACKED, conditional

LONG = b'{"questions":["' + b"haneul " * 200 + b'"]}'


def answer(content: bytes = LONG, kind: str = "application/json", **headers: str) -> Response:
    with Flask(__name__).test_request_context(headers=headers):
        return conditional(content, content_type=kind)


def test_text_is_packed_for_who_takes_it_and_has_a_tag_of_its_own() -> None:
    plain, packed = answer(), answer(Accept_Encoding="br;q=0, gzip;q=0.8")
    assert (plain.data, plain.headers.get("Content-Encoding")) == (LONG, None)
    assert gzip.decompress(packed.data) == LONG
    assert packed.headers["Content-Encoding"] == "gzip"
    smaller = answer(Accept_Encoding="gzip, br")
    assert smaller.headers["Content-Encoding"] == "br"
    assert brotli.decompress(smaller.data) == LONG
    assert len({one.headers["ETag"] for one in (plain, packed, smaller)}) == 3
    assert {one.headers["Vary"] for one in (plain, packed)} == {"Accept-Encoding"}
    refused = answer(Accept_Encoding="gzip;q=0")
    assert refused.data == LONG
    for first, takes in ((plain, {}), (packed, {"Accept_Encoding": "gzip"})):
        again = answer(If_None_Match=first.headers["ETag"], **takes)
        assert again.status_code == 304


def test_what_is_small_too_large_or_no_text_is_sent_as_it_is() -> None:
    takes = {"Accept_Encoding": "gzip"}
    for content in (b"x" * (LEAST_PACKED - 1), b"x" * (MOST_PACKED + 1)):
        assert answer(content, **takes).data == content
    long = answer(b"x" * (MOST_BROTLI + 1), Accept_Encoding="br, gzip")
    assert long.headers["Content-Encoding"] == "gzip"
    tile = answer(LONG, "application/octet-stream", **takes)
    assert (tile.data, tile.headers.get("Vary")) == (LONG, None)
