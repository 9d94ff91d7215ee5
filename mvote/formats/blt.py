"""``.blt`` files: ballots for single transferable vote as OpenSTV, OpaVote and Droop write them.

::

    5 2                      # options and seats
    -3                       # option 3 withdrew
    [tie 2 1 5 4 3]          # Droop: 2 goes out first; also nick, withdrawn
    4 1 2=3 - 5 0            # four ballots: 1, then 2 and 3 alike, a skipped rank, then 5
    (ab-1) 1 2 0             # a ballot may carry an id
    /* Droop reads remarks like this too */
    0
    "Castor" … "The title"

Other options in brackets are passed over.  Candidates have the numbers 1, 2, … as ids.
Sources: the manuals of OpenSTV 1.7 and of Droop (blt format); Hill, Wichmann and
Woodall, Computer Journal 30 (1987).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from mvote.formats.election import Candidate, Election, Kind, Ranks
from mvote.formats.source import Source, shown, wrong

MOST_CANDIDATES = 10_000
WEIGHT = re.compile(r"\d{1,15}(\.0+)?", re.ASCII)
NAME = re.compile(r'"((?:[^"\\]|\\.)*)"')
NAMES = re.compile(rf"{NAME.pattern}(?:\s+{NAME.pattern})*")
OPTION = re.compile(r"\[\s*(\w+)([^\]]*)\]")
BALLOT_ID = re.compile(r"^\([^)]*\)\s*")


def read_blt(path: Path) -> Election:
    """Raises Unreadable."""
    source = Source(path)
    with source.faults():
        return _Reading(source).read()


@dataclass
class _Reading:
    source: Source
    count: int = 0
    seats: int = 0
    nicknames: dict[str, str] = field(default_factory=dict)
    read_ranks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    withdrawn: list[str] = field(default_factory=list)
    tie_order: tuple[str, ...] = ()
    weights: dict[str, int] = field(default_factory=dict)
    first_line: dict[str, int] = field(default_factory=dict)

    def read(self) -> Election:
        lines = _without_comments(self.source)
        self._read_counts(next(lines, ""))
        self._read_ballots(lines)
        names = self._read_names(lines)
        self.source.line = 0
        return Election(
            file=self.source.name,
            format="blt",
            title=names[self.count] if len(names) > self.count else "",
            candidates=tuple(
                Candidate(str(place), name) for place, name in enumerate(names[: self.count], 1)
            ),
            kind=Kind.RANKS,
            ballots=self._ballots(),
            seats=self.seats,
            withdrawn=tuple(dict.fromkeys(self.withdrawn)),
            tie_order=self.tie_order,
        )

    def _read_counts(self, line: str) -> None:
        numbers = line.split()
        if len(numbers) != 2 or not all(one.isascii() and one.isdigit() for one in numbers):
            wrong(
                "첫 줄에는 후보 수와 당선자 수가 있어야 합니다.",
                "the first line has to be the number of candidates and the number of seats.",
            )
        self.count, self.seats = (int(one[:12]) for one in numbers)
        if not 1 <= self.count <= MOST_CANDIDATES or self.seats < 1:
            wrong(
                f"후보 수는 1~{MOST_CANDIDATES}, 당선자 수는 1 이상이어야 합니다.",
                f"there have to be 1 to {MOST_CANDIDATES} candidates and at least 1 seat.",
            )

    def _read_ballots(self, lines: Iterator[str]) -> None:
        """Up to the line ``0``.  A ballot may go over several lines; it ends with 0."""
        begun = ""
        for line in lines:
            if not begun and line.startswith("["):
                self._read_options(line)
                continue
            if not begun and line.startswith("-"):
                self.withdrawn += [self._option(one[1:]) for one in line.split()]
                continue
            if not begun and line == "0":
                return
            whole = f"{begun} {line}" if begun else line
            if whole.rstrip().endswith((" 0", "\t0")):
                self._take(whole)
                begun = ""
            elif '"' in line:
                break
            else:
                begun = whole
        wrong(
            "투표 목록을 끝내는 0이 없습니다. 파일이 중간에 잘린 것 같습니다.",
            "the 0 that ends the ballots is missing: the file seems to be cut off.",
        )

    def _take(self, line: str) -> None:
        if line.startswith("("):
            line = BALLOT_ID.sub("", line)
        weight, ranks = line.split(maxsplit=1)
        if not WEIGHT.fullmatch(weight):
            wrong(
                f"투표 줄은 0 이상의 정수인 표 수로 시작해야 합니다: ‘{shown(weight)}’.",
                "a line of ballots begins with how many there are, a whole number, "
                f"not with “{shown(weight)}”.",
            )
        self.weights[ranks] = self.weights.get(ranks, 0) + int(weight.partition(".")[0])
        self.first_line.setdefault(ranks, self.source.line)

    def _read_options(self, line: str) -> None:
        for name, rest in OPTION.findall(line):
            words = rest.split()
            if name == "nick":
                self.nicknames = {nick: str(place) for place, nick in enumerate(words, 1)}
            elif name == "withdrawn":
                self.withdrawn += [self._option(one) for one in words]
            elif name == "tie":
                order = dict.fromkeys(self._option(one) for one in words)
                self.tie_order = tuple(reversed(order))

    def _option(self, word: str) -> str:
        known = self.nicknames.get(word)
        if known is not None:
            return known
        if not (word.isascii() and word.isdigit() and 1 <= int(word[:9]) <= self.count):
            wrong(
                f"1~{self.count} 사이의 후보 번호가 있어야 하는데 ‘{shown(word)}’이(가) 있습니다.",
                f"“{shown(word)}” is not the number of a candidate, which are 1 to {self.count}.",
            )
        return str(int(word))

    def _ballots(self) -> dict[Ranks, int]:
        made: dict[Ranks, int] = {}
        for spelled, weight in self.weights.items():
            self.source.line = self.first_line[spelled]
            closed = "=".join(one.strip() for one in spelled.split("="))
            ranks = self._ranks(closed.split()[:-1])
            made[ranks] = made.get(ranks, 0) + weight
        return made

    def _rank(self, word: str) -> tuple[str, ...]:
        """One rank; kept, as there are few words in many ballots."""
        rank = () if word == "-" else tuple(self._option(one) for one in word.split("="))
        return self.read_ranks.setdefault(word, rank)

    def _ranks(self, words: list[str]) -> Ranks:
        ranks = tuple([self.read_ranks.get(word) or self._rank(word) for word in words])
        ids = [one for rank in ranks for one in rank]
        if len(set(ids)) != len(ids):
            wrong("한 표에 같은 후보가 두 번 있습니다.", "a ballot names a candidate twice.")
        return ranks

    def _read_names(self, lines: Iterator[str]) -> list[str]:
        """The names, then the title: in quotation marks, or each alone on a line.

        Where each line of a candidate has two, the second is the party.  What stands below
        the title is a remark.
        """
        found = [_texts(line) for line in islice(lines, self.count + 1)]
        if len(found) >= self.count and all(len(line) == 2 for line in found[: self.count]):
            found = [[f"{one} ({party[0]})" if party else one] for one, *party in found]
        names = [name for line in found for name in line]
        if len(names) < self.count:
            wrong(
                f"후보 이름이 {self.count}개여야 하는데 {len(names)}개뿐입니다. "
                "파일이 중간에 잘린 것 같습니다.",
                f"there have to be {self.count} names of candidates, but there are only "
                f"{len(names)}: the file seems to be cut off.",
            )
        return names


def _texts(line: str) -> list[str]:
    """The texts in quotation marks; marks within a name may stand doubled or bare."""
    if NAMES.fullmatch(line):
        texts = [re.sub(r"\\(.)", r"\1", one) for one in NAME.findall(line)]
    else:
        texts = [line.removeprefix('"').removesuffix('"').replace('""', '"')]
    return [" ".join(one.split()) for one in texts]


def _without_comments(source: Source) -> Iterator[str]:
    """The lines that say something, without comments and spaces around them."""
    within = False
    for line in source.lines():
        plain = line.strip()
        if within or "/*" in plain:
            plain, within = _without_remark(plain, within)
        if "#" in plain and '"' not in plain:
            plain = plain.partition("#")[0].rstrip()
        elif "#" in plain:
            plain = re.sub(r'^((?:[^"#]|"(?:[^"\\]|\\.)*")*)#.*$', r"\1", plain).rstrip()
        if plain:
            yield plain


def _without_remark(line: str, within: bool) -> tuple[str, bool]:
    """A line without what stands in ``/* */``, and whether the next begins in a remark."""
    kept = ""
    while line:
        if within:
            _, end, line = line.partition("*/")
            within = not end
            continue
        before, begin, line = line.partition("/*")
        if before.count('"') % 2:
            return kept + before + begin + line, False
        kept += before
        within = bool(begin)
    return kept.strip(), within
