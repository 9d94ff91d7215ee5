"""Counting a closed poll of a million ballots on PostgreSQL; run by hand, no test.

    python -m tests.benchmarks.tally [--ballots 1000000] [--distinct 2000 20000]

A server of its own is started; ballots are made by one statement in the table of a
board, ranked among ten options.  Equal ballots are put together by the database, so the
memory that the count needs follows the distinct ballots and not the ballots: the peak
above what the program held before is printed for each number of distinct ones.  The
breakdown is of a poll that asks for district, age group, gender and one choice: the
database gives one row for each combination, the table is made of these rows.
"""

import argparse
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import text

from mvote.app import create_app
from mvote.core.result import tally
from mvote.db import transaction
from mvote.operations.database import upgrade
from mvote.operations.pabulib_city import settings_for
from mvote.settings import WINGS
from mvote.votes.ballots import service as ballots
from mvote.votes.polls import service as polls
from tests.makers import words
from tests.postgres import Cluster
from tests.require import require
from tests.votes import carrying

OPTIONS = [f"o{place}" for place in range(10)]
GROUPS = {"district": 25, "age": 7, "gender": 3, "choice": 4}
FILL = r"""
    INSERT INTO board_entries (poll, position, kind, leaf, voter_key, seq, body)
    SELECT :poll, 10 + g, 'ballot', sha256(('leaf' || g)::bytea), sha256(g::text::bytea), 1,
           '{"ans":' || answers[1 + CAST(CAST(g AS bigint) * 7919 % :distinct AS integer)]
           || ',"seq"\:1}'
    FROM generate_series(1, :ballots) AS g, (SELECT CAST(:answers AS text[])) AS a (answers)
    """


def question(name: str, kind: str, ids: Sequence[str], method: str) -> dict[str, Any]:
    return {
        "id": name,
        "type": kind,
        "title": words(name),
        "options": [{"id": one, "title": words(one)} for one in ids],
        "config": {},
        "counting": {"method": method, "options": {}},
        "blank": True,
    }


def closed_poll(questions: list[dict[str, Any]], answers: list[str], count: int) -> str:
    """A poll that was closed without ballots and got a million after all."""
    poll = carrying.freeze(questions=questions, revote=False)
    carrying.open_poll(poll)
    carrying.close(poll, issued=0)
    given = {"poll": poll, "answers": answers, "distinct": len(answers), "ballots": count}
    with transaction("votes") as session:
        session.execute(text(FILL), given)
    return poll


def rankings(distinct: int) -> list[str]:
    chance, made = random.Random(2026), dict[str, None]()
    while len(made) < distinct:
        ranking = chance.sample(OPTIONS, chance.randint(1, len(OPTIONS)))
        made.setdefault(json.dumps({"q1": ranking}, separators=(",", ":")))
    return list(made)


def combinations() -> list[str]:
    made: list[dict[str, list[str]]] = [{}]
    for name, count in GROUPS.items():
        made = [{**one, name: [f"{name}{place}"]} for one in made for place in range(count)]
    random.Random(2026).shuffle(made)
    return [json.dumps(one, separators=(",", ":")) for one in made]


def measured(what: str, act: Callable[[], int]) -> None:
    """Print the seconds and how far memory rose above what was held before."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before, began = memory("VmRSS"), time.perf_counter()
    rows = act()
    seconds = time.perf_counter() - began
    rise = (memory("VmHWM") - before) / 1024
    print(f"{what}: {rows:,} rows from the database, {seconds:.1f} s, peak +{rise:.1f} MB")  # noqa: T201


def memory(name: str) -> int:
    """Kilobytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def count_ranked(poll: str) -> int:
    definition, rows = polls.definition_of(poll), 0

    def counted() -> Any:
        nonlocal rows
        for spelled, weight in ballots.iter_counted(poll):
            rows += 1
            yield spelled, weight

    outcome = tally(definition, counted(), poll_hash=definition.hash)["q1"]
    print(f"  {outcome.ballots:,} ballots, winner {outcome.winners}")  # noqa: T201
    return rows


def break_down(poll: str) -> int:
    """The choice by district, age and gender, from the grouped rows."""
    table: Counter[tuple[str, ...]] = Counter()
    rows = 0
    for spelled, weight in ballots.iter_counted(poll):
        given = json.loads(spelled)
        table[tuple(given[name][0] for name in GROUPS)] += weight
        rows += 1
    print(f"  {table.total():,} ballots in {len(table):,} cells")  # noqa: T201
    return rows


def app_on(cluster: Cluster, home: Path) -> Flask:
    people, votes = (cluster.create(wing, f"bench_{wing}") for wing in WINGS)
    settings = settings_for(home, people, votes)
    upgrade(settings, WINGS)
    return create_app("both", settings)


def main() -> None:
    parser = argparse.ArgumentParser(description="a million ballots of a closed poll")
    parser.add_argument("--ballots", type=int, default=1_000_000)
    parser.add_argument("--distinct", type=int, nargs="+", default=[2_000, 20_000])
    given = parser.parse_args()
    cluster = Cluster(require("postgresql"))
    try:
        with tempfile.TemporaryDirectory() as home:
            app = app_on(cluster, Path(home))
            with app.app_context():
                ranked = [question("q1", "ranking", OPTIONS, "irv")]
                for distinct in given.distinct:
                    poll = closed_poll(ranked, rankings(distinct), given.ballots)
                    measured("ranked", lambda poll=poll: count_ranked(poll))
                asked = [
                    question(
                        name, "single-choice", [f"{name}{n}" for n in range(count)], "plurality"
                    )
                    for name, count in GROUPS.items()
                ]
                poll = closed_poll(asked, combinations(), given.ballots)
                measured("breakdown", lambda: break_down(poll))
    finally:
        cluster.stop()


if __name__ == "__main__":
    main()
