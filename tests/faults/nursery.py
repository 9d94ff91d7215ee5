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
import time
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
from sqlalchemy import func, literal, select, text, union_all

from mvote.app import create_app
from mvote.channels.deliveries.rules import LEASE
from mvote.db import METADATA, engine, engines, reading
from mvote.exchange.service import take_documents
from mvote.exchange.tables import INBOX
from mvote.settings import WINGS, Settings
from mvote.votes.ballots.service.intake import stop_intakes
from mvote.worker import HANDLERS, JOBS
from tests.faults.story import STORY
from tests.forks import forks

MOST_ROUNDS, MOST_COMMITS = 12, 2
TRIES: Final = 3000
WAYS: Final = 2
"""How often a step is disturbed where nothing is put back."""
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
            for one in engines.engines.values():
                self._lay(one.dialect)

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
        self._warm_up()
        gc.collect()
        gc.freeze()  # else every child would copy what its collector looks at
        for act, later in STORY:
            self._child(partial(act, self.begin))
            if not self._work(self.begin + later):
                self.faults.append(f"there is no end of work behind {act.__name__}")
        return self._child(partial(_state, self.settings.home))

    def _warm_up(self) -> None:
        """Spell once for all children what the steps ask of the databases, and keep no more.

        So they run in an app of their own: a step may remember that it ran.
        """
        other = create_app("both", self.settings)
        spelled: dict[str, dict[Any, Any]] = {wing: {} for wing in WINGS}
        for app in (self.app, other):
            with app.app_context():
                for wing in WINGS:
                    engine(wing).update_execution_options(compiled_cache=spelled[wing])
        with other.app_context():
            for step in STEPS:
                step.run(self.begin)
            for wing in WINGS:
                engine(wing).dispose()

    def _work(self, now: datetime) -> bool:
        """Whether rounds came to an end of what there is to do."""
        return any(not self._round(now) for _ in range(MOST_ROUNDS))

    def _round(self, now: datetime) -> bool:
        """Whether anything was done; what was disturbed before goes by in one child."""
        due = [STEPS[place] for place in self._due(now)]
        new = [step for step in due if self._is_new(step)]
        done = sum(self._step(step, now) for step in new)
        known = [step for step in due if step not in new]
        return bool(done + self._run_all(known, now))

    def _run_all(self, steps: Sequence[Step], now: datetime) -> int:
        """One after the other in one child; how many things were done."""
        done: int = self._child(lambda: {"done": sum(step.run(now) for step in steps)})["done"]
        return done

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


@dataclass
class OneWay(Nursery):
    """Puts nothing back, which is dear on PostgreSQL: what was killed or doubled goes on.

    The first time that a step has something to do it is killed before its first commit and
    then run twice at once, the second time it is killed behind its first commit; the exchange
    so in turns.  What comes twice is there at the end, which is otherwise that of a story that
    nobody disturbs.
    """

    disturbs: bool = True
    met: Counter[str] = field(default_factory=Counter)

    def _work(self, now: datetime) -> bool:
        """What a killed worker was sending is free a while later, and sent then."""
        moments = RESTARTS if self.disturbs else RESTARTS[:1]
        return all(super(OneWay, self)._work(now + later) for later in moments)

    def _is_new(self, step: Step) -> bool:
        return self.disturbs and (step.name.startswith("exchange") or self.met[step.name] < WAYS)

    def _step(self, step: Step, now: datetime) -> bool:
        behind = self.met[step.name] % WAYS == 1
        died = self._run(step, now, die=(1, behind))["died"]
        self.met[step.name] += 1
        self.killed[step.name] += died == -signal.SIGKILL
        self._child(_await_end_of_the_dead)
        return bool(behind or self._at_once(step, now))


_numbers = itertools.count()


def _await_end_of_the_dead() -> None:
    """A killed worker's locks are held until the server has noticed."""
    others = """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
        """
    for wing in WINGS:
        with engine(wing).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for _ in range(TRIES):
                if not connection.execute(text(others)).scalar_one():
                    break
                time.sleep(0.01)
            else:
                raise RuntimeError("somebody else holds the database")


def _wait_and_run(ready: int, go: int, step: Step, now: datetime) -> State:
    """Both begin once nobody holds the pipe open any more but themselves."""
    for wing in WINGS:
        engine(wing).connect().close()
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


def carry(made: Callable[[], Nursery], told: Connection) -> None:
    """What the forked process does."""
    logging.disable()
    nursery = made()
    told.send((nursery.carry(), dict(nursery.killed), nursery.faults))


def carried(made: Callable[[], Nursery]) -> tuple[State, dict[str, int], list[str]]:
    """The story in a process of its own: its end, the kills by step, and what was wrong."""
    context = forks()
    heard, told = context.Pipe(duplex=False)
    process = context.Process(target=carry, args=(made, told))
    process.start()
    told.close()
    try:
        found: tuple[State, dict[str, int], list[str]] = heard.recv()
        return found
    finally:
        process.kill()
        process.join()
