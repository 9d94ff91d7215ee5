"""``comments.csv``: the statements of a conversation."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mvote.formats.polis import cells
from mvote.formats.polis.votes import is_json, json_text, parsed
from mvote.formats.source import Source, shown, wrong

COLUMNS = ("timestamp", "comment-id", "author-id", "moderated", "comment-body")
MODERATED = {"-1": -1, "0": 0, "1": 1}


@dataclass(frozen=True, slots=True)
class Comment:
    """``moderated``: 1 taken in, -1 taken out, 0 not looked at; ``at`` in milliseconds."""

    id: str
    author: str
    text: str
    moderated: int
    at: int
    agrees: int | None = None
    disagrees: int | None = None


def read_comments(path: Path) -> list[Comment]:
    """In the order of the file, CSV or the JSON of Polis and red-dwarf.  Raises Unreadable."""
    source = Source(path)
    with source.faults():
        return list(_objects(source) if is_json(path) else _rows(source))


def agree_sign_by_counts(
    comments: Iterable[Comment], votes: Mapping[tuple[str, str], int]
) -> int | None:
    """Which sign is agree by how often each statement was agreed to: 1 or -1; None: cannot say.

    ``votes`` are the last ones by participant and statement.
    """
    ones: dict[str, int] = {}
    for (_, what), vote in votes.items():
        ones[what] = ones.get(what, 0) + vote
    same = 0
    for one in comments:
        if one.agrees is not None and one.disagrees is not None:
            told, found = one.agrees - one.disagrees, ones.get(one.id, 0)
            same += (told * found > 0) - (told * found < 0)
    return None if same == 0 else 1 if same > 0 else -1


def _objects(source: Source) -> Iterator[Comment]:
    found = parsed(source)
    if not isinstance(found, list):
        wrong("진술 목록이 아닙니다.", "a list of statements is expected.")
    seen: set[str] = set()
    for place, raw in enumerate(found, 1):
        if not isinstance(raw, dict):
            wrong(f"{place}번째 진술이 객체가 아닙니다.", f"statement {place} is no object.")
        one = _of_object(raw)
        if one.id in seen:
            wrong(f"진술 {one.id}이(가) 두 번 있습니다.", f"statement {one.id} stands twice.")
        seen.add(one.id)
        yield one


def _of_object(raw: Mapping[str, Any]) -> Comment:
    """The keys of Polis, or those of red-dwarf."""
    polis = "tid" in raw
    moderated = str(raw.get("mod" if polis else "moderated", ""))
    text = raw.get("txt")
    if moderated not in MODERATED or not isinstance(text, str):
        wrong("진술에 txt나 mod가 없습니다.", "a statement lacks txt or mod.")
    counts = [raw.get(name) for name in ("agree_count", "disagree_count")]
    agrees, disagrees = (one if type(one) is int else None for one in counts)
    return Comment(
        id=cells.identifier(json_text(raw, "tid" if polis else "statement_id"), "statement"),
        author=cells.identifier(json_text(raw, "pid" if polis else "participant_id"), "author"),
        text=text,
        moderated=MODERATED[moderated],
        at=_created(json_text(raw, "created")),
        agrees=agrees,
        disagrees=disagrees,
    )


def _created(text: str) -> int:
    """Milliseconds since 1970, or a time as ISO 8601 spells it: without a zone it is of UTC."""
    if "T" not in text:
        return cells.moment(text, "created")
    try:
        at = datetime.fromisoformat(text)
        return round((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)
    except ValueError:
        wrong("created가 시각이 아닙니다.", "created is no time.")


def _rows(source: Source) -> Iterator[Comment]:
    rows = source.rows()
    header = [cell.strip() for cell in next(rows, [])]
    places = cells.columns(header, COLUMNS)
    seen: set[str] = set()
    for row in rows:
        if not row:
            continue
        cells.full(row, header)
        one = _comment([row[places[name]] for name in COLUMNS])
        if one.id in seen:
            wrong(f"진술 {one.id}이(가) 두 번 있습니다.", f"statement {one.id} stands twice.")
        seen.add(one.id)
        yield one


def _comment(row: Sequence[str]) -> Comment:
    at, what, who, moderated, text = row
    if moderated.strip() not in MODERATED:
        wrong(
            f"moderated는 1, 0, -1 가운데 하나여야 하는데 ‘{shown(moderated)}’입니다.",
            f"moderated has to be 1, 0 or -1, but is “{shown(moderated)}”.",
        )
    return Comment(
        id=cells.identifier(what.strip(), "comment-id"),
        author=cells.identifier(who.strip(), "author-id"),
        text=text,
        moderated=MODERATED[moderated.strip()],
        at=cells.moment(at.strip(), "timestamp"),
    )
