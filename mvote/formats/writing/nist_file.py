"""Ballots as cast vote records in JSON by NIST SP 1500-103, one record a ballot.

A shared rank is written as two selections of one rank; who reads it back has to know
that it is no overvote, which ``ReportingDevice.Application`` tells.
"""

import json
from collections.abc import Iterator
from typing import Any

from mvote.core.shapes import Answer, Choices, Ranking, Scores
from mvote.formats.writing.ballots import ORDERED, Export, line_of, name_of

APPLICATION = "mvote"
ELECTION, AREA, DEVICE = "mvote-election", "mvote-area", "mvote-board"


def write_nist(export: Export) -> Iterator[str]:
    """The report as JSON text.  Raises NotWritable."""
    export.require("nist", *ORDERED)
    head = json.dumps(_head(export), ensure_ascii=False, indent=1).rstrip("}\n")
    yield head + ',\n "CVR": ['
    for number, answer in enumerate(export.ballots(), 1):
        record = json.dumps(_record(export, number, answer), ensure_ascii=False)
        yield ("," if number > 1 else "") + "\n  " + record
    yield "\n ]\n}\n"


def _head(export: Export) -> dict[str, Any]:
    return {
        "@type": "CVR.CastVoteRecordReport",
        "Version": "1.0.0",
        "GeneratedDate": export.closed,
        "ReportGeneratingDeviceIds": [DEVICE],
        "ReportType": ["other"],
        "OtherReportType": "counted ballots of a closed poll",
        "Notes": f"poll {export.poll}, SHA-256 of its definition {export.poll_hash}",
        "GpUnit": [{"@id": AREA, "@type": "CVR.GpUnit", "Type": "other", "OtherType": "city"}],
        "ReportingDevice": [
            {"@id": DEVICE, "@type": "CVR.ReportingDevice", "Application": APPLICATION}
        ],
        "Election": [_election(export)],
    }


def _election(export: Export) -> dict[str, Any]:
    question = export.question
    contest: dict[str, Any] = {
        "@id": question.id,
        "@type": "CVR.CandidateContest",
        "Name": line_of(question.title),
        **_variation(export),
        "ContestSelection": [
            {
                "@id": one.id,
                "@type": "CVR.CandidateSelection",
                "CandidateIds": [f"candidate-{one.id}"],
            }
            for one in question.options
        ],
    }
    seats = question.counting.options.get("seats")
    if type(seats) is int:
        contest["NumberElected"] = seats
    return {
        "@id": ELECTION,
        "@type": "CVR.Election",
        "Name": line_of(export.title),
        "ElectionScopeId": AREA,
        "Candidate": [
            {"@id": f"candidate-{one.id}", "@type": "CVR.Candidate", "Name": name_of(one)}
            for one in question.options
        ],
        "Contest": [contest],
    }


def _variation(export: Export) -> dict[str, Any]:
    first = next(iter(export.counts), Choices(()))
    if isinstance(first, Ranking):
        return {"VoteVariation": "rcv"}
    if isinstance(first, Scores):
        points = export.question.type == "points"
        return {"VoteVariation": "cumulative" if points else "range"}
    if all(isinstance(one, Choices) and len(one.ids) <= 1 for one in export.counts):
        return {"VoteVariation": "plurality", "VotesAllowed": 1}
    return {"VoteVariation": "approval"}


def _record(export: Export, number: int, answer: Answer) -> dict[str, Any]:
    selections = [
        {
            "@type": "CVR.CVRContestSelection",
            "ContestSelectionId": option,
            "SelectionPosition": [
                {
                    "@type": "CVR.SelectionPosition",
                    "HasIndication": "yes",
                    "IsAllocable": "yes",
                    "NumberVotes": votes,
                    **({"Rank": rank} if rank else {}),
                }
            ],
        }
        for option, rank, votes in _marks(answer)
    ]
    contest: dict[str, Any] = {"@type": "CVR.CVRContest", "ContestId": export.question.id}
    if selections:
        contest["CVRContestSelection"] = selections
    else:
        contest["Status"] = ["not-indicated"]
    snapshot = {
        "@id": f"ballot-{number}",
        "@type": "CVR.CVRSnapshot",
        "Type": "original",
        "CVRContest": [contest],
    }
    return {
        "@type": "CVR.CVR",
        "UniqueId": str(number),
        "ElectionId": ELECTION,
        "CurrentSnapshotId": f"ballot-{number}",
        "CVRSnapshot": [snapshot],
    }


def _marks(answer: Answer) -> Iterator[tuple[str, int, int]]:
    """Each mark as option, rank (0: none) and number of votes."""
    if isinstance(answer, Choices):
        yield from ((one, 0, 1) for one in answer.ids)
    elif isinstance(answer, Ranking):
        for rank, group in enumerate(answer.groups, 1):
            yield from ((one, rank, 1) for one in group)
    elif isinstance(answer, Scores):
        yield from ((one, 0, score) for one, score in answer.pairs)
