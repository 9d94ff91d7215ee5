"""A record as a file that a stranger can keep and check, and how its digests are made.

The file is one JSON object::

    {"format": "mvote-record", "v": 1, "head": {"v": 1, "id", "department", "title",
     "opened_at"}, "entries": [{…, "previous", "digest"}, …], "chain": "…"}

Every digest is SHA-256 over the RFC 8785 form of an object, as 64 hexadecimal digits: of
``head`` as it stands there, and of each entry without its ``digest``.  The ``previous`` of the
first entry is the digest of ``head``, that of each other one the ``digest`` of the entry
before; entries are numbered from 1; ``chain`` is the digest of the last one, or of ``head``
where there is none.  So whoever kept ``chain`` sees any later change of what came before.

Where moderators do not show what a citizen wrote, the words are left out, and the entry (or
``head``) has ``"withheld": true``.  Its ``digest`` is of what was written, so the chain goes on,
but nobody can recompute it from the file: whoever checks one is told how many those are.  Such
parts are a ``head`` and entries ``proposal`` without a title, and entries ``answer`` without the
text of a reason; no other is taken for one.
"""

from collections.abc import Mapping, Sequence

from mvote.core.canonical import JSON, digest
from mvote.core.secrecy.exact import SHA256_HEX
from mvote.votes.discussions.rules import ANSWER, PROPOSAL, WITHHELD, Head, RecordEntry

FORMAT, VERSION = "mvote-record", 1


def export_of(head: Head, entries: Sequence[RecordEntry]) -> dict[str, JSON]:
    """A record as a file."""
    begins: dict[str, JSON] = {"v": 1, **head.to_json()}
    return {
        "format": FORMAT,
        "v": VERSION,
        "head": begins | {"digest": head.written} if head.written else begins,
        "entries": [entry.spelled() | {"digest": entry.digest} for entry in entries],
        "chain": entries[-1].digest if entries else head.digest(),
    }


def file_fault(document: JSON) -> str | None:
    """Recompute every digest of a file; say what is wrong first, or None."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        return "this is no record that mvote exported"
    if document.get("v") != VERSION:
        return f"only version {VERSION} of the format is known here"
    head, entries = document.get("head"), document.get("entries")
    if not isinstance(head, dict) or not isinstance(entries, list):
        return "head or entries are missing"
    last = str(head["digest"]) if is_withheld(head) else digest(head)
    for number, entry in enumerate(entries, start=1):
        fault, last = _entry_fault(entry, number, str(head.get("id")), last)
        if fault:
            return fault
    if document.get("chain") != last:
        return "entries are missing at the end, or chain was changed"
    return None


def is_withheld(part: Mapping[str, JSON]) -> bool:
    """Whether an entry or head leaves words out that its digest, which it bears, covers."""
    claimed = part.get("digest")
    known = isinstance(claimed, str) and SHA256_HEX.fullmatch(claimed) is not None
    return part.get("withheld") is True and known and _leaves_out(part)


def _leaves_out(part: Mapping[str, JSON]) -> bool:
    """Only what has a place for a citizen's words, and has nothing of theirs in it.

    Else whoever publishes a file could alter any entry and call it withheld.
    """
    kind, body = part.get("kind"), part.get("body")
    if kind is None:
        return part.get("title") == WITHHELD
    if not isinstance(body, dict):
        return False
    if kind == PROPOSAL:
        return body.get("title") == WITHHELD
    reason = body.get("minority")
    return kind == ANSWER and isinstance(reason, dict) and reason.get("text", "") is None


def _entry_fault(entry: JSON, number: int, record: str, last: str) -> tuple[str | None, str]:
    if not isinstance(entry, dict) or entry.get("number") != number:
        return f"entry {number} is missing", last
    claimed = entry.get("digest")
    if entry.get("record") != record:
        return f"entry {number} is of another record", last
    said = {key: value for key, value in entry.items() if key != "digest"}
    as_written = is_withheld(entry) or claimed == digest(said)
    if entry.get("previous") != last or not as_written:
        return f"entry {number} was changed", last
    return None, str(claimed)
