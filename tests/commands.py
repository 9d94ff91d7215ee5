"""Run ``mvote`` as a person would, and read what it says."""

import os
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from mvote.settings import Settings
from tests.forks import Fork, mvote_command
from tests.servers import environment

RUN_SECONDS = 300


def run_mvote(
    settings: Settings,
    *arguments: str | Path,
    cwd: Path | None = None,
    seconds: int = RUN_SECONDS,
    given: str = "",
) -> subprocess.CompletedProcess[str]:
    """Exit code and what was printed, stdout and stderr apart; ``given`` is typed in."""
    spelled = [os.fspath(one) for one in arguments]
    with tempfile.TemporaryDirectory() as folder:
        streams = [Path(folder, name) for name in ("given", "out", "err")]
        streams[0].write_text(given)
        exit_code = Fork(mvote_command, spelled, environment(settings), streams, cwd).wait(seconds)
        if exit_code is None:
            raise subprocess.TimeoutExpired(spelled, seconds)
        out, err = (one.read_text() if one.exists() else "" for one in streams[1:])
    return subprocess.CompletedProcess(spelled, exit_code, out, err)


def on_sqlite(home: Path) -> Settings:
    """An installation whose databases are not there yet."""
    return replace(Settings(), home=home, sms_gateway=f"file:{home / 'sms.jsonl'}")
