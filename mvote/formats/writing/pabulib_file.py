"""Ballots over projects with costs as a Pabulib file."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence

from mvote.core.shapes import Answer, Choices, Ranking, Scores
from mvote.formats.writing.ballots import ORDERED, Export, NotWritable, line_of, name_of

RULES = {
    "budget-greedy": "greedy",
    "budget-greedy-no-skip": "greedy-no-skip",
    "budget-greedy-threshold": "greedy-threshold",
    "budget-points": "greedy",
    "budget-positions": "greedy",
    "equal-shares": "equalshares",
}


def write_pabulib(export: Export) -> Iterator[str]:
    """Raises NotWritable for questions without costs, and for shared ranks."""
    export.require("pabulib", *ORDERED)
    if not export.question.options or any(one.cost is None for one in export.question.options):
        raise NotWritable(question=export.question.id, format="pabulib")
    kind = _vote_type(export)
    yield from _meta(export, kind)
    yield from _projects(export)
    yield "VOTES\n"
    yield _row(["voter_id", "vote", *(["points"] if kind == "cumulative" else [])])
    for number, answer in enumerate(export.ballots(), 1):
        cells = [str(number), ",".join(_ids(answer))]
        if isinstance(answer, Scores):
            cells.append(",".join(str(points) for _, points in answer.pairs))
        yield _row(cells)


def _vote_type(export: Export) -> str:
    first = next(iter(export.counts), Choices(()))
    if isinstance(first, Ranking):
        shared = any(
            len(group) > 1
            for one in export.counts
            if isinstance(one, Ranking)
            for group in one.groups
        )
        if shared:
            raise NotWritable(question=export.question.id, format="pabulib")
        return "ordinal"
    return "cumulative" if isinstance(first, Scores) else "approval"


def _meta(export: Export, kind: str) -> Iterator[str]:
    question = export.question
    options = question.counting.options
    least = options.get("min_points", options.get("min_votes"))
    yield "META\n"
    yield _row(["key", "value"])
    rows = {
        "description": line_of(export.title),
        "unit": export.poll,
        "num_projects": len(question.options),
        "num_votes": export.voters,
        "budget": options.get("budget", 0),
        "vote_type": kind,
        "rule": RULES.get(question.counting.method, "unknown"),
        "date_end": export.closed[:10],
        "min_length": question.config.get("least"),
        "max_length": question.config.get("most"),
        "max_sum_cost": question.config.get("limit"),
        "max_sum_points": question.config.get("points"),
        "min_project_score_threshold": 1 if least is None else least,
    }
    for key, value in rows.items():
        if value is not None:
            yield _row([key, str(value)])


def _projects(export: Export) -> Iterator[str]:
    votes: Counter[str] = Counter()
    for answer, count in export.counts.items():
        votes.update(dict.fromkeys(_ids(answer), count))
    known = [] if export.winners is None else ["selected"]
    yield "PROJECTS\n"
    yield _row(["project_id", "cost", "votes", "name", *known])
    for one in export.question.options:
        chosen = [] if export.winners is None else [str(int(one.id in export.winners))]
        yield _row([one.id, str(one.cost), str(votes[one.id]), name_of(one), *chosen])


def _ids(answer: Answer) -> Sequence[str]:
    if isinstance(answer, Scores):
        return [one for one, _ in answer.pairs]
    return answer.ids if isinstance(answer, (Choices, Ranking)) else ()


def _row(cells: Sequence[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\n").writerow(cells)
    return out.getvalue()
