"""One place decides what a missing component means: a skip at a desk, a failure in CI.

A test or fixture asks ``require("postgresql")`` and gets the component's path.
Only the folder of real data may be missing in CI, for it lies outside the
repository; any other skip there is turned into a failure, wherever it came from.
"""

import os
import shutil
from collections.abc import Callable, Generator
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).parents[1]
DATA_MISSING = "the folder of real data is not here (set MVOTE_TEST_DATA)"


def _program(*names: str) -> Path | None:
    found = next(filter(None, map(shutil.which, names)), None)
    return Path(found) if found else None


def _postgresql() -> Path | None:
    """The newest folder of server programs; Debian keeps them out of PATH."""
    installed = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    installed.sort(key=lambda folder: int(folder.parent.name))
    in_path = _program("postgres")
    return in_path.parent if in_path else (installed or [None])[-1]


def _chromium() -> Path | None:
    return _program("chromium", "chromium-browser", "google-chrome")


def _data() -> Path | None:
    folder = Path(os.environ.get("MVOTE_TEST_DATA") or ROOT.parent / "shared" / "data")
    return folder.resolve() if folder.is_dir() else None


_COMPONENTS: dict[str, tuple[Callable[[], Path | None], str]] = {
    "postgresql": (_postgresql, "the PostgreSQL server programs are not installed (postgresql)"),
    "chromium": (_chromium, "no Chromium is installed (chromium)"),
    "node": (lambda: _program("node", "nodejs"), "Node.js is not installed (nodejs)"),
    "npm": (lambda: _program("npm"), "npm is not installed (nodejs, npm)"),
    "nginx": (lambda: _program("nginx", "/usr/sbin/nginx"), "nginx is not installed (nginx-light)"),
    "systemd-analyze": (
        lambda: _program("systemd-analyze"),
        "systemd-analyze is not installed (systemd)",
    ),
    "data": (_data, DATA_MISSING),
}


def require(component: str) -> Path:
    """Where a component lies; skips when it is missing, and fails in CI unless it is the data."""
    find, missing = _COMPONENTS[component]
    path = find()
    if path is None:
        _missing(missing)
    return path


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder of real data, which lies outside the repository."""
    return require("data")


def _missing(why: str) -> NoReturn:
    if _in_ci() and why != DATA_MISSING:
        pytest.fail(why, pytrace=False)
    pytest.skip(why)


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def _forbid_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if not _in_ci() or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if reason.removeprefix("Skipped: ") != DATA_MISSING:
        report.outcome = "failed"
        report.longrepr = f"skipped in CI, where only the real data may be missing: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _forbid_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _forbid_skip(report)
    return report
