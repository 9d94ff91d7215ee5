"""Cast vote records in JSON by NIST SP 1500-103 (version 1.0).

The records are read one after another, so that a long report needs no more memory than
its distinct ballots.  Of a record the snapshot counts that it names as the current one;
where that is what a round of a count left of it, the original.
Options have the ``@id`` of their ContestSelection as ids; names come from the candidates.
One contest is read: the only one, or the one that is named.
"""

import json
import re
from codecs import getincrementaldecoder
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mvote.formats.election import Candidate, Election, Kind, Marks
from mvote.formats.source import Source, WrongValue, opened, shown, wrong

CHUNK = 1 << 20
LONGEST_LITERAL = 32
APPLICATION = "mvote"
ROUND = re.compile(r"-round-\d+$")
RANKED = ("rcv", "borda")
POINTED = ("cumulative", "range")


def read_nist(path: Path, *, contest: str | None = None) -> Election:
    """Raises Unreadable."""
    source = Source(path)
    with source.faults():
        return _Reading(source, contest).read()


class _Reading:
    def __init__(self, source: Source, contest: str | None) -> None:
        self.source = source
        self.contest = contest
        self.records: dict[str, Counter[Any]] = {}
        self.report: dict[str, Any] = {}

    def read(self) -> Election:
        for key, value in members(self.source):
            if key == "CVR":
                self._take(value)
            else:
                self.report[key] = value
        if not str(self.report.get("@type", "")).startswith(("CVR.CastVote", "CastVote")):
            wrong(
                "NIST SP 1500-103 CastVoteRecordReport가 아닙니다.",
                "this is no CastVoteRecordReport of NIST SP 1500-103.",
            )
        contests = dict(self._contests())
        chosen = self._chosen(contests)
        return self._election(contests[chosen], self.records.get(chosen, Counter()))

    def _take(self, record: Any) -> None:
        """Count the marks of a record for each of its contests."""
        if not isinstance(record, dict):
            wrong("CVR 목록에 객체가 아닌 것이 있습니다.", "a record in CVR is no object.")
        for contest in _current(record).get("CVRContest", ()):
            marks = tuple(sorted(_marks(contest)))
            self.records.setdefault(str(contest.get("ContestId")), Counter())[marks] += 1

    def _contests(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for election in _list(self.report, "Election"):
            names = {one.get("@id"): one.get("Name") for one in _list(election, "Candidate")}
            for contest in _list(election, "Contest"):
                yield str(contest.get("@id")), {**contest, "names": names}

    def _chosen(self, contests: Mapping[str, Any]) -> str:
        if self.contest is not None:
            by_name = {str(one.get("Name")): key for key, one in contests.items()}
            found = self.contest if self.contest in contests else by_name.get(self.contest)
            if found is not None:
                return found
        elif len(contests) == 1:
            return next(iter(contests))
        known = ", ".join(contests) or "-"
        raise WrongValue(
            f"파일에 있는 경선 가운데 하나를 --option contest=로 지정해 주십시오: {known}.",
            f"name one contest of the file by --option contest=…: {known}.",
        )

    def _election(self, contest: Mapping[str, Any], records: Counter[Any]) -> Election:
        names: Mapping[str, str] = contest["names"]
        candidates = tuple(
            Candidate(str(one.get("@id")), _name(one, names))
            for one in _list(contest, "ContestSelection")
        )
        known = {one.id for one in candidates}
        kind = _kind(contest, records)
        ballots: Counter[Any] = Counter()
        for marks, count in records.items():
            unknown = next((one for one, _, _ in marks if one not in known), None)
            if unknown is not None:
                wrong(
                    f"경선에 없는 선택지 ‘{shown(unknown)}’이(가) 표에 있습니다.",
                    f"a record marks “{shown(unknown)}”, which the contest does not offer.",
                )
            ballots[_ballot(kind, marks)] += count
        seats = contest.get("NumberElected")
        return Election(
            file=self.source.name,
            format="nist 1500-103",
            title=str(contest.get("Name") or ""),
            candidates=candidates,
            kind=kind,
            ballots=ballots,
            seats=seats if isinstance(seats, int) and seats > 0 else None,
            single=contest.get("VotesAllowed") == 1 or contest.get("VoteVariation") == "plurality",
            marked=not self._is_ours(),
        )

    def _is_ours(self) -> bool:
        """Our own reports hold answers, in which several options on a rank share it."""
        devices = _list(self.report, "ReportingDevice")
        return any(one.get("Application") == APPLICATION for one in devices)


def members(source: Source) -> Iterator[tuple[str, Any]]:
    """The members of the one JSON object in a file; those of the array ``CVR`` one by one.

    Raises WrongValue where the file is no such object or is cut off.
    """
    with opened(source.path) as raw:
        text = _Text(source, raw)
        text.expect("{")
        while text.peek() != "}":
            key = text.value()
            text.expect(":")
            if key == "CVR" and text.peek() == "[":
                text.expect("[")
                while text.peek() != "]":
                    yield key, text.value()
                    text.comma("]")
                text.expect("]")
            else:
                yield str(key), text.value()
            text.comma("}")
        text.expect("}")


class _Text:
    """JSON read piece by piece; keeps only what is not used up yet, and counts lines."""

    def __init__(self, source: Source, raw: Any) -> None:
        self.source = source
        self.raw = raw
        self.decode = json.JSONDecoder().raw_decode
        self.text = ""
        self.at = 0
        self.to_text = getincrementaldecoder("utf-8")()
        self.ended = False
        source.line = 1
        self._more()
        self.text = self.text.removeprefix("\ufeff")

    def _more(self, least: int = CHUNK) -> bool:
        """Read on; gives whether there was anything.  Raises WrongValue for bad UTF-8."""
        self.source.line += self.text.count("\n", 0, self.at)
        self.text, self.at = self.text[self.at :], 0
        piece = self.raw.read(least)
        self.ended = not piece
        try:
            added = self.to_text.decode(piece, final=self.ended)
        except UnicodeDecodeError as error:
            self.source.line += self.text.count("\n") + error.object[: error.start].count(b"\n")
            raise
        self.text += added
        return bool(added) or not self.ended

    def peek(self) -> str:
        """The next character that is no space; empty at the end."""
        while True:
            while self.at < len(self.text) and self.text[self.at] in " \t\r\n":
                self.at += 1
            if self.at < len(self.text) or not self._more():
                return self.text[self.at : self.at + 1]

    def expect(self, sign: str) -> None:
        if self.peek() != sign:
            self._fail(f"‘{sign}’", f"“{sign}”")
        self.at += 1

    def comma(self, end: str) -> None:
        if self.peek() == ",":
            self.at += 1
        elif self.peek() != end:
            self._fail("‘,’", "“,”")

    def value(self) -> Any:
        self.peek()
        least = CHUNK
        while True:
            try:
                made, at = self.decode(self.text, self.at)
            except RecursionError:
                self._fail("얕은 JSON 값", "a JSON value that is not so deep")
            except json.JSONDecodeError as error:
                torn = error.msg.startswith("Unterminated")
                offset, left = error.pos - self.at, len(self.text) - error.pos
                if (torn or left < LONGEST_LITERAL) and self._more(least):
                    least *= 2
                    continue
                self.at = len(self.text) if torn else self.at + offset
                self._fail("JSON 값", "a JSON value")
            if at < len(self.text) or self.ended or isinstance(made, (dict, list, str)):
                self.at = at
                return made
            self._more()

    def _fail(self, ko: str, en: str) -> None:
        self.source.line += self.text.count("\n", 0, self.at)
        self.at = self.at if self.peek() else len(self.text)
        if self.at >= len(self.text):
            wrong(
                f"{ko}이(가) 있어야 할 곳에서 파일이 끝났습니다. 파일이 중간에 잘린 것 같습니다.",
                f"the file ends where {en} is expected: it seems to be cut off.",
            )
        found = shown(self.text[self.at : self.at + 20])
        wrong(
            f"JSON에 {ko}이(가) 있어야 하는데 ‘{found}’이(가) 있습니다.",
            f"{en} is expected in the JSON, but there is “{found}”.",
        )


def _list(holder: Any, key: str) -> Sequence[dict[str, Any]]:
    made = holder.get(key, []) if isinstance(holder, dict) else None
    if not isinstance(made, list) or not all(isinstance(one, dict) for one in made):
        wrong(f"{key}은(는) 객체의 목록이어야 합니다.", f"{key} has to be a list of objects.")
    return made


def _current(record: Mapping[str, Any]) -> Mapping[str, Any]:
    wanted = str(record.get("CurrentSnapshotId"))
    counted = ROUND.search(wanted) is not None
    for snapshot in _list(record, "CVRSnapshot"):
        if snapshot.get("Type") == "original" if counted else snapshot.get("@id") == wanted:
            return snapshot
    raise WrongValue(
        f"CVR에 CurrentSnapshotId ‘{shown(wanted)}’의 기록이 없습니다.",
        f"a record has no snapshot “{shown(wanted)}”, its CurrentSnapshotId.",
    )


def _marks(contest: Mapping[str, Any]) -> Iterator[tuple[str, int, int]]:
    """Each mark as option, rank (0: none given) and number of votes."""
    for selection in _list(contest, "CVRContestSelection"):
        for position in _list(selection, "SelectionPosition"):
            if position.get("HasIndication") == "no" or position.get("IsAllocable") == "no":
                continue
            rank = position.get("Rank", selection.get("Rank", 0))
            votes = position.get("NumberVotes", 1)
            if not isinstance(rank, int) or not isinstance(votes, int):
                wrong("Rank와 NumberVotes는 정수여야 합니다.", "Rank has to be a whole number.")
            yield str(selection.get("ContestSelectionId")), rank, votes


def _name(selection: Mapping[str, Any], names: Mapping[str, str]) -> str:
    found = [names.get(one) or str(one) for one in selection.get("CandidateIds", ())]
    return " / ".join(found) or str(selection.get("Selection") or selection.get("@id"))


def _kind(contest: Mapping[str, Any], records: Mapping[Any, int]) -> Kind:
    variation = contest.get("VoteVariation")
    if variation in RANKED or any(rank for marks in records for _, rank, _ in marks):
        return Kind.RANKS
    return Kind.POINTS if variation in POINTED else Kind.PICKS


def _ballot(kind: Kind, marks: Sequence[tuple[str, int, int]]) -> Marks:
    if kind is Kind.PICKS:
        return tuple(sorted({one for one, _, _ in marks}))
    if kind is Kind.POINTS:
        return tuple((one, votes) for one, _, votes in marks)
    ranks: list[tuple[str, ...]] = [()] * max((rank for _, rank, _ in marks), default=0)
    for one, rank, _ in marks:
        if rank > 0:
            ranks[rank - 1] = (*ranks[rank - 1], one)
    return tuple(ranks)
