"""Citizens of a secret poll, each with a phone, and processes in which they ask at once."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mvote.core.canonical import b64u
from mvote.core.issuing import BlindIssuerKey
from mvote.core.poll import PollDefinition
from mvote.core.secrecy.phone import PollSecrets
from mvote.settings import Settings
from tests.require import ROOT
from tests.servers import environment

Answer = tuple[int, dict[str, Any]]
START_SECONDS = 3.0
RUN_SECONDS = 90


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

    def __init__(self, settings: Settings, work: dict[str, Any]) -> None:
        folder = Path(tempfile.mkdtemp(dir=settings.home))
        (folder / "work").write_text(json.dumps(work))
        self._answers = folder / "answers"
        with (folder / "work").open() as given, self._answers.open("w") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.people.permits.taker"],
                env=environment(settings) | {"PYTHONPATH": os.fspath(ROOT)},
                cwd=ROOT,
                stdin=given,
                stdout=out,
            )

    def wait(self) -> int:
        """Its exit code."""
        try:
            return self._process.wait(RUN_SECONDS)
        finally:
            self._process.kill()

    def answers(self) -> list[Answer]:
        """One for every body that was sent."""
        assert self.wait() == 0
        return [(status, body) for status, body in json.loads(self._answers.read_text())]


def take_in_processes(settings: Settings, work: Sequence[dict[str, Any]]) -> list[Taker]:
    """Processes that begin to ask at the same moment."""
    at = time.time() + START_SECONDS
    return [Taker(settings, {**part, "at": at}) for part in work]
