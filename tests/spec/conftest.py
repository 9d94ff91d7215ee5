"""Tools from npm for the tests of the interface: Spectral, openapi-typescript, tsc."""

import fcntl
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.require import require

HERE = Path(__file__).parent
INSTALL_SECONDS = 900
RUN_SECONDS = 600


@dataclass(frozen=True, slots=True)
class NpmTools:
    """The programs ``spectral``, ``openapi-typescript`` and ``tsc``."""

    folder: Path

    def run(
        self, program: str, *arguments: str | Path, cwd: Path = HERE
    ) -> subprocess.CompletedProcess[str]:
        """Run a program and return its exit code and what it printed, errors mixed in."""
        return subprocess.run(
            [self.folder / ".bin" / program, *arguments],
            cwd=cwd,
            text=True,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=RUN_SECONDS,
        )


@pytest.fixture(scope="session")
def npm_tools() -> NpmTools:
    """Installed once, anew when package.json changes; workers wait for one another."""
    npm = require("npm")
    folder, stamp = HERE / "node_modules", HERE / "node_modules" / ".installed-for"
    with (HERE / "package.json").open() as wanted:
        fcntl.flock(wanted, fcntl.LOCK_EX)
        text = wanted.read()
        if not stamp.is_file() or stamp.read_text() != text:
            stamp.unlink(missing_ok=True)  # half of another list may lie there from now on
            _install(npm)
            stamp.write_text(text)
    return NpmTools(folder)


def _install(npm: Path) -> None:
    """No lock file, which would record addresses; no scripts, none is needed.

    What npm fetched before serves again, and a fault of the line is tried once more, and again.
    """
    command = [npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"]
    command += ["--prefer-offline", "--fetch-retries=5"]
    done = subprocess.run(
        command,
        cwd=HERE,
        env=os.environ | {"NPM_CONFIG_UPDATE_NOTIFIER": "false"},
        capture_output=True,
        text=True,
        check=False,
        timeout=INSTALL_SECONDS,
    )
    if done.returncode:
        raise RuntimeError(f"npm install failed:\n{done.stdout}{done.stderr}")
