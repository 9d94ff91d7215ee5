"""Feeds as text: nothing an official wrote becomes markup, and no entry falls between archives."""

import json
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import fromstring

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvote.channels.feeds.atom import spell_atom
from mvote.channels.feeds.errors import FeedPartUnknown
from mvote.channels.feeds.feed import (
    Feed,
    FeedEntry,
    Span,
    current_span,
    older_span,
    permanent_id,
    read_span,
)
from mvote.channels.feeds.json_feed import spell_json_feed

AT = datetime(2030, 5, 1, 12, tzinfo=UTC)
HOSTILE = [
    "<script>alert(1)</script>",
    "]]></content><entry>&lt;b&gt;&#0;",
    '=HYPERLINK("http://evil.example","x")',
    "\x00\x0b\x1b\x7f\ufffe\uffff",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "\u202egnol\n하늘 \U0001f30a",
    "글" * 100_000,
]


def _feed(text: str) -> Feed:
    facts: dict[str, Any] = {"kind": "step", "record": text, "poll": None, "department": text}
    entry = FeedEntry(
        id=permanent_id("step", text),
        at=AT,
        title=text,
        text=text,
        link="https://city.example/records/a?lang=en#entry-1",
        department="roads",
        author=text,
        facts=facts | {"digest": "0" * 64},
    )
    return Feed(
        id=permanent_id("feed"),
        title=text,
        about=text,
        city=text,
        language="en",
        page="https://city.example/records",
        start="https://city.example/feeds/records.atom",
        here="https://city.example/feeds/records.atom?archive=1-2&lang=en",
        older=None,
        archived=True,
        updated=AT,
        entries=[entry],
    )


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_written_stays_text(text: str) -> None:
    spelled = spell_atom(_feed(text))
    root = fromstring(spelled)
    bare = "".join(root.itertext())
    assert {element.tag.partition("}")[2] for element in root.iter()} == {
        *("feed", "id", "title", "updated", "author", "name", "link", "archive"),
        *("entry", "published", "category", "digest", "content"),
    }
    assert bare.count(text.translate(dict.fromkeys((0, 11, 27, 0xFFFE, 0xFFFF), "\ufffd"))) == 5
    found = feedparser.parse(spelled)
    assert not found.bozo
    assert len(found.entries) == 1
    [item] = json.loads(spell_json_feed(_feed(text)))["items"]
    assert (item["title"], item["content_text"]) == (text, text)
    assert "content_html" not in item


@given(total=st.integers(0, 500), more=st.integers(0, 50), size=st.integers(1, 60))
def test_archives_hold_every_entry_once_and_stay_when_more_come(
    total: int, more: int, size: int
) -> None:
    spans = [current_span(total, size)]
    while (older := older_span(spans[-1], size)) is not None:
        spans.append(older)
        for known in (total, total + more):
            assert read_span(str(older), total=known, size=size) == older
    told = [n for span in reversed(spans) for n in range(span.first, span.last + 1)]
    assert told == list(range(1, total + 1))
    assert len(range(spans[0].first, spans[0].last)) < 2 * size


def test_what_is_not_full_yet_is_no_archive() -> None:
    with pytest.raises(FeedPartUnknown):
        read_span("11-20", total=29, size=10)
    assert read_span("11-20", total=40, size=10) == Span(11, 20)
