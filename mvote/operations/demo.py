"""``mvote demo``: a fictional city asks, votes, counts and answers."""

import json
import random
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click
import urllib3

from mvote.audit.service import check_chain
from mvote.client.errors import ClientTrouble
from mvote.operations.city import CityFault, free_port
from mvote.operations.demo_city import DEPARTMENTS, Resident, register_of, residents
from mvote.operations.demo_hosts import examine_hosts
from mvote.operations.demo_phones import THREADS, Ballots, phones_of
from mvote.operations.demo_story import Cast, Story, StoryFault
from mvote.operations.officials import (
    Desk,
    add_departments,
    add_official,
    add_register,
    as_operator,
    unused,
)
from mvote.operations.sides import Running, Sides, on_two_hosts, running
from mvote.operations.sms_file import SmsFile
from mvote.settings import Settings, SettingsFault, wings_of

PORT = 8000
VOTERS = 300
FEWEST, MOST = 40, 100_000
DRAFTER, APPROVER = ("drafter", "approver", "answerer"), ("approver",)
PAGE_SECONDS = 20.0

Tell = Callable[[str], None]
Desks = tuple[Desk, Desk]
"""One who drafts and answers, one who approves."""


@click.command()
@click.option("--once", is_flag=True, help="End after the story instead of serving on.")
@click.option("--port", type=click.IntRange(1, 65535), help=f"[default: {PORT} or a free one]")
@click.option(
    "--voters",
    type=click.IntRange(FEWEST, MOST),
    default=VOTERS,
    show_default=True,
    help="Simulated phones.",
)
@click.option("--two-sides", is_flag=True, help="A host of its own for each wing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def demo(*, once: bool, port: int | None, voters: int, two_sides: bool, as_json: bool) -> None:
    """Carry a budget vote and a secret yes/no poll from question to answer, and show them.

    A fictional city is set up in ./var (MVOTE_HOME), on SQLite unless the settings
    name other databases, and its citizens vote with simulated phones over HTTP.
    Then the server runs on until Ctrl-C.  Run it again for two more polls.  Exit
    code 0 only if every step did what it should.

    With --two-sides who may vote and what was voted are kept by two servers, each
    with a home, keys and a database of its own, as on two hosts.

    \b
    Examples:
      mvote demo
      mvote demo --once --json
      mvote demo --two-sides --once
      mvote demo --port 8080 --voters 1000
    """
    tell: Tell = partial(click.echo, err=as_json)
    settings = _settings(port, tell)
    log = settings.home / "demo.log"
    own = _port_of(settings)
    ports = (free_port(), own) if two_sides else (own, own)
    sides = on_two_hosts(settings, ports=ports) if two_sides else Sides(settings, settings)
    try:
        people, desks = _set_up(sides, voters, tell)
        with running(sides, ports=ports, log=log) as servers:
            report = _perform(sides, servers, people, desks, tell)
            if as_json:
                click.echo(json.dumps(report, ensure_ascii=False, indent=2))
            else:
                _show(report, tell)
            if not once:
                _serve_on(servers, tell)
    except (ClientTrouble, CityFault, StoryFault, TimeoutError) as fault:
        click.echo(f"mvote: the demo stopped: {fault} (log: {log})", err=True)
        sys.exit(1)


def _settings(port: int | None, tell: Tell) -> Settings:
    found = free_port(port or PORT)
    if port is not None and found != port:
        raise SettingsFault(f"port {port} is taken; choose another, or none for a free one")
    if port is None and found != PORT:
        tell(f"Port {PORT} is taken; port {found} is used.")
    home = Settings.from_env().home
    home.mkdir(parents=True, exist_ok=True)
    return Settings.from_env(
        public_url=f"http://localhost:{found}",
        sms_gateway=f"file:{home / 'demo-sms.jsonl'}",
        official_passwords="yes",
        worker_seconds=0.2,
    )


def _port_of(settings: Settings) -> int:
    return int(settings.public_url.rpartition(":")[2])


def _set_up(
    sides: Sides, voters: int, tell: Tell
) -> tuple[Sequence[Resident], Mapping[str, Desks]]:
    """Databases, departments, register, officials: what the operator of a city does."""
    sides.set_up()
    people = residents(voters, random.Random())
    for side, settings in sides.all():
        with as_operator(settings, side):
            if side != "people":
                add_departments(DEPARTMENTS)
            if side != "votes":
                add_register(register_of(people).splitlines())
                desks = {code: _desks(code) for code in DEPARTMENTS}
    city = sides.votes
    tell(f"{city.city_ko} / {city.city_en}: databases, register and officials are set up.")
    return people, desks


def _desks(department: str) -> Desks:
    return (
        add_official(unused(f"{department}-drafter"), *DRAFTER, department=department),
        add_official(unused(f"{department}-approver"), *APPROVER, department=department),
    )


def _perform(
    sides: Sides,
    servers: Running,
    people: Sequence[Resident],
    desks: Mapping[str, Desks],
    tell: Tell,
) -> dict[str, Any]:
    """The story, then the checks from outside: every link opens, both logs are whole."""
    apis = servers.apis(connections=THREADS + 4)
    sms = SmsFile(Path(sides.people.sms_gateway.removeprefix("file:")))
    officials = [desk.sign_in(*apis) for code in DEPARTMENTS for desk in desks[code]]
    phones = phones_of(people, *apis, random.Random())
    story = Story(apis[1], Cast(*officials), phones, sms.code_of, tell)
    ballots = story.run()
    for api in apis:
        api.close()
    links = _links(servers.votes.url, ballots)
    _open_all(links)
    _check_logs(sides)
    tell("Every page opens, and the chains of both logs hold.")
    report = {
        "steps": story.steps,
        "links": links,
        "officials": {one.login: one.password for pair in desks.values() for one in pair},
    }
    return report | ({"hosts": examine_hosts(sides, servers, tell)} if sides.apart else {})


def _links(url: str, ballots: Ballots) -> dict[str, str]:
    budget, yes_no = ballots.budget, ballots.yes_no
    return {
        "All polls": f"{url}/",
        "Budget vote": f"{url}/polls/{budget.id}",
        "Budget vote, result": f"{url}/polls/{budget.id}/result",
        "Budget vote, result as data": f"{url}/api/v1/polls/{budget.id}/result",
        "Budget vote, record": f"{url}/records/{budget.definition['record']}",
        "Yes/no poll, result": f"{url}/polls/{yes_no.id}/result",
        "Yes/no poll, recount bundle": f"{url}/api/v1/polls/{yes_no.id}/bundle",
        "Yes/no poll, record": f"{url}/records/{yes_no.definition['record']}",
        "Overdue answers": f"{url}/overdue",
    }


def _open_all(links: Mapping[str, str]) -> None:
    """Raises StoryFault for a link that does not open."""
    with urllib3.PoolManager(retries=False, timeout=PAGE_SECONDS) as pool:
        for what, url in links.items():
            status = pool.request("GET", url).status
            if status != 200:
                raise StoryFault(f"{what}, {url}, answers {status}")


def _check_logs(sides: Sides) -> None:
    """Raises StoryFault where the log of a wing is not whole."""
    for side, settings in sides.all():
        with as_operator(settings, side):
            for wing in wings_of(side):
                if fault := check_chain(wing).fault:
                    raise StoryFault(f"the log of the {wing} wing is not whole: {fault}")


def _show(report: Mapping[str, Any], tell: Tell) -> None:
    for wing, host in report.get("hosts", {}).items():
        tell(f"\nThe {wing} host, {host['url']}, was given nothing but")
        for given in host["given"]:
            tell(f"  {given}")
        tell(f"  and took {host['documents_taken']} signed documents of the other.")
    tell("")
    for what, url in report["links"].items():
        tell(f"{what}: {url}")
    tell("")
    for login, password in report["officials"].items():
        tell(f"Official {login}, password {password}")


def _serve_on(servers: Running, tell: Tell) -> None:
    """Until Ctrl-C, or until the server ends.  Raises CityFault for the latter."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    tell(f"\nServing at {servers.votes.url} until Ctrl-C.")
    while not stopped.wait(0.5):
        for city in (servers.people, servers.votes):
            if city.running.ended() is not None:
                raise CityFault(f"the server ended with exit code {city.running.ended()}")
