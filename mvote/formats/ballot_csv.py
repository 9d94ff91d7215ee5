"""CSV files of ballots, one a row, UTF-8; six layouts, told apart by the header.

1. *Ranked cast vote records*: columns for the ranks (``rank1``, ``Rank 1``, ``Choice 1``,
   ``1st Choice …``, ``First Choice``, ``1순위``), a cell holds the name marked there.  Empty,
   ``undervote`` and ``skipped`` are a skipped rank, ``overvote`` is one; names parted by
   ``|`` as well.
2. *A column* ``ranking``: ``A > B = C > D``.
3. *A column* ``choice`` (or ``vote``, ``candidate`` …: one id) or ``choices`` (ids parted
   by ``|`` or ``;``).
4. *Clear Ballot*: columns ``Choice_1_1:contest:rank:Vote For 1:name:party`` with 0 or 1.
5. *A column for each option*: a cross (``x``, ``1``, ``yes``), a rank or a score, as
   the counting method wants; an empty cell is none.
6. *No header*: names only, the best first; known by the first row, whose names come again.

Columns that name the ballot or its place (``id``, ``ballot``, ``precinct`` …) are
passed over, ``count`` or ``weight`` says how often a row counts.  Ids are the names
as they stand in cells (1–3, 6) or in the header (4, 5).
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

from mvote.formats.election import OVERVOTE, Candidate, Election, Grid, Kind, Picks, Ranks
from mvote.formats.marks import BLANKS, CROSSES, whole
from mvote.formats.source import Source, shown, wrong

RANK = re.compile(
    r".*\b(?:rank|ranking|choice|preference)[\s_#.-]*(\d{1,3})\b.*"
    r"|(?:.*\s)?(\d{1,3})(?:st|nd|rd|th)[\s_]*(?:rank|choice|preference)\b.*"
    r"|(\d{1,3})(?:st|nd|rd|th|\s?순위|\s?지망)"
)
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
ORDINAL = re.compile(rf"({'|'.join(ORDINALS)})[\s_-]*(?:rank|choice|preference)")
CLEAR_BALLOT = re.compile(r"choice_\d+_\d+:.*:(\d{1,3}):[^:]*:([^:]+):[^:]*", re.IGNORECASE)
NO_OPTION = re.compile(
    r"|#|no|row|row ?number|.*\bid|.*_id|ballot.*|cvr.*|cast ?vote ?record.*|precinct.*"
    r"|voter.*|batch.*|tabulator.*|timestamp|date|time|status|remade|box.*|style"
)
WEIGHTS = ("count", "weight", "number of ballots", "votes")
CHOICE = ("choice", "vote", "candidate", "option", "answer", "선택", "투표", "후보")
COLUMNS = {"ranking": "ranking", **dict.fromkeys(CHOICE, "choice"), "choices": "choices"}
LOOKED_AT = 100
"""So many rows tell whether a file has a header."""
SKIPPED = ("", "undervote", "skipped", "-")
OVERVOTES = ("overvote",)
DELIMITERS = (",", ";", "\t", "|")


def read_ballot_csv(path: Path) -> Election:
    """Raises Unreadable."""
    source = Source(path)
    with source.faults():
        return _Reading(source).read()


class _Reading:
    """Rows are put together as texts; only distinct ones are looked at closely."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.rows: Counter[tuple[str, ...]] = Counter()
        self.lines: dict[tuple[str, ...], int] = {}
        self.names: dict[str, None] = {}

    def read(self) -> Election:
        rows = self.source.rows(delimiter=self._delimiter())
        header = [" ".join(cell.split()) for cell in next(rows, [])]
        plain = [cell.lower() for cell in header]
        weight = next((plain.index(one) for one in WEIGHTS if one in plain), None)
        if any(CLEAR_BALLOT.fullmatch(cell) for cell in plain):
            return self._clear_ballot(rows, header)
        ranks = sorted(
            (rank, place)
            for place, cell in enumerate(plain)
            if (rank := _rank_of(cell)) is not None and place != weight
        )
        for name, layout in COLUMNS.items():
            if plain.count(name) == 1 and not ranks:
                self._take(rows, [plain.index(name)], weight, len(header))
                return self._listed(layout)
        if ranks:
            self._take(rows, [place for _, place in ranks], weight, len(header))
            return self._election(Kind.RANKS, self._cells(), format="ranked cvr", marked=True)
        begin = [(self.source.line, row) for row in islice(rows, LOOKED_AT)]
        rows = chain(self._again(begin), rows)
        if _is_ballot(header, [row for _, row in begin]):
            return self._without_header(chain([header], rows))
        return self._grid(rows, header, plain, weight)

    def _again(self, begin: Sequence[tuple[int, list[str]]]) -> Iterator[list[str]]:
        for self.source.line, row in begin:
            yield row

    def _without_header(self, rows: Iterator[list[str]]) -> Election:
        """Rows of names; they may be of different length, as nothing says how long they are."""
        self.source.line = 1
        for row in rows:
            key = tuple(cell.strip() for cell in row)
            self.rows[key] += 1
            self.lines.setdefault(key, self.source.line)
        if max(len(key) for key in self.rows) == 1:
            self.rows = Counter({key or ("",): count for key, count in self.rows.items()})
            return self._listed("choice")
        return self._election(Kind.RANKS, self._cells(), format="csv of names", marked=True)

    def _delimiter(self) -> str:
        first = next(iter(Source(self.source.path).lines()), "")
        if not first.strip():
            self.source.line = 1
            wrong("첫 줄에 열 이름이 있어야 합니다.", "the first line has to name the columns.")
        return max(DELIMITERS, key=first.count)

    def _take(
        self, rows: Iterator[list[str]], places: Sequence[int], weight: int | None, width: int
    ) -> None:
        """Put together the rows that are equal at those places."""
        for row in rows:
            if not any(row):
                continue
            if len(row) < width and (len(row) <= max(places) or weight is not None):
                wrong(
                    f"열이 {width}개여야 하는데 {len(row)}개입니다.",
                    f"{width} columns are expected, but there are {len(row)}.",
                )
            key = tuple([row[place] for place in places])
            self.rows[key] += 1 if weight is None else self._weight(row[weight])
            if key not in self.lines:
                self.lines[key] = self.source.line

    def _weight(self, cell: str) -> int:
        plain = cell.strip()
        if not (plain.isascii() and plain.isdigit() and len(plain) <= 15):
            wrong(
                f"표 수는 0 이상의 정수여야 합니다: ‘{shown(plain)}’.",
                f"how often a row counts has to be a whole number, but is “{shown(plain)}”.",
            )
        return int(plain)

    def _name(self, cell: str) -> str:
        name = " ".join(cell.split())
        self.names.setdefault(name)
        return name

    def _cells(self) -> Counter[Ranks]:
        ballots: Counter[Ranks] = Counter()
        rank = {cell: self._rank(cell) for cell in dict.fromkeys(chain.from_iterable(self.rows))}
        for row, count in self.rows.items():
            ballots[tuple([rank[cell] for cell in row])] += count
        return ballots

    def _rank(self, cell: str) -> tuple[str, ...]:
        plain = cell.strip()
        if plain.lower() in SKIPPED:
            return ()
        if plain.lower() in OVERVOTES:
            return (OVERVOTE,)
        return tuple(self._name(one) for one in plain.split("|") if one.strip())

    def _listed(self, column: str) -> Election:
        if column == "ranking":
            ranked: Counter[Ranks] = Counter()
            for (cell,), count in self.rows.items():
                self.source.line = self.lines[(cell,)]
                ranked[self._ranking(cell)] += count
            return self._election(Kind.RANKS, ranked, format="csv ranking")
        picks: Counter[Picks] = Counter()
        for (cell,), count in self.rows.items():
            parts = re.split(r"[|;]", cell) if column == "choices" else [cell]
            picks[tuple(sorted({self._name(one) for one in parts if one.strip()}))] += count
        single = column == "choice"
        return self._election(Kind.PICKS, picks, format=f"csv {column}", single=single)

    def _ranking(self, cell: str) -> Ranks:
        ranks = tuple(
            tuple(self._name(one) for one in rank.split("=") if one.strip())
            for rank in cell.split(">")
        )
        ids = [one for rank in ranks for one in rank]
        if len(set(ids)) != len(ids):
            wrong("한 표에 같은 선택지가 두 번 있습니다.", "a ballot names an option twice.")
        return tuple(rank for rank in ranks if rank)

    def _clear_ballot(self, rows: Iterator[list[str]], header: list[str]) -> Election:
        marks = [
            (place, int(found[1]), self._name(found[2]))
            for place, cell in enumerate(header)
            if (found := CLEAR_BALLOT.fullmatch(cell))
        ]
        last = max(rank for _, rank, _ in marks)
        self._take(rows, [place for place, _, _ in marks], None, len(header))
        ballots: Counter[Ranks] = Counter()
        for row, count in self.rows.items():
            ranks: list[tuple[str, ...]] = [()] * last
            for cell, (_, rank, name) in zip(row, marks, strict=True):
                if cell.strip() == "1":
                    ranks[rank - 1] = (*ranks[rank - 1], name)
            ballots[tuple(ranks)] += count
        return self._election(Kind.RANKS, ballots, format="clear ballot", marked=True)

    def _grid(
        self,
        rows: Iterator[list[str]],
        header: list[str],
        plain: list[str],
        weight: int | None,
    ) -> Election:
        own = plain[0] == "ballot"
        places = [
            place
            for place, cell in enumerate(plain)
            if place != weight and (place > 0 if own else not NO_OPTION.fullmatch(cell))
        ]
        names = [header[place] for place in places]
        if not names or len(set(names)) != len(names):
            self.source.line = 1
            wrong(
                "첫 줄에 선택지 이름이 겹치지 않게 있어야 합니다.",
                "the first line has to name the options, each once.",
            )
        for name in names:
            self.names.setdefault(name)
        self._take(rows, places, weight, len(header))
        grid: Counter[Grid] = Counter()
        lines: dict[Grid, int] = {}
        for row, count in self.rows.items():
            cells = tuple(cell.strip() for cell in row)
            grid[cells] += count
            lines.setdefault(cells, self.lines[row])
        return self._election(Kind.GRID, grid, format="csv", lines=lines)

    def _election(
        self,
        kind: Kind,
        ballots: Counter[Any],
        *,
        format: str,
        single: bool = False,
        marked: bool = False,
        lines: Mapping[Grid, int] | None = None,
    ) -> Election:
        in_header = kind is Kind.GRID or format == "clear ballot"
        names = self.names if in_header else sorted(self.names)
        return Election(
            file=self.source.name,
            format=format,
            title=self.source.name.partition(".")[0],
            candidates=tuple(Candidate(name, name) for name in names),
            kind=kind,
            ballots=ballots,
            single=single,
            marked=marked,
            lines=lines or {},
        )


def _rank_of(cell: str) -> int | None:
    """The rank for which a column stands, by its name in small letters."""
    if found := ORDINAL.fullmatch(cell):
        return ORDINALS.index(found[1]) + 1
    found = RANK.fullmatch(cell)
    return int(found[1] or found[2] or found[3]) if found else None


def _is_ballot(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row is no header: its names come again, and nothing but names does."""
    cells = {" ".join(cell.split()) for row in rows for cell in row if cell.strip()}
    marks = any(cell.lower() in CROSSES | BLANKS or whole(cell) is not None for cell in cells)
    return bool(cells) and not marks and not cells.isdisjoint(header)
