"""Ballots as PrefLib writes them: orders of rankings, categories of choices and ratings.

Alternatives have the numbers 1, 2, … in the order of the question.  An order cannot be
empty, so blank rankings are left out, which the description tells.
"""

from collections.abc import Iterator, Mapping, Sequence

from mvote.core.questions.scale import scale_of
from mvote.core.shapes import Answer, Choices, Ranking, Scores
from mvote.formats.preflib import OURS
from mvote.formats.writing.ballots import Export, NotWritable, line_of, name_of

Groups = Sequence[Sequence[str]]


def write_preflib(export: Export) -> Iterator[str]:
    """Raises NotWritable for points, numbers and texts."""
    if all(isinstance(one, Ranking) for one in export.counts):
        yield from _orders(export)
    elif all(isinstance(one, Choices) for one in export.counts):
        yield from _categories(export, ["Yes", "No"])
    elif "scale" in export.question.config:
        scale = scale_of(export.question)
        values = range(scale.most, scale.least - 1, -1)
        yield from _categories(export, [line_of(scale.name_of(value)) for value in values])
    else:
        raise NotWritable(question=export.question.id, format="preflib")


def _orders(export: Export) -> Iterator[str]:
    number = _numbers(export)
    orders = {
        one.groups: count
        for one, count in export.counts.items()
        if isinstance(one, Ranking) and not one.blank
    }
    blank = export.voters - sum(orders.values())
    ties = any(len(group) > 1 for groups in orders for group in groups)
    whole = all(sum(map(len, groups)) == len(number) for groups in orders)
    kind = ("t" if ties else "s") + "o" + ("c" if whole else "i")
    said = f"; {blank} blank ballots are left out" if blank else ""
    yield from _header(export, kind, sum(orders.values()), said)
    yield f"# NUMBER UNIQUE ORDERS: {len(orders)}\n"
    yield from _names(export)
    for groups, count in sorted(orders.items(), key=lambda item: (-item[1], item[0])):
        yield f"{count}: {_order([[number[one] for one in group] for group in groups])}\n"


def _categories(export: Export, names: Sequence[str]) -> Iterator[str]:
    number = _numbers(export)
    yield from _header(export, "cat", export.voters, "")
    yield f"# NUMBER UNIQUE PREFERENCES: {len(export.counts)}\n"
    yield f"# NUMBER CATEGORIES: {len(names)}\n"
    for place, name in enumerate(names, 1):
        yield f"# CATEGORY NAME {place}: {name}\n"
    yield from _names(export)
    for answer, count in export.counts.items():
        groups = _graded(export, answer, len(names))
        yield f"{count}: {_order([[number[one] for one in group] for group in groups])}\n"


def _graded(export: Export, answer: Answer, count: int) -> Groups:
    """The options of each category, the best first; what was not rated stands in none."""
    ids = [option.id for option in export.question.options]
    if isinstance(answer, Choices):
        return [[one for one in ids if one in answer.ids], [o for o in ids if o not in answer.ids]]
    groups: list[list[str]] = [[] for _ in range(count)]
    if isinstance(answer, Scores):
        most = scale_of(export.question).most
        for one, score in answer.pairs:
            groups[most - score].append(one)
    return groups


def _numbers(export: Export) -> Mapping[str, str]:
    return {one.id: str(place) for place, one in enumerate(export.question.options, 1)}


def _header(export: Export, kind: str, voters: int, said: str) -> Iterator[str]:
    yield f"# FILE NAME: {export.poll}-{export.question.id.replace('/', '-')}.{kind}\n"
    yield f"# TITLE: {line_of(export.question.title)}\n"
    yield f"# DESCRIPTION: {OURS}{said}\n"
    yield f"# DATA TYPE: {kind}\n"
    yield "# MODIFICATION TYPE: original\n"
    yield "# RELATES TO:\n# RELATED FILES:\n"
    day = export.closed[:10]
    yield f"# PUBLICATION DATE: {day}\n# MODIFICATION DATE: {day}\n"
    yield f"# NUMBER ALTERNATIVES: {len(export.question.options)}\n"
    yield f"# NUMBER VOTERS: {voters}\n"


def _names(export: Export) -> Iterator[str]:
    for place, one in enumerate(export.question.options, 1):
        yield f"# ALTERNATIVE NAME {place}: {name_of(one)}\n"


def _order(groups: Groups) -> str:
    return ",".join(
        group[0] if len(group) == 1 else "{" + ",".join(group) + "}" for group in groups
    )
