"""Refusals: what mvote says no to, each a class with a stable code and a sentence in two languages.

::

    Refusal
    ├── Malformed          400  the request cannot be read
    ├── Unauthenticated    401  nobody known is calling
    ├── NotAllowed         403  the caller is known and may not
    ├── NotFound           404
    ├── Conflict           409  it contradicts what is already so
    ├── ChangedMeanwhile   412  another person saved in between
    ├── TooLarge           413
    ├── Invalid            422  read, understood, and against the rules
    ├── TooMany            429  a limit is reached; ``retry_after`` says when to come back
    └── Unavailable        503  mvote itself cannot now; nothing was changed

A domain's ``errors.py`` subclasses these.  The code of a refusal is its class
name in kebab case and never changes once published (``refusals.json``).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Self

from mvote.core.text import LANGUAGES, Words

Param = str | int


def kebab(name: str) -> str:
    """Turn a class name into a code: ``PollClosed`` becomes ``poll-closed``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()


class Refusal(Exception):
    """A clear no.  ``words`` may hold ``{placeholders}`` that the keyword parameters fill.

    Every placeholder is a required parameter; ``optional`` names parameters that a
    refusal may carry besides.
    """

    status: ClassVar[int] = 400
    words: ClassVar[Words]
    optional: ClassVar[tuple[str, ...]] = ()
    params: Mapping[str, Param]
    details: Mapping[str, Any] = {}
    """What a machine may want to know besides; stands beside the other members of the problem."""

    def __init__(self, **params: Param) -> None:
        needed = self.parameters()
        if not needed <= params.keys() <= needed | set(self.optional):
            raise TypeError(f"{type(self).__name__} takes {sorted(needed)}, got {sorted(params)}")
        self.params = params
        super().__init__(self.sentence("en"))

    def with_details(self, details: Mapping[str, Any]) -> Self:
        """The same refusal that tells more to machines."""
        self.details = dict(details)
        return self

    @classmethod
    def code(cls) -> str:
        return kebab(cls.__name__)

    @classmethod
    def parameters(cls) -> set[str]:
        """The names of the placeholders in the sentence."""
        return set(re.findall(r"{(\w+)}", cls.words["en"]))

    def sentence(self, language: str) -> str:
        return self.words[language].format(**self.params)

    def sentences(self) -> Words:
        return {language: self.sentence(language) for language in LANGUAGES}


class Malformed(Refusal):
    status = 400


class Unauthenticated(Refusal):
    status = 401


class NotAllowed(Refusal):
    status = 403


class NotFound(Refusal):
    status = 404


class Conflict(Refusal):
    status = 409


class ChangedMeanwhile(Refusal):
    status = 412


class TooLarge(Refusal):
    status = 413


class Invalid(Refusal):
    status = 422


class TooMany(Refusal):
    """``retry_after`` is in seconds and becomes the ``Retry-After`` header."""

    status = 429
    optional = ("retry_after",)


class Unavailable(Refusal):
    """``retry_after`` is in seconds and becomes the ``Retry-After`` header."""

    status = 503
    optional = ("retry_after",)


class DatabaseUnavailable(Unavailable):
    """Any act that reads or writes may meet it, so it stands beside the kinds."""

    words = {
        "ko": "저장소를 지금 쓸 수 없습니다. 바뀐 것은 없습니다. 잠시 뒤 다시 시도해 주십시오.",
        "en": "The database cannot be used now. Nothing was changed. Please try again shortly.",
    }


def all_refusals(root: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    """Every refusal that has words of its own, in the order in which the classes were made."""
    for kind in root.__subclasses__():
        if "words" in vars(kind):
            yield kind
        yield from all_refusals(kind)
