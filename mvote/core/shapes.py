"""The few shapes an answer can have: what question types give and counting methods take."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choices:
    """A set of chosen options: sorted ids without doubles; none chosen is a blank vote."""

    ids: tuple[str, ...]

    def __post_init__(self) -> None:
        if any(one >= other for one, other in zip(self.ids, self.ids[1:], strict=False)):
            raise ValueError("the chosen options have to be sorted and without doubles")

    @classmethod
    def of(cls, ids: Iterable[str]) -> "Choices":
        return cls(tuple(sorted(set(ids))))

    @property
    def blank(self) -> bool:
        return not self.ids


Shape = type[Choices]
