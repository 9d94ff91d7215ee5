"""A feed and its entries as values, and which of them lie in an archive.

A feed is the list of all its entries, the oldest first, that only ever grows.  It is cut into
archives (RFC 5005 section 4) of equally many entries; what is left and the archive before it
are the current document.  So an archive never changes, and no entry is missed by who follows
the links.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from mvote.channels.feeds.errors import FeedPartUnknown
from mvote.core.canonical import JSON

NAMESPACE = UUID("1be698ec-4f7e-4540-9b38-cf26063e8241")
"""Names within it are told in ``permanent_id``; never changed, or every reader starts anew."""
_SPAN = re.compile("([1-9][0-9]{0,8})-[1-9][0-9]{0,8}")


def permanent_id(*name: str) -> str:
    """The same address for the same thing for ever, wherever the city's site moves."""
    return f"urn:uuid:{uuid5(NAMESPACE, ' '.join(name))}"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """``title`` and ``text`` are plain text in the reader's language; ``link`` is absolute.

    ``facts`` is what a phone matches by, in every language: kind, record, poll, digests.
    ``updated`` is set where it is not ``at``; ``reply_to`` are id and address of what it answers.
    """

    id: str
    at: datetime
    title: str
    text: str
    link: str
    department: str
    author: str
    facts: Mapping[str, JSON]
    updated: datetime | None = None
    reply_to: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """One document of a feed, the newest entry first; all links are absolute.

    ``older`` is the archive before it, None in the oldest document; ``archived`` says that
    this is an archive itself.  ``following`` is the next page of a feed that has pages
    (RFC 5005 section 3), since what stands in it may change.
    """

    id: str
    title: str
    about: str
    city: str
    language: str
    page: str
    start: str
    here: str
    older: str | None
    archived: bool
    updated: datetime
    entries: Sequence[FeedEntry]
    following: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Entries ``first`` to ``last`` of a feed, counted from 1; ``last`` 0 where there is none."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


def current_span(total: int, size: int) -> Span:
    """What follows the last full archive but one: between ``size`` and twice as many, or all."""
    return Span(max(0, total // size - 1) * size + 1, total)


def read_span(spelled: str, *, total: int, size: int) -> Span:
    """The archive that an address names.  Raises FeedPartUnknown."""
    found = _SPAN.fullmatch(spelled)
    first = int(found[1]) if found else 0
    span = Span(first, first + size - 1)
    begins_one = (first - 1) % size == 0
    if str(span) == spelled and begins_one and span.last < current_span(total, size).first:
        return span
    raise FeedPartUnknown()


def older_span(span: Span, size: int) -> Span | None:
    """The archive before a document."""
    return Span(span.first - size, span.first - 1) if span.first > size else None
