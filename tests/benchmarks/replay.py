"""How fast a published vote is replayed, and where the time goes; run by hand, no test.

    python -m tests.benchmarks.replay FILE.pb.gz [--voters 2000] [--processes 2]
        [--people-database-url … --votes-database-url …] [--runs 3]

It prints ballots per second, the milliseconds of each kind of request as the phones see
them, and the processor time of the phones, of the server and of its worker for each
ballot.  What was stored is counted afterwards.  Absolute figures differ from machine to
machine and from hour to hour: compare runs taken turn by turn.
"""

import argparse
import os
import re
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Select, create_engine, func, select

from mvote.client.api import Answer, Api
from mvote.formats.pabulib import Instance, read
from mvote.formats.pabulib_question import question_of
from mvote.operations.city import City
from mvote.operations.pabulib_city import THREADS, carry_out, settings_for
from mvote.people.permits.tables import IssuedRow
from mvote.settings import Settings
from mvote.votes.ballots.tables import EntryRow

TICKS = os.sysconf("SC_CLK_TCK")
KINDS = {
    r"POST /phone-checks": "ask for a code",
    r"POST /phone-checks/\w+/tokens": "enter the code",
    r"POST /polls/\w+/permits": "take a permit",
    r"POST /polls/\w+/ballots": "cast",
}


@dataclass
class Measured:
    """Seconds, by kind of request and by who used a processor."""

    requests: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    used: dict[str, float] = field(default_factory=dict)
    wall: float = 0.0


class TimedApi(Api):
    """Times the four requests of a voter; between the first and the last the processors too."""

    def __init__(self, city: City, measured: Measured, voters: int) -> None:
        super().__init__(city.url, connections=THREADS + 2)
        self._city, self._measured, self._voters = city, measured, voters
        self._lock = threading.Lock()
        self._first: tuple[float, dict[str, float]] | None = None

    def call(self, method: str, path: str, **given: Any) -> Answer:
        kind = next((k for form, k in KINDS.items() if re.fullmatch(form, f"{method} {path}")), "")
        if not kind:
            return super().call(method, path, **given)
        with self._lock:
            if self._first is None:
                self._first = time.perf_counter(), processors(self._city)
        began = time.perf_counter()
        answer = super().call(method, path, **given)
        ended = time.perf_counter()
        with self._lock:
            self._measured.requests[kind].append(ended - began)
            if len(self._measured.requests["cast"]) == self._voters:
                self._measured.wall = ended - self._first[0]
                now, before = processors(self._city), self._first[1]
                self._measured.used = {who: now[who] - before[who] for who in now}
        return answer


def processors(city: City) -> dict[str, float]:
    """Processor seconds so far of the phones (this process), the server and its worker."""
    used = {"phones": time.process_time(), "server": 0.0, "worker": 0.0}
    for entry in Path("/proc").iterdir():
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            command = (entry / "cmdline").read_bytes()
        except (OSError, ValueError):
            continue
        if entry.name.isdigit() and int(fields[2]) == city.running.pid:
            who = "worker" if b"\0worker\0" in command else "server"
            used[who] += (int(fields[11]) + int(fields[12])) / TICKS
    return used


def stored(settings: Settings) -> tuple[int, int]:
    """Permits issued and ballots on the board, counted in the databases."""
    return (
        _count(settings.database_url("people"), select(func.count()).select_from(IssuedRow)),
        _count(
            settings.database_url("votes"),
            select(func.count()).select_from(EntryRow).where(EntryRow.kind == "ballot"),
        ),
    )


def _count(url: str, query: Select[int]) -> int:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.scalar(query)
    engine.dispose()
    return found or 0


def first_voters(instance: Instance, voters: int | None) -> Instance:
    return replace(instance, voters=instance.voters[:voters], official_selection=None)


def measure(instance: Instance, settings: Settings, processes: int | None) -> Measured:
    """One run.  Raises RuntimeError where not every ballot was stored."""
    measured, voters = Measured(), len(instance.voters)
    before: list[tuple[int, int]] = []

    def open_api(city: City) -> Api:
        before.append(stored(settings))
        return TimedApi(city, measured, voters)

    counted, _ = carry_out(
        instance,
        question_of(instance),
        settings,
        processes=processes,
        tell=lambda _: None,
        open_api=open_api,
    )
    new = [now - was for now, was in zip(stored(settings), before[0], strict=True)]
    if {counted.cast, counted.counted, *new} != {voters}:
        raise RuntimeError(f"{voters} voters, but {counted.counted} counted and {new} stored")
    return measured


def show(measured: Measured, voters: int) -> None:
    say = sys.stdout.write
    say(f"{voters / measured.wall:8.1f} ballots/s over {measured.wall:.1f} s, all of them stored\n")
    for kind, seconds in measured.requests.items():
        cuts = statistics.quantiles(seconds, n=100)
        say(f"{kind:>16}: median {1000 * cuts[49]:7.1f} ms   p99 {1000 * cuts[98]:7.1f} ms\n")
    for who, seconds in measured.used.items():
        say(f"{who:>16}: {1000 * seconds / voters:7.2f} ms of a processor for each ballot\n")


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    reader.add_argument("file", type=Path)
    reader.add_argument("--voters", type=int, help="only the first so many")
    reader.add_argument("--processes", type=int, help="processes of the server")
    reader.add_argument("--people-database-url", default="")
    reader.add_argument("--votes-database-url", default="")
    reader.add_argument("--runs", type=int, default=1)
    asked = reader.parse_args()
    instance = first_voters(read(asked.file), asked.voters)
    for _ in range(asked.runs):
        with tempfile.TemporaryDirectory() as folder:
            settings = settings_for(
                Path(folder), asked.people_database_url, asked.votes_database_url
            )
            show(measure(instance, settings, asked.processes), len(instance.voters))


if __name__ == "__main__":
    main()
