"""Ballots as CSV, one a row: a column for each option with a cross, a rank or a number."""

import csv
import io
from collections.abc import Iterator, Sequence

from mvote.core.shapes import Answer, Choices, Ranking, Scores
from mvote.formats.writing.ballots import ORDERED, Export

FIRST_COLUMN = "ballot"


def write_csv(export: Export) -> Iterator[str]:
    """RFC 4180.  The first column numbers the rows.  Raises NotWritable."""
    export.require("csv", *ORDERED)
    ids = [option.id for option in export.question.options]
    yield _row([FIRST_COLUMN, *ids])
    for number, answer in enumerate(export.ballots(), 1):
        cells = _cells(answer)
        yield _row([str(number), *(cells.get(one, "") for one in ids)])


def _cells(answer: Answer) -> dict[str, str]:
    if isinstance(answer, Choices):
        return dict.fromkeys(answer.ids, "x")
    if isinstance(answer, Ranking):
        return {one: str(rank) for rank, group in enumerate(answer.groups, 1) for one in group}
    if isinstance(answer, Scores):
        return {one: str(score) for one, score in answer.pairs}
    raise TypeError(type(answer).__name__)


def _row(cells: Sequence[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()
