"""Pabulib files: participatory budgets as cities published them, ``.pb`` and ``.pb.gz``.

Three tables under one another in UTF-8, each a title line (``META``, ``PROJECTS``,
``VOTES``), a line of column names and lines of ``;``-separated values, quoted as
in CSV.  Source: the description of the format at pabulib.org/format.

Votes of all its types are read: ``approval``, ``choose-1``, ``ordinal`` (the order of
the ids), ``cumulative`` and ``scoring`` (a column ``points``).
"""

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from mvote.core.text import Words
from mvote.formats.pabulib_values import (
    PabulibUnreadable,
    age,
    money,
    optional_whole,
    points,
    scale_of,
    whole,
)
from mvote.formats.source import SHOWN, Source
from mvote.formats.source import wrong as _wrong

VOTE_TYPES = ("approval", "choose-1", "ordinal", "cumulative", "scoring")
WITH_POINTS = ("cumulative", "scoring")
NEEDED = {
    "META": ("num_projects", "num_votes", "budget", "vote_type"),
    "PROJECTS": ("project_id", "cost"),
    "VOTES": ("voter_id", "vote"),
}
CUT_OFF: Words = {
    "ko": "파일이 중간에 잘린 것 같습니다.",
    "en": "the file seems to be cut off.",
}

__all__ = ["Instance", "OfficialSelection", "PabulibUnreadable", "Project", "Voter", "read"]


@dataclass(frozen=True, slots=True)
class Project:
    """``cost`` in units of the instance's scale; ``votes`` as the file says, or None.

    ``categories`` are what it is about, in the words of the file.
    """

    id: str
    name: str
    cost: int
    votes: int | None
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Voter:
    """One vote: project ids in the order of the file; ``sex`` is a letter such as ``F``.

    ``points`` for each of the projects, where the file gives them; else empty.
    """

    id: str
    projects: tuple[str, ...]
    age: int | None
    sex: str | None
    points: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class OfficialSelection:
    """What the city funded: ``chosen`` by its rule (1 in the file).

    ``otherwise`` was funded for a reason outside the rule (2 or 3 in the file), which
    the file's comment explains; it says nothing about the count.
    """

    chosen: frozenset[str]
    otherwise: frozenset[str]


@dataclass(frozen=True, slots=True)
class Instance:
    """One participatory budget.

    Money is whole: ``scale`` of our units make one of the file's (100 where it has
    cents).  ``official_selection`` is None where nothing was published, and is read
    by nothing but ``pabulib_comparison``.
    """

    file: str
    meta: Mapping[str, str]
    scale: int
    budget: int
    projects: tuple[Project, ...]
    voters: tuple[Voter, ...]
    official_selection: OfficialSelection | None

    @property
    def vote_type(self) -> str:
        return self.meta["vote_type"]

    @property
    def rule(self) -> str:
        return self.meta.get("rule") or "unknown"


def read(path: Path) -> Instance:
    """Read a whole file.  Raises PabulibUnreadable with the line and the reason."""
    voters: list[Voter] = []
    return replace(scan(path, voters.append), voters=tuple(voters))


def scan(path: Path, take: Callable[[Voter], None]) -> Instance:
    """Read a file vote by vote: each goes to ``take``, the instance given has none.

    Raises PabulibUnreadable.
    """
    source = Source(path)
    with source.faults(PabulibUnreadable):
        return _Reading(source, take).read()


def _new_id(column: str, row: Mapping[str, str], known: Container[str]) -> str:
    name = row[column]
    if not name:
        _wrong(f"{column} 값이 비어 있습니다.", f"{column} is empty.")
    if name in known:
        shown = name[:SHOWN]
        _wrong(f"{column} ‘{shown}’이(가) 두 번 있습니다.", f"{column} “{shown}” stands twice.")
    return name


@dataclass
class _Reading:
    """The reading of one file."""

    source: Source
    take: Callable[[Voter], None]
    meta: dict[str, str] = field(default_factory=dict)
    meta_lines: dict[str, int] = field(default_factory=dict)
    budget: Decimal = Decimal(0)
    costs: dict[str, Decimal] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    votes: dict[str, int | None] = field(default_factory=dict)
    categories: dict[str, tuple[str, ...]] = field(default_factory=dict)
    selected: dict[str, str] = field(default_factory=dict)
    voters: set[str] = field(default_factory=set)

    def read(self) -> Instance:
        rows = self._rows()
        if next(rows, None) != ["META"]:
            _wrong("Pabulib 파일은 META로 시작해야 합니다.", "a Pabulib file begins with META.")
        self._read_meta(rows)
        for row in self._table(rows, "PROJECTS", until="VOTES"):
            self._read_project(row)
        self._check_number("num_projects", len(self.costs))
        scale = scale_of([self.budget, *self.costs.values()])
        for row in self._table(rows, "VOTES", until=None):
            self._read_voter(row)
        self._check_number("num_votes", len(self.voters))
        return Instance(
            file=self.source.name,
            meta=self.meta,
            scale=scale,
            budget=int(self.budget * scale),
            projects=tuple(
                Project(
                    one, self.names[one], int(cost * scale), self.votes[one], self.categories[one]
                )
                for one, cost in self.costs.items()
            ),
            voters=(),
            official_selection=self._official_selection(),
        )

    def _rows(self) -> Iterator[list[str]]:
        """The rows of all tables without the empty ones; cells without spaces around them."""
        for cells in self.source.rows(delimiter=";"):
            row = [cell.strip() for cell in cells]
            if len(row) > 1 and row[0] in NEEDED and not any(row[1:]):
                row = row[:1]
            if any(row):
                yield row

    def _read_meta(self, rows: Iterator[list[str]]) -> None:
        if next(rows, [])[:2] != ["key", "value"]:
            _wrong("META 다음 줄은 key;value여야 합니다.", "key;value has to follow META.")
        for row in rows:
            if row == ["PROJECTS"]:
                break
            if row[0] in self.meta:
                _wrong(f"META에 {row[0]}이(가) 두 번 있습니다.", f"{row[0]} stands twice in META.")
            self.meta[row[0]] = row[1] if len(row) > 1 else ""
            self.meta_lines[row[0]] = self.source.line
        else:
            _wrong("PROJECTS 전에 파일이 끝났습니다.", "the file ends before PROJECTS.")
        self._check_meta()

    def _check_meta(self) -> None:
        for key in NEEDED["META"]:
            if not self.meta.get(key):
                _wrong(f"META에 {key}이(가) 없습니다.", f"META has no {key}.")
        here = self.source.line
        for key in NEEDED["META"]:
            self.source.line = self.meta_lines[key]
            self._check_meta_value(key)
        self.source.line = here

    def _check_meta_value(self, key: str) -> None:
        if key.startswith("num_"):
            whole(key, self.meta[key])
        elif key == "budget":
            self.budget = money(key, self.meta[key])
        elif self.meta["vote_type"] not in VOTE_TYPES:
            kind, known = self.meta["vote_type"][:SHOWN], ", ".join(VOTE_TYPES)
            _wrong(
                f"투표 방식 ‘{kind}’은(는) 읽을 수 없습니다. 읽을 수 있는 방식: {known}.",
                f"votes of the type “{kind}” cannot be read, only: {known}.",
            )

    def _table(
        self, rows: Iterator[list[str]], title: str, *, until: str | None
    ) -> Iterator[dict[str, str]]:
        """The rows of a table by column name, up to the title of the next."""
        columns = next(rows, [])
        for name in NEEDED[title]:
            if columns.count(name) != 1:
                _wrong(
                    f"{title} 표에 {name} 열이 하나 있어야 합니다.",
                    f"{title} has to have one column {name}.",
                )
        if len(set(columns)) != len(columns):
            _wrong(f"{title} 표의 열 이름이 겹칩니다.", f"{title} has two columns of one name.")
        for row in rows:
            if until and row == [until]:
                return
            if len(row) < len(columns) or any(row[len(columns) :]):
                _wrong(
                    f"열이 {len(columns)}개여야 하는데 {len(row)}개입니다.",
                    f"{len(columns)} columns are expected, but there are {len(row)}.",
                )
            yield dict(zip(columns, row, strict=False))
        if until:
            _wrong(f"{until} 전에 파일이 끝났습니다.", f"the file ends before {until}.")

    def _read_project(self, row: Mapping[str, str]) -> None:
        name = _new_id("project_id", row, self.costs)
        self.costs[name] = money("cost", row["cost"])
        self.names[name] = row.get("name", "")
        self.votes[name] = optional_whole("votes", row.get("votes", ""))
        self.categories[name] = tuple(filter(None, row.get("category", "").split(",")))
        self.selected[name] = row.get("selected", "")
        if self.selected[name] not in ("", "0", "1", "2", "3"):
            found = self.selected[name][:SHOWN]
            _wrong(
                f"selected 값은 0, 1, 2, 3 가운데 하나여야 합니다: ‘{found}’.",
                f"selected has to be 0, 1, 2 or 3, but is “{found}”.",
            )

    def _read_voter(self, row: Mapping[str, str]) -> None:
        name = _new_id("voter_id", row, self.voters)
        chosen = tuple(one.strip() for one in row["vote"].split(",") if one.strip())
        for one in chosen:
            if one not in self.costs:
                _wrong(
                    f"PROJECTS에 없는 사업 ‘{one[:SHOWN]}’에 투표했습니다.",
                    f"a vote for project “{one[:SHOWN]}”, which is not in PROJECTS.",
                )
        if len(set(chosen)) != len(chosen):
            _wrong("한 사업에 두 번 투표했습니다.", "a vote names a project twice.")
        self.voters.add(name)
        sex = row.get("sex", "").upper() or None
        given = self._read_points(row, len(chosen))
        self.take(Voter(name, chosen, age(row.get("age", "")), sex, given))

    def _read_points(self, row: Mapping[str, str], count: int) -> tuple[int, ...]:
        """The points of a vote, one for each of its projects."""
        if "points" not in row:
            if self.meta["vote_type"] in WITH_POINTS:
                _wrong("VOTES 표에 points 열이 있어야 합니다.", "VOTES needs a column points.")
            return ()
        given = tuple(points(one.strip()) for one in row["points"].split(",") if one.strip())
        if len(given) != count:
            _wrong(
                f"사업은 {count}개인데 점수는 {len(given)}개입니다.",
                f"a vote names {count} projects, but gives points to {len(given)}.",
            )
        return given

    def _check_number(self, key: str, found: int) -> None:
        said = whole(key, self.meta[key])
        if found < said:
            _wrong(
                f"{key} 값은 {said}인데 {found}개뿐입니다. {CUT_OFF['ko']}",
                f"{key} says {said}, but there are only {found}: {CUT_OFF['en']}",
            )
        if found > said:
            _wrong(
                f"{key} 값은 {said}인데 {found}개가 있습니다.",
                f"{key} says {said}, but there are {found}.",
            )

    def _official_selection(self) -> OfficialSelection | None:
        if not any(self.selected.values()):
            return None
        if not all(self.selected.values()):
            _wrong(
                "selected 값이 일부 사업에만 있습니다.",
                "only some projects have a value in selected.",
            )
        return OfficialSelection(
            frozenset(one for one, value in self.selected.items() if value == "1"),
            frozenset(one for one, value in self.selected.items() if value in ("2", "3")),
        )
