"""PrefLib files: ``.soc``, ``.soi``, ``.toc``, ``.toi`` (orders) and ``.cat`` (categories).

Lines ``# KEY: value`` in front, then ``count: 3,{1,2},4``: the number of voters and
their order, the best first, a tie in braces; in ``.cat`` the options of each category.
Files from before 2022 begin with the number of options, ``1,name`` for each, and the
number of voters, then have lines ``3,{1,2},4``; they are read too.
Options have the numbers of the file as ids.  Elections on paper have ties for what were
overvotes there.  Source: preflib.org/format.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from mvote.formats.election import Candidate, Election, Kind, Ranks
from mvote.formats.source import Source, shown, wrong

TYPES = ("soc", "soi", "toc", "toi", "cat")
GROUP = re.compile(r"\{([^{}]*)\}|([^,{}]+)")
ORDER = re.compile(r"(?:\{[^{}]*\}|[^,{}]+)(?:,(?:\{[^{}]*\}|[^,{}]+))*")
OURS = "Counted by mvote"
"""Begins the description of our own exports, whose ties are no overvotes."""
NUMBERS = ("NUMBER ALTERNATIVES", "NUMBER VOTERS")


def read_preflib(path: Path) -> Election:
    """Raises Unreadable."""
    source = Source(path)
    with source.faults():
        return _Reading(source).read()


@dataclass
class _Reading:
    source: Source
    header: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    ballots: Counter[Ranks] = field(default_factory=Counter)

    def read(self) -> Election:
        started = False
        for plain in _as_today(one.strip() for one in self.source.lines()):
            if plain.startswith("#"):
                self._read_header(plain)
            elif plain:
                if not started:
                    self._check_header()
                started = True
                self._read_order(plain)
        if not started:
            self._check_header()
        self._check_voters()
        return Election(
            file=self.source.name,
            format=f"preflib {self.type}",
            title=self.header.get("TITLE", ""),
            candidates=tuple(Candidate(one, name) for one, name in self.names.items()),
            kind=Kind.GRADES if self.type == "cat" else Kind.RANKS,
            ballots=self.ballots,
            overvotes=not self.header.get("DESCRIPTION", "").startswith(OURS),
        )

    @property
    def type(self) -> str:
        """By the header, else by the ending of the name."""
        return (self.header.get("DATA TYPE") or self.source.name.removesuffix(".gz")[-3:]).lower()

    def _read_header(self, line: str) -> None:
        named, colon, said = line.removeprefix("#").partition(":")
        key, value = named.strip().upper(), said.strip()
        if not colon or not key:
            wrong("‘# 이름: 값’ 줄이 있어야 합니다.", "a line “# KEY: value” is expected.")
        if key.startswith("ALTERNATIVE NAME"):
            self.names[key.rpartition(" ")[2]] = value
        else:
            self.header[key] = value

    def _number(self, key: str) -> int:
        value = self.header.get(key, "")
        if not (value.isascii() and value.isdigit()):
            wrong(
                f"머리글에 {key} 값(정수)이 없습니다. PrefLib 파일이 아닌 것 같습니다.",
                f"the header has no whole number {key}: this seems to be no PrefLib file.",
            )
        return int(value[:15])

    def _check_header(self) -> None:
        if self.type not in TYPES:
            known = ", ".join(TYPES)
            wrong(
                f"자료 종류 ‘{shown(self.type)}’은(는) 읽을 수 없습니다. 종류: {known}.",
                f"the data type “{shown(self.type)}” cannot be read, only: {known}.",
            )
        count = self._number(NUMBERS[0])
        self._number(NUMBERS[1])
        if len(self.names) != count:
            wrong(
                f"NUMBER ALTERNATIVES는 {count}인데 이름은 {len(self.names)}개입니다.",
                f"NUMBER ALTERNATIVES says {count}, but {len(self.names)} are named.",
            )

    def _read_order(self, line: str) -> None:
        count, colon, order = line.partition(":")
        order = order.replace(" ", "")
        number = count.strip()
        if not colon or not (number.isascii() and number.isdigit() and len(number) <= 15):
            wrong(
                f"‘표 수: 순서’ 줄이 있어야 합니다: ‘{shown(line)}’.",
                f"a line “number: order” is expected, not “{shown(line)}”.",
            )
        if order and not ORDER.fullmatch(order):
            wrong(
                f"순서를 읽을 수 없습니다: ‘{shown(order)}’.",
                f"the order cannot be read: “{shown(order)}”.",
            )
        self.ballots[self._ranks(order)] += int(number)

    def _ranks(self, order: str) -> Ranks:
        ranks: Ranks = tuple(
            tuple(one for one in (match[1] or match[2] or "").split(",") if one)
            for match in GROUP.finditer(order)
        )
        ids = [one for rank in ranks for one in rank]
        unknown = next((one for one in ids if one not in self.names), None)
        if unknown is not None:
            wrong(
                f"머리글에 없는 번호 ‘{shown(unknown)}’이(가) 있습니다.",
                f"“{shown(unknown)}” is not the number of an alternative in the header.",
            )
        if len(set(ids)) != len(ids):
            wrong("한 순서에 같은 번호가 두 번 있습니다.", "an order names an alternative twice.")
        if self.type == "cat":
            return self._padded(ranks)
        return tuple(rank for rank in ranks if rank)

    def _padded(self, ranks: Ranks) -> Ranks:
        """All categories, also the last ones that a line leaves out."""
        count = self._number("NUMBER CATEGORIES")
        if len(ranks) > count:
            wrong(
                f"범주는 {count}개인데 {len(ranks)}개가 있습니다.",
                f"there are {count} categories, but the line has {len(ranks)}.",
            )
        return ranks + ((),) * (count - len(ranks))

    def _check_voters(self) -> None:
        said, found = self._number(NUMBERS[1]), self.ballots.total()
        if found < said:
            wrong(
                f"NUMBER VOTERS는 {said}인데 {found}표뿐입니다. 파일이 중간에 잘린 것 같습니다.",
                f"NUMBER VOTERS says {said}, but there are only {found}: "
                "the file seems to be cut off.",
            )
        if found > said:
            wrong(
                f"NUMBER VOTERS는 {said}인데 {found}표가 있습니다.",
                f"NUMBER VOTERS says {said}, but there are {found}.",
            )


def _as_today(lines: Iterator[str]) -> Iterator[str]:
    """The lines of a file from before 2022 as they would be written now; others as they are."""
    first = next(filter(None, lines), "")
    if not (first.isascii() and first.isdigit() and len(first) <= 6):
        yield first
        yield from lines
        return
    yield f"# NUMBER ALTERNATIVES: {first}"
    for line in islice(lines, int(first)):
        number, _, name = line.partition(",")
        yield f"# ALTERNATIVE NAME {number.strip()}: {name.strip()}"
    voters = next(lines, "").split(",")
    yield f"# NUMBER VOTERS: {voters[min(1, len(voters) - 1)].strip()}"
    for line in lines:
        yield line.replace(",", ": ", 1)
