"""``mvote rehearse``: a vote of synthetic citizens on this installation, and no trace of it."""

import json
import random
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from statistics import quantiles
from typing import Any

import click
import urllib3
from flask import Flask

from mvote.app import create_app
from mvote.audit.rules import Happening
from mvote.audit.service import record
from mvote.client.api import Api
from mvote.client.errors import ClientTrouble
from mvote.core.secrecy.levels import LEVELS
from mvote.db import engines, transaction
from mvote.operations.database import check_revisions
from mvote.operations.rehearse_traces import (
    Traces,
    forget,
    left_behind,
    noted,
    remove,
)
from mvote.operations.rehearse_vote import THREADS, Rehearsal, Tell
from mvote.settings import WINGS, Settings, SettingsFault
from mvote.votes.polls import service as polls

FEWEST, MOST, VOTERS = 20, 100_000, 200
MOST_SEED = 2**31
READY_SECONDS = 10.0
SHOWN = 20


@dataclass(frozen=True, slots=True)
class RehearsalHeld(Happening):
    """Its subject is the rehearsal's name; ``wrong`` counts what did not go as it should."""

    voters: int
    level: str
    wrong: int
    removed: bool


@click.command()
@click.option(
    "--voters",
    type=click.IntRange(FEWEST, MOST),
    default=VOTERS,
    show_default=True,
    help="Synthetic citizens.",
)
@click.option("--seed", type=click.IntRange(0, MOST_SEED), help="To repeat what they do.")
@click.option(
    "--level",
    type=click.Choice([one for one in LEVELS.names() if one != "open"]),
    default="secret",
    show_default=True,
    help="Privacy level of the poll.",
)
@click.option("--url", help="Address of the server.  [default: MVOTE_PUBLIC_URL]")
@click.option("--department", help="Code of the department that holds the poll.  [default: any]")
@click.option("--clean", is_flag=True, help="Only remove what an earlier rehearsal left.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def rehearse(
    *,
    voters: int,
    seed: int | None,
    level: str,
    url: str | None,
    department: str | None,
    clean: bool,
    as_json: bool,
) -> None:
    """Let synthetic citizens vote on this installation, and remove everything afterwards.

    Run it on the eve of voting day, beside the databases of both wings and while
    `mvote serve` and its worker run.  Officials draft, approve, open and close a
    poll that is marked as a rehearsal; citizens enter codes, take permits, vote,
    check receipts, change their minds and send what has to be refused, all over
    HTTP; the count is compared with what was cast, and a secret poll is counted
    again from its bundle.  No SMS is sent: these citizens have no numbers.  The
    poll stands in no public list, feed or record.  What stays are the lines of the
    logs and the documents between the wings.

    \b
    Exit code 0: all went as it should and nothing is left; 1: something did not.

    \b
    Examples:
      mvote rehearse
      mvote rehearse --voters 2000 --seed 7 --json
      mvote rehearse --clean
    """
    settings = Settings.from_env()
    tell: Tell = partial(click.echo, err=True)
    with _inside(settings) as app:
        _clean_up(app, settings, tell)
        if clean:
            return
        seed = random.randrange(MOST_SEED) if seed is None else seed
        traces = Traces.begin(places=voters + 1, department=_department(department))
        address = (url or settings.public_url).rstrip("/")
        report = _hold(app, settings, traces, address, level=level, seed=seed, tell=tell)
    click.echo(json.dumps(report, ensure_ascii=False, indent=2) if as_json else _spell(report))
    sys.exit(0 if report["well"] else 1)


@contextmanager
def _inside(settings: Settings) -> Iterator[Flask]:
    """An app with both wings in this process.  Raises SettingsFault."""
    if settings.people_url or settings.votes_url:
        raise SettingsFault(
            "mvote rehearse works beside the databases of both wings; MVOTE_PEOPLE_URL and"
            " MVOTE_VOTES_URL say that they are apart"
        )
    check_revisions(settings, WINGS)
    app = create_app("both", settings)
    with app.app_context():
        try:
            yield app
        finally:
            for engine in engines.engines.values():
                engine.dispose()


def _clean_up(app: Flask, settings: Settings, tell: Tell) -> None:
    """Remove what rehearsals left that were killed.  Raises NotRemoved."""
    for traces in left_behind(settings.home):
        remove(traces, app)
        forget(traces, settings.home)
        _record(traces, level="", wrong=1, removed=True)
        tell(f"What {traces.name} had left is removed.")


def _department(wanted: str | None) -> str:
    """The one that is wanted, or the first.  Raises SettingsFault."""
    known = [one.code for one in polls.list_departments()]
    if not known:
        raise SettingsFault("there is no department yet; add one with `mvote department add`")
    if wanted is not None and wanted not in known:
        raise SettingsFault(f"there is no department {wanted}; there are {', '.join(known)}")
    return wanted or known[0]


def _hold(
    app: Flask,
    settings: Settings,
    traces: Traces,
    address: str,
    *,
    level: str,
    seed: int,
    tell: Tell,
) -> dict[str, Any]:
    """Hold the rehearsal, remove it whatever happened, and say how it went."""
    began, ready = time.monotonic(), _readiness(address)
    api = Api(address, connections=THREADS + 2)
    held = Rehearsal(traces, app, api, level, seed, tell)
    with noted(traces, settings.home), _stoppable():
        try:
            held.run()
        except (ClientTrouble, TimeoutError) as fault:
            held.found.blame(f"the rehearsal could not go on: {fault}")
        except KeyboardInterrupt:
            held.found.blame("the rehearsal was stopped")
        finally:
            api.close()
            _undisturbed()
            tell("Removing everything.")
            remove(traces, app)
    report = _report(held, seconds=time.monotonic() - began)
    _record(traces, level=level, wrong=held.found.wrong.total(), removed=True)
    return {**report, "address": address, "ready": ready}


def _report(held: Rehearsal, *, seconds: float) -> dict[str, Any]:
    """What ``--json`` prints, but for the server."""
    return {
        "well": not held.found.wrong.total(),
        "rehearsal": held.traces.name,
        "level": held.level,
        "seed": held.seed,
        "citizens": held.traces.places - 1,
        "voted": sum(phone.cast is not None for phone in held.phones),
        "ballots": sum(phone.ballots for phone in held.phones),
        "wrong": dict(held.found.wrong.most_common()),
        "seconds": round(seconds, 1),
        "steps": {what: _figures(times) for what, times in held.found.times.items()},
    }


def _record(traces: Traces, *, level: str, wrong: int, removed: bool) -> None:
    """The line that stays."""
    happened = RehearsalHeld(
        traces.name, voters=traces.places - 1, level=level, wrong=wrong, removed=removed
    )
    with transaction("votes") as session:
        record(session, "votes", happened, now=datetime.now(UTC))


@contextmanager
def _stoppable() -> Iterator[None]:
    """SIGTERM stops it as Ctrl-C does, so that what was made is removed."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _undisturbed() -> None:
    """What is being removed is removed to the end."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)


def _readiness(address: str) -> dict[str, Any]:
    """What the server says of itself.  Raises SettingsFault where none answers."""
    with urllib3.PoolManager(retries=False, timeout=READY_SECONDS) as pool:
        try:
            answer = pool.request("GET", f"{address}/readyz")
            said: dict[str, Any] = answer.json()
        except (urllib3.exceptions.HTTPError, ValueError) as fault:
            raise SettingsFault(
                f"no mvote answers at {address} ({type(fault).__name__}); start `mvote serve`,"
                " or name its address with --url"
            ) from None
    return said


def _figures(times: list[float]) -> dict[str, float | int]:
    """How often, and milliseconds: the middle, the slowest of twenty but one, the slowest."""
    cuts = quantiles([*times, times[-1]] if len(times) == 1 else times, n=20, method="inclusive")
    seconds = {"median_ms": cuts[9], "p95_ms": cuts[18], "slowest_ms": max(times)}
    return {"times": len(times), **{name: round(value * 1000) for name, value in seconds.items()}}


def _spell(report: dict[str, Any]) -> str:
    """For a person: the verdict first."""
    lines = [
        f"{report['rehearsal']} at {report['address']}: "
        + ("all went as it should." if report["well"] else "NOT ALL went as it should."),
        f"{report['voted']} of {report['citizens']} citizens voted at level {report['level']},"
        f" {report['ballots']} ballots, in {report['seconds']} s (seed {report['seed']}).",
    ]
    lines += [f"  WRONG, {times} times: {what}" for what, times in report["wrong"].items()][:SHOWN]
    for what, one in report["steps"].items():
        lines.append(
            f"  {what}: {one['times']} times, median {one['median_ms']} ms,"
            f" 95% within {one['p95_ms']} ms, slowest {one['slowest_ms']} ms"
        )
    lines += [f"  The server says: {said}" for said in report["ready"].get("warnings", [])]
    return "\n".join([*lines, "Everything of it is removed but the lines of the logs."])
