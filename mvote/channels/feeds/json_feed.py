"""A feed as JSON Feed 1.1 (jsonfeed.org/version/1.1), with an extension named ``_mvote``."""

import json
from typing import Any

from mvote.channels.feeds.feed import Feed, FeedEntry
from mvote.core.times import iso

MEDIA_TYPE = "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"


def spell_json_feed(feed: Feed) -> bytes:
    """The document in UTF-8; ``next_url`` leads to older entries."""
    document: dict[str, Any] = {
        "version": VERSION,
        "title": feed.title,
        "description": feed.about,
        "home_page_url": feed.page,
        "feed_url": feed.here,
        "language": feed.language,
        "authors": [{"name": feed.city}],
        "_mvote": {
            "id": feed.id,
            "archived": feed.archived,
            "current": feed.start,
            "updated": iso(feed.updated),
        },
        "items": [_item(entry) for entry in feed.entries],
    }
    if further := feed.older or feed.following:
        document["next_url"] = further
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _item(entry: FeedEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "url": entry.link,
        "title": entry.title,
        "content_text": entry.text,
        "date_published": iso(entry.at),
        "date_modified": iso(entry.updated or entry.at),
        "authors": [{"name": entry.author}],
        "tags": [one for one in (str(entry.facts["kind"]), entry.department) if one],
        "_mvote": dict(entry.facts),
    }
