"""``comments.csv``: the statements of a conversation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mvote.formats.polis import cells
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


def read_comments(path: Path) -> list[Comment]:
    """In the order of the file.  Raises Unreadable."""
    source = Source(path)
    with source.faults():
        return list(_rows(source))


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
