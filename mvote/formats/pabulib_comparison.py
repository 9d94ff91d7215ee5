"""Our count of a Pabulib file beside what its city published: the only reader of that."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from mvote.formats.pabulib import Instance


@dataclass(frozen=True, slots=True)
class Comparison:
    """Where a count and a file differ, by project id.

    ``wrong_totals`` gives (the file's votes, the counted ones); ``official`` is the
    published selection, sorted, and None with ``equal`` where nothing was published;
    ``missing`` was funded by the city and not by the count, ``surplus`` the other way.
    """

    wrong_totals: Mapping[str, tuple[int, int]]
    official: tuple[str, ...] | None
    missing: tuple[str, ...]
    surplus: tuple[str, ...]

    @property
    def equal(self) -> bool | None:
        return None if self.official is None else not self.missing and not self.surplus

    @property
    def agrees(self) -> bool:
        """Whether nothing that the file says is contradicted."""
        return not self.wrong_totals and self.equal is not False


def compare(
    instance: Instance, *, totals: Mapping[str, int], chosen: Collection[str]
) -> Comparison:
    """Compare votes by project id and the projects funded with the file.

    Where the file states no votes of a project, its own ballots are counted.
    Projects funded outside the rule are left out on both sides: they tell nothing
    about the count.
    """
    in_ballots = Counter(one for voter in instance.voters for one in voter.projects)
    wrong = {}
    for project in instance.projects:
        stated = in_ballots[project.id] if project.votes is None else project.votes
        if totals.get(project.id, 0) != stated:
            wrong[project.id] = (stated, totals.get(project.id, 0))
    selection = instance.official_selection
    if selection is None:
        return Comparison(wrong, None, (), ())
    counted = set(chosen) - selection.otherwise
    return Comparison(
        wrong,
        tuple(sorted(selection.chosen)),
        tuple(sorted(selection.chosen - counted)),
        tuple(sorted(counted - selection.chosen)),
    )
