"""Times: aware and in UTC inside, ISO 8601 to the second with a ``Z`` on the wire."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)


def iso(at: datetime) -> str:
    """Spell an aware time in UTC, cut to the second."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def parse_iso(text: str) -> datetime:
    """Read the one spelling that ``iso`` writes.  Raises ValueError."""
    if not _ISO.fullmatch(text):
        raise ValueError("a time has to look like 2030-12-31T23:59:59Z")
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def in_zone(at: datetime, zone: str) -> str:
    """A time for people, to the minute, by the clocks of a zone: ``2030-12-31 18:00 KST``."""
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M %Z")
