"""What the suite promises about itself: no network, no hidden skip, walls between the databases."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.databases import DatabaseUrls
from tests.network import OutboundNetwork
from tests.postgres import Cluster
from tests.require import DATA_MISSING, ROOT

ELSEWHERE = ("192.0.2.1", 80)  # RFC 5737: belongs to nobody


@pytest.mark.parametrize("connect", ["connect", "connect_ex"])
def test_a_test_cannot_reach_another_machine(connect: str) -> None:
    with socket.socket() as reaching, pytest.raises(OutboundNetwork):
        getattr(reaching, connect)(ELSEWHERE)


def test_a_test_can_reach_this_machine() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as reaching,
    ):
        assert reaching.getpeername() == server.getsockname()


def _run_in_ci(folder: Path, body: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_it.py").write_text(f"import pytest\n\ndef test_it():\n    {body}\n")
    command = [sys.executable, "-m", "pytest", "-p", "tests.require", f"--rootdir={folder}"]
    outside = os.environ | {
        "CI": "true",
        "PATH": str(folder),
        "PYTHONPATH": str(ROOT),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    return subprocess.run(
        [*command, "-p", "no:cacheprovider", folder],
        env=outside,
        cwd=folder,
        text=True,
        check=False,
        capture_output=True,
    )


def test_a_skip_is_a_failure_in_ci(tmp_path: Path) -> None:
    done = _run_in_ci(tmp_path, "pytest.skip('PostgreSQL is not here')")
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "1 failed" in done.stdout


def test_a_missing_component_is_a_failure_in_ci_and_is_named(tmp_path: Path) -> None:
    done = _run_in_ci(tmp_path, "from tests.require import require; require('chromium')")
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "no Chromium is installed" in done.stdout


def test_only_the_real_data_may_be_missing_in_ci(tmp_path: Path) -> None:
    done = _run_in_ci(tmp_path, f"pytest.skip({DATA_MISSING!r})")
    assert done.returncode == pytest.ExitCode.OK
    assert "1 skipped" in done.stdout


@pytest.mark.parametrize("database_urls", ["postgresql"], indirect=True)
def test_a_wing_cannot_enter_the_database_of_the_other(database_urls: DatabaseUrls) -> None:
    people, votes = (url.replace("+psycopg", "") for url in database_urls)
    with psycopg.connect(people) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("people",)
    credential, _, _ = people.rpartition("@")
    _, _, votes_database = votes.rpartition("@")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(f"{credential}@{votes_database}")


def test_a_database_credential_is_needed(postgresql: Cluster) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host=str(postgresql.folder), user="votes", password="", dbname="postgres")
