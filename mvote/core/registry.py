"""A named set of interchangeable parts: question types, counting methods, conditions."""

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

from mvote.core.errors import Invalid


class Named(Protocol):
    @property
    def name(self) -> str: ...


Part = TypeVar("Part", bound=Named)


class UnknownPart(Invalid):
    words = {
        "ko": "‘{name}’은(는) 없는 이름입니다. 쓸 수 있는 이름: {known}",
        "en": "“{name}” is not a known name. Known: {known}",
    }


class Registry(Generic[Part]):
    """Parts by name, in the order in which they are listed."""

    def __init__(self, what: str, *parts: Part) -> None:
        self.what = what
        self._parts = {part.name: part for part in parts}
        if len(self._parts) != len(parts):
            raise ValueError(f"two parts of the {what} registry share a name")

    def get(self, name: str) -> Part:
        """Raises UnknownPart."""
        try:
            return self._parts[name]
        except KeyError:
            raise UnknownPart(name=str(name)[:80], known=", ".join(self._parts)) from None

    def names(self) -> tuple[str, ...]:
        return tuple(self._parts)

    def __iter__(self) -> Iterator[Part]:
        return iter(self._parts.values())
