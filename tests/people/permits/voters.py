"""Citizens of a secret poll, each with a phone, and processes in which they ask at once."""

import hashlib
import json
import tempfile
from collections.abc import Sequence
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from mvote.core.canonical import b64u
from mvote.core.issuing import BlindIssuerKey
from mvote.core.poll import PollDefinition
from mvote.core.secrecy.phone import PollSecrets
from mvote.settings import Settings
from tests.forks import Fork, forks
from tests.people.permits.taker import take_permits

Answer = tuple[int, dict[str, Any]]
RUN_SECONDS = 300


def a_phone(frozen: PollDefinition, voter: str = "somebody") -> PollSecrets:
    """A phone with a seed of its own."""
    [issuer] = frozen.issuer
    assert isinstance(issuer, BlindIssuerKey)
    seed = hashlib.sha256(voter.encode()).digest()
    return PollSecrets(seed, frozen.poll, frozen.hash, issuer.kid, issuer.public())


def spelled(value: int, length: int) -> str:
    """A number as a blinded value of so many bytes."""
    return b64u(value.to_bytes(length, "big"))


class Taker:
    """A process with an app of its own on the same database; ``taker`` says what work is."""

    def __init__(
        self, settings: Settings, work: dict[str, Any], together: Barrier | None = None
    ) -> None:
        self._told = Path(tempfile.mkdtemp(dir=settings.home), "told")
        self._together = together or forks().Barrier(1)  # it lives as long as somebody holds it
        self._fork = Fork(take_permits, settings, work, self._together, self._told)

    def wait(self) -> int | None:
        """Its exit code."""
        return self._fork.wait(RUN_SECONDS)

    def answers(self) -> list[Answer]:
        """One for every body that was sent."""
        assert self.wait() == 0
        return [(status, body) for status, body in json.loads(self._told.read_text())]


def take_in_processes(settings: Settings, work: Sequence[dict[str, Any]]) -> list[Taker]:
    """Processes that begin to ask at the same moment."""
    together = forks().Barrier(len(work), timeout=RUN_SECONDS)
    return [Taker(settings, part, together) for part in work]
