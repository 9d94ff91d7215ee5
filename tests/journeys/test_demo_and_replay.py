"""``mvote demo`` and ``mvote replay`` as a person runs them, on samples of real files."""

import csv
import gzip
import io
import json
import signal
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import urllib3

from mvote.settings import Settings
from tests.commands import on_sqlite, run_mvote
from tests.databases import DatabaseUrls
from tests.servers import MVOTE, ask, environment, free_port

AMSTERDAM = "Netherlands_Amsterdam_643.pb"
MOKOTOW = "Poland_Warszawa_2021_Mokotow.pb.gz"
GDYNIA = "Poland_Gdynia_2024.pb.gz"
MINUTES = 600
SAMPLE = 25
"""Voters of a sample; what is proved of a vote does not grow with their number."""

Tables = dict[str, list[list[str]]]


def test_the_demo_shows_a_vote_from_question_to_answer_and_does_so_again(tmp_path: Path) -> None:
    settings = on_sqlite(tmp_path / "var")
    for _ in range(2):
        done = run_mvote(
            settings,
            *("demo", "--once", "--json", "--voters", "40", "--port", str(free_port())),
            cwd=tmp_path,
            seconds=MINUTES,
        )
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert "Every count equals what the phones sent." in told["steps"]
        assert set(told) == {"steps", "links", "officials"}


def test_the_demo_on_two_hosts_keeps_them_apart_and_serves_on(tmp_path: Path) -> None:
    """In the folder where it is called.  Serving on is the same with one process."""
    settings = replace(Settings(), sms_gateway="console")
    said: list[str] = []
    with subprocess.Popen(
        [MVOTE, "demo", "--two-sides", "--voters", "40"],
        env=environment(settings),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            said.append(line)
            if "until Ctrl-C" in line:
                break
        links = dict(line.strip().split(": ", 1) for line in said if ": http" in line)
        assert "Budget vote, result" in links, "".join(said)
        page = ask("GET", links["Budget vote, result"])
        running.send_signal(signal.SIGINT)
        assert running.wait(MINUTES) == 0, "".join(said)
    assert page.status == 200
    assert b"<svg" in page.data
    assert "Given the other's keys, either refuses to start.\n" in said
    for wing, other in (("people", "votes"), ("votes", "people")):
        home = tmp_path / "var" / f"{wing}-host"
        assert (home / f"{wing}.db").exists()
        assert (home / f"{wing}-keys" / "exchange.pem").exists()
        assert not list(home.glob(f"{other}.db*"))
        assert not list(home.glob(f"{other}-keys"))
    with pytest.raises(urllib3.exceptions.HTTPError):
        ask("GET", links["Budget vote, result"])


def read_tables(path: Path) -> Tables:
    """META, PROJECTS and VOTES as cells; these files quote only where they must."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    tables: Tables = {}
    table: list[list[str]] = []
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=";"):
        if row and row[0] in ("META", "PROJECTS", "VOTES"):
            table = tables.setdefault(row[0], [])
        else:
            table.append(row)
    return tables


def write_tables(tables: Tables, path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        for title, rows in tables.items():
            writer.writerow([title])
            writer.writerows(rows)
    return path


def cut(tables: Tables, *, voters: int) -> Tables:
    """The first votes of a file, the totals to match, and no selection: nobody published one."""
    votes = tables["VOTES"][: voters + 1]
    place = votes[0].index("vote")
    totals = Counter(one for row in votes[1:] for one in row[place].split(","))
    header, *projects = tables["PROJECTS"]
    counted, selected = header.index("votes"), header.index("selected")
    for row in projects:
        row[counted] = str(totals[row[0]])
        del row[selected]
    del header[selected]
    meta = [[key, str(voters) if key == "num_votes" else value] for key, value in tables["META"]]
    return {"META": meta, "PROJECTS": [header, *projects], "VOTES": votes}


def with_selection(tables: Tables, choose: Callable[[str], str]) -> Tables:
    header, *projects = tables["PROJECTS"]
    rows = [[*header, "selected"], *([*row, choose(row[0])] for row in projects)]
    return {**tables, "PROJECTS": rows}


def replay(path: Path, tmp_path: Path, *options: str) -> tuple[int, dict[str, Any]]:
    done = run_mvote(Settings(), "replay", path, "--json", *options, cwd=tmp_path, seconds=MINUTES)
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, json.loads(done.stdout)


def test_a_whole_small_file_comes_out_as_it_was(data_folder: Path, tmp_path: Path) -> None:
    code, told = replay(data_folder / "pb" / AMSTERDAM, tmp_path)
    assert code == 0
    assert set(told) == {
        *("votes_in_file", "cast", "counted", "totals", "chosen"),
        *("official", "equal", "result_url", "seconds"),
    }
    assert told["votes_in_file"] == told["cast"] == told["counted"] == 66
    assert sum(told["totals"].values()) == 66
    assert (told["official"], told["equal"]) == (None, None)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def sample(data_folder: Path) -> Tables:
    """The first votes of Warszawa Mokotów, which funds with skipping."""
    return cut(read_tables(data_folder / "pb" / MOKOTOW), voters=SAMPLE)


@pytest.mark.parametrize("empty_database_urls", ["postgresql"], indirect=True)
def test_a_sample_is_counted_vote_for_vote_on_postgresql_and_another_selection_is_told(
    data_folder: Path, tmp_path: Path, empty_database_urls: DatabaseUrls
) -> None:
    sample = cut(read_tables(data_folder / "pb" / GDYNIA), voters=SAMPLE)
    everything = with_selection(sample, lambda project: "1")
    code, told = replay(
        write_tables(everything, tmp_path / "gdynia.pb"),
        tmp_path,
        *("--people-database-url", empty_database_urls.people),
        *("--votes-database-url", empty_database_urls.votes),
    )
    assert (told["cast"], told["counted"], told["totals"]) == (SAMPLE, SAMPLE, stated_in(sample))
    assert (code, told["equal"], set(told["official"])) == (1, False, set(told["totals"]))


def stated_in(tables: Tables) -> dict[str, int]:
    place = tables["PROJECTS"][0].index("votes")
    return {row[0]: int(row[place]) for row in tables["PROJECTS"][1:]}


def test_what_was_funded_is_compared_and_a_wrong_total_found_in_what_is_kept(
    sample: Tables, tmp_path: Path
) -> None:
    row = sample["PROJECTS"][3]
    row[2] = str(int(row[2]) + 1)
    kept = tmp_path / "kept"
    code, told = replay(write_tables(sample, tmp_path / "wrong.pb"), tmp_path, "--keep", str(kept))
    assert (code, told["equal"], told["cast"]) == (1, None, SAMPLE)
    done = run_mvote(replace(Settings(), home=kept), "audit", "check")
    assert done.returncode == 0
    assert "votes: whole: 0 rows" not in done.stdout

    row[2] = str(int(row[2]) - 1)
    chosen = set(told["chosen"])
    published = with_selection(sample, lambda project: "1" if project in chosen else "0")
    code, told = replay(write_tables(published, tmp_path / "published.pb"), tmp_path)
    assert (code, told["equal"], set(told["official"])) == (0, True, chosen)


DAMAGE: dict[str, Callable[[str], str]] = {
    "cut off": lambda text: text[: len(text) // 2],
    "unknown project": lambda text: text.replace("14368855578;44250", "14368855578;nowhere"),
    "no budget": lambda text: text.replace("budget;5720", "budget;"),
    "negative cost": lambda text: text.replace("44250;", "44250;-", 1),
    "empty": lambda text: "",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_is_told_in_one_sentence(
    data_folder: Path, tmp_path: Path, damage: str
) -> None:
    text = (data_folder / "pb" / AMSTERDAM).read_text()
    damaged = tmp_path / "damaged.pb"
    damaged.write_text(DAMAGE[damage](text))
    assert damaged.read_text() != text
    assert_unreadable(damaged, tmp_path)


def assert_unreadable(path: Path, tmp_path: Path) -> None:
    done = run_mvote(Settings(), "replay", path, "--json", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"mvote: {path.name}")


def test_a_gzip_file_that_is_cut_off_is_told_so(data_folder: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "cut.pb.gz"
    damaged.write_bytes((data_folder / "pb" / MOKOTOW).read_bytes()[:50_000])
    assert_unreadable(damaged, tmp_path)


def test_a_file_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    assert_unreadable(tmp_path / "nothing.pb", tmp_path)


def test_a_vote_by_points_is_not_supported_yet_and_told_so(
    data_folder: Path, tmp_path: Path
) -> None:
    path = data_folder / "pb" / "Poland_Katowice_2024.pb.gz"
    assert_unreadable(path, tmp_path)
