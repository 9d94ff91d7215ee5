"""Run ``mvote`` as a person would, and read what it says."""

import subprocess
from dataclasses import replace
from pathlib import Path

from mvote.settings import Settings
from tests.servers import MVOTE, environment

RUN_SECONDS = 120


def run_mvote(
    settings: Settings,
    *arguments: str | Path,
    cwd: Path | None = None,
    seconds: int = RUN_SECONDS,
    given: str = "",
) -> subprocess.CompletedProcess[str]:
    """Exit code and what was printed, stdout and stderr apart; ``given`` is typed in."""
    return subprocess.run(
        [MVOTE, *arguments],
        env=environment(settings),
        cwd=cwd,
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )


def on_sqlite(home: Path) -> Settings:
    """An installation whose databases are not there yet."""
    return replace(Settings(), home=home, sms_gateway=f"file:{home / 'sms.jsonl'}")
