"""Run ``mvote`` as a person would, and read what it says."""

import os
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from mvote.settings import Settings
from tests.forks import forks, mvote_command
from tests.servers import environment

RUN_SECONDS = 120


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
        process = forks().Process(
            target=mvote_command, args=(spelled, environment(settings), streams, cwd)
        )
        process.start()
        process.join(seconds)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(spelled, seconds)
        out, err = (one.read_text() if one.exists() else "" for one in streams[1:])
    return subprocess.CompletedProcess(spelled, process.exitcode, out, err)


def on_sqlite(home: Path) -> Settings:
    """An installation whose databases are not there yet."""
    return replace(Settings(), home=home, sms_gateway=f"file:{home / 'sms.jsonl'}")
