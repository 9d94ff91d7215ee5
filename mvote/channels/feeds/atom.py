"""A feed as Atom (RFC 4287), its archives linked as in RFC 5005 section 4.

The standard library's ElementTree writes it: it escapes everything, so what an official wrote
can never become markup; what XML cannot hold at all is replaced first.
"""

import re
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from mvote.channels.feeds.feed import Feed, FeedEntry
from mvote.core.times import iso

MEDIA_TYPE = "application/atom+xml"
ATOM = "http://www.w3.org/2005/Atom"
HISTORY = "http://purl.org/syndication/history/1.0"
THREAD = "http://purl.org/syndication/thread/1.0"
"""Replies (RFC 4685); how many there are is told nowhere."""
OURS = "urn:mvote:feed"
SCHEMES = ("kind", "record", "poll", "department")
"""Facts that stand as categories; their scheme is ``urn:mvote:`` and the fact's name."""
DIGESTS = ("digest", "result")
"""Facts that stand as elements of our own namespace."""
ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What is no Char of XML 1.0 (section 2.2)."""

register_namespace("", ATOM)
register_namespace("fh", HISTORY)
register_namespace("mvote", OURS)
register_namespace("thr", THREAD)


def spell_atom(feed: Feed) -> bytes:
    """The document in UTF-8."""
    root = Element(f"{{{ATOM}}}feed", {"xml:lang": feed.language})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", iso(feed.updated))
    _add(_add(root, "author"), "name", feed.city)
    _link(root, "self", feed.here, MEDIA_TYPE)
    _link(root, "alternate", feed.page, "text/html")
    if feed.archived:
        SubElement(root, f"{{{HISTORY}}}archive")
        _link(root, "current", feed.start, MEDIA_TYPE)
    if feed.older is not None:
        _link(root, "prev-archive", feed.older, MEDIA_TYPE)
    if feed.following is not None:
        _link(root, "next", feed.following, MEDIA_TYPE)
    for entry in feed.entries:
        _add_entry(root, entry)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _add_entry(root: Element, entry: FeedEntry) -> None:
    element = _add(root, "entry")
    _add(element, "id", entry.id)
    _add(element, "title", entry.title)
    _add(element, "updated", iso(entry.updated or entry.at))
    _add(element, "published", iso(entry.at))
    _add(_add(element, "author"), "name", entry.author)
    _link(element, "alternate", entry.link, "text/html")
    if entry.reply_to is not None:
        ref, href = entry.reply_to
        answered = {"ref": ref, "href": href, "type": "text/html"}
        SubElement(element, f"{{{THREAD}}}in-reply-to", answered)
    for name in SCHEMES:
        if entry.facts[name]:
            facts = {"scheme": f"urn:mvote:{name}", "term": legal(str(entry.facts[name]))}
            SubElement(element, f"{{{ATOM}}}category", facts)
    for name in DIGESTS:
        if name in entry.facts:
            SubElement(element, f"{{{OURS}}}{name}").text = legal(str(entry.facts[name]))
    _add(element, "content", entry.text).set("type", "text")


def legal(text: str) -> str:
    """Without what XML cannot hold."""
    return ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)


def _add(parent: Element, name: str, text: str | None = None) -> Element:
    made = SubElement(parent, f"{{{ATOM}}}{name}")
    made.text = None if text is None else legal(text)
    return made


def _link(parent: Element, rel: str, href: str, media_type: str) -> None:
    facts = {"rel": rel, "href": href, "type": media_type}
    SubElement(parent, f"{{{ATOM}}}link", facts)
