"""A process that carries the story by forking children, and kills them at every commit.

It holds no connection itself, so that a child begins as a process just started, and the
databases can be copied while no child lives.
"""

import gc
import itertools
import json
import logging
import os
import shutil
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from flask import Flask
from sqlalchemy import func, literal, select, union_all

from mvote.app import create_app
from mvote.channels.deliveries.rules import LEASE
from mvote.db import METADATA, engines, reading
from mvote.exchange.service import take_documents
from mvote.exchange.tables import INBOX
from mvote.settings import WINGS, Settings
from mvote.votes.ballots.service.intake import stop_intakes
from mvote.worker import HANDLERS, JOBS
from tests.faults.story import STORY
from tests.forks import forks

MOST_ROUNDS, MOST_COMMITS = 12, 2
RESTARTS: Final = (timedelta(0), LEASE)
"""When a worker is started again: what a killed one was sending is free a while later."""
LOOKS: Final = "exchange_looks"

Run = Callable[[datetime], int]
State = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """A job, or the exchange of a wing."""

    name: str
    run: Run


def _exchange(wing: Any, now: datetime) -> int:
    return take_documents(wing, HANDLERS, now=now)


STEPS: Final = (
    *(Step(job.name, job.run) for job in JOBS),
    *(Step(f"exchange of {wing}", partial(_exchange, wing)) for wing in WINGS),
)


class _WouldCommit(BaseException):
    """Raised in the place of a commit."""


class _Commits:
    """Counts the commits of this process; ``meet`` is called before and behind each."""

    def __init__(self, app: Flask, meet: Callable[[int, bool], None]) -> None:
        self.count, self._meet = 0, meet
        with app.app_context():
            for engine in engines.engines.values():
                self._lay(engine.dialect)

    def _lay(self, dialect: Any) -> None:
        original = dialect.do_commit

        def commit(connection: Any) -> None:
            self.count += 1
            self._meet(self.count, False)
            original(connection)
            self._meet(self.count, True)

        dialect.do_commit = commit


@dataclass
class Nursery:
    """``killed`` counts by step, ``kinds`` are the documents that were taken."""

    settings: Settings
    app: Flask = field(init=False)
    begin: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    killed: Counter[str] = field(default_factory=Counter)
    kinds: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.app = create_app("both", self.settings)

    def carry(self) -> State:
        """The whole story; gives the state at its end."""
        gc.collect()
        gc.freeze()  # else every child would copy what its collector looks at
        for act, later in STORY:
            self._child(partial(act, self.begin))
            now = self.begin + later
            for _ in range(MOST_ROUNDS):
                if not self._round(now):
                    break
            else:
                self.faults.append(f"there is no end of work behind {act.__name__}")
        return self._child(partial(_state, self.settings.home))

    def _round(self, now: datetime) -> bool:
        """Whether anything was done; what was disturbed before goes by in one child."""
        due = [STEPS[place] for place in self._due(now)]
        new = [step for step in due if self._is_new(step)]
        done = sum(self._step(step, now) for step in new)
        known = [step for step in due if step not in new]
        return bool(
            done + self._child(lambda: {"done": sum(one.run(now) for one in known)})["done"]
        )

    def _is_new(self, step: Step) -> bool:
        """An exchange may bring a document of a kind that did not come before."""
        return step.name.startswith("exchange") or step.name not in self.killed

    def _due(self, now: datetime) -> Sequence[int]:
        """The places of the steps that would commit something; none does."""

        def refuse(_count: int, _done: bool) -> None:
            raise _WouldCommit

        def look() -> State:
            _Commits(self.app, refuse)
            due = []
            for place, step in enumerate(STEPS):
                try:
                    step.run(now)
                except _WouldCommit:
                    due.append(place)
            return {"due": due}

        due: Sequence[int] = self._child(look)["due"]
        return due

    def _step(self, step: Step, now: datetime) -> bool:
        """Whether it had something to do."""
        before = self._keep()
        whole = self._run(step, now)
        news = step.name.startswith("exchange") and set(whole["kinds"]) - self.kinds
        if whole["done"] and (news or step.name not in self.killed):
            state = self._restart(step, now)["state"]
            self._disturb(step, now, before, whole["commits"], state)
        self.kinds |= set(whole["kinds"])
        shutil.rmtree(before)
        return bool(whole["done"])

    def _disturb(self, step: Step, now: datetime, before: Path, commits: int, state: State) -> None:
        """Every way of being disturbed comes to the same, once a worker runs again."""
        after = self._keep()
        for place in range(1, min(commits, MOST_COMMITS) + 1):
            for behind in (False, True):
                self._put_back(before)
                died = self._run(step, now, die=(place, behind))["died"]
                self.killed[step.name] += died == -signal.SIGKILL
                what = f"killed {'behind' if behind else 'before'} commit {place}"
                self._compare(step, state, what, now=now)
        self._put_back(before)
        self._at_once(step, now)
        self._compare(step, state, "run twice at once", now=now)
        self._put_back(after)
        shutil.rmtree(after)

    def _compare(self, step: Step, state: State, what: str, *, now: datetime) -> None:
        found = self._restart(step, now)["state"]
        differs = {
            key: (state.get(key), found.get(key))
            for key in state | found
            if state.get(key) != found.get(key)
        }
        if differs:
            self.faults.append(f"{step.name}, {what}: {differs}")

    def _at_once(self, step: Step, now: datetime) -> int:
        ready, go = os.pipe()
        both = [self._fork(partial(_wait_and_run, ready, go, step, now)) for _ in range(2)]
        os.close(ready)
        os.close(go)
        return sum(self._gather(*one).get("done", 0) for one in both)

    def _run(self, step: Step, now: datetime, *, die: tuple[int, bool] = (0, False)) -> State:
        """What a child did; ``died`` is the signal that ended it, negative."""

        def meet(count: int, behind: bool) -> None:
            if (count, behind) == die:
                os.kill(os.getpid(), signal.SIGKILL)

        def work() -> State:
            commits = _Commits(self.app, meet)
            done = step.run(now)
            return {"done": done, "commits": commits.count, "kinds": _kinds()}

        return self._child(work)

    def _restart(self, step: Step, now: datetime) -> State:
        """A worker that was started again goes on until nothing is left."""

        def work() -> State:
            done = [step.run(now + later) for later in RESTARTS]
            return {"done": sum(done), "state": _state(self.settings.home)}

        return self._child(work)

    def _child(self, work: Callable[[], Any]) -> State:
        return self._gather(*self._fork(work))

    def _fork(self, work: Callable[[], Any]) -> tuple[int, int]:
        """A child that works in the app; what it says comes out of the second."""
        out, told = os.pipe()
        child = os.fork()
        if child:
            os.close(told)
            return child, out
        status = 1
        try:
            with self.app.app_context():
                said = work()
                stop_intakes()
            os.write(told, json.dumps(said).encode())
            status = 0
        except BaseException:
            traceback.print_exc(file=sys.stderr)
        finally:
            os._exit(status)

    def _gather(self, child: int, out: int) -> State:
        with os.fdopen(out, "rb") as pipe:
            said = pipe.read()
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        if code not in (0, -signal.SIGKILL):
            self.faults.append(f"a child ended with {code}")
        return {"died": min(code, 0), **(json.loads(said) or {} if said else {})}

    def _keep(self) -> Path:
        home = self.settings.home
        kept = home.with_name(f"{home.name}-{next(_numbers)}")
        return Path(shutil.copytree(home, kept, ignore=shutil.ignore_patterns("*-shm")))

    def _put_back(self, kept: Path) -> None:
        shutil.rmtree(self.settings.home)
        shutil.copytree(kept, self.settings.home)


_numbers = itertools.count()


def _wait_and_run(ready: int, go: int, step: Step, now: datetime) -> State:
    """Both begin once nobody holds the pipe open any more but themselves."""
    os.close(go)
    os.read(ready, 1)
    return {"done": step.run(now)}


def _kinds() -> list[str]:
    """The kinds of documents that were taken and not refused."""
    found: set[str] = set()
    for wing in WINGS:
        with reading(wing) as session:
            query = select(INBOX[wing].kind).where(INBOX[wing].refusal.is_(None))
            found |= set(session.scalars(query))
    return sorted(found)


def _state(home: Path) -> State:
    """What each effect leaves, without what is drawn by lot or tells the time."""
    found: State = {"bundles": len(list(home.glob("bundles/*.zip"))), "kinds": _kinds()}
    for wing in WINGS:
        tables = METADATA[wing].tables
        counts = [
            select(literal(name).label("name"), func.count().label("rows")).select_from(table)
            for name, table in tables.items()
            if name != LOOKS
        ]
        with reading(wing) as session:
            for name, rows in session.execute(union_all(*counts)):
                found[f"{wing}.{name}"] = rows
            names = session.scalars(select(tables["audit"].c.name)).all()
            states = session.scalars(select(tables["polls"].c.state)).all()
        found[f"{wing} audit"] = dict(sorted(Counter(names).items()))
        found[f"{wing} polls"] = sorted(states)
    return found


def carry(settings: Settings, told: Connection) -> None:
    """What the forked process does."""
    logging.disable()
    nursery = Nursery(settings)
    told.send((nursery.carry(), dict(nursery.killed), nursery.faults))


def carried(settings: Settings) -> tuple[State, dict[str, int], list[str]]:
    """The story in a process of its own: its end, the kills by step, and what was wrong."""
    context = forks()
    heard, told = context.Pipe(duplex=False)
    process = context.Process(target=carry, args=(settings, told))
    process.start()
    told.close()
    try:
        found: tuple[State, dict[str, int], list[str]] = heard.recv()
        return found
    finally:
        process.kill()
        process.join()
