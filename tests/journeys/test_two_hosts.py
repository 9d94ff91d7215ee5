"""A whole vote over two servers, each without the other's database, credential and keys."""

import json
import os
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Request
from sqlalchemy import inspect, text

from mvote.app import create_app
from mvote.audit.service import check_chain
from mvote.client.api import Answer, Api
from mvote.client.citizen import Citizen
from mvote.client.errors import Refused
from mvote.client.poll import FrozenPoll, fetch_poll
from mvote.core.canonical import b64u, canonical_bytes
from mvote.core.secrecy.permit import PseudonymPermit
from mvote.core.times import iso
from mvote.core.verify.__main__ import main as verify
from mvote.db import engine, engines
from mvote.people.officials.service.accounts import add_official
from mvote.settings import Settings, Wing
from mvote.votes.polls.service import add_department
from tests.databases import DatabaseUrls
from tests.journeys.hosts import OTHER, Hosts, make_hosts
from tests.journeys.mortal import MortalServer
from tests.makers import make_poll_draft, words
from tests.operations.test_serve import get, session_of
from tests.phone.city import phone_of
from tests.servers import Serve, Server
from tests.town import (
    APPROVER,
    DEPARTMENT,
    DRAFTER,
    PASSWORD,
    WAIT_SECONDS,
    Town,
    settle_in,
)

ANSWERS = [["yes"], ["yes"], ["no"], ["yes"], [], ["yes"], ["no"]]
SENDER, DEVICE = "203.0.113.77", "Haneul-Phone/7.3"
VARIES = {
    *("poll", "ph", "record", "opens", "closed_at", "published_at"),
    *("issuer", "board_key", "hashes", "sha256", "issued_sha256"),
    *("bk", "nonce", "permit", "sig"),
}
"""Fields of a bundle that are drawn at random or tell a time, or a digest of such."""


def number(place: int) -> str:
    return f"+8210{27_182_818 + place}"


class Proxied(Api):
    """A server behind a proxy that tells everything about who is asking."""

    def call(self, method: str, path: str, **given: Any) -> Answer:
        told = {"X-Forwarded-For": SENDER, "X-Real-IP": SENDER, "User-Agent": DEVICE}
        given["headers"] = {**(given.get("headers") or {}), **told}
        return super().call(method, path, **given)


@pytest.fixture
def hosts(database_urls: DatabaseUrls, tmp_path: Path) -> Hosts:
    return make_hosts(database_urls, tmp_path)


def add_staff(hosts: Hosts) -> None:
    now = datetime.now(UTC)
    with hosts.inside("votes"):
        add_department(DEPARTMENT, name=words("Roads"), by="command", now=now)
    with hosts.inside("people"):
        for login, duties in ((DRAFTER, ("drafter", "answerer")), (APPROVER, ("approver",))):
            add_official(login, department=DEPARTMENT, duties=duties, password=PASSWORD, now=now)


def assert_serves_its_own_wing_only(people: Server, votes: Server) -> None:
    assert get(people, "/api/v1/polls").status == 404
    assert get(votes, "/api/v1/me").status == 404
    assert get(votes, "/api/v1/polls").status == 200
    assert get(people, "/api/v1/me").status == 401
    for server, wing in ((people, "people"), (votes, "votes")):
        assert get(server, f"/api/v1/{wing}/documents").status == 401
        assert get(server, "/readyz").status == 200


def assert_holds_nothing_of(hosts: Hosts, wing: Wing, server: Server) -> None:
    """No file of the wing is open in the other's processes, no variable leads to it."""
    settings = hosts.of(wing)
    secrets = [str(settings.home), settings.database_url(wing)]
    processes = session_of(server)
    assert len(processes) >= 3
    for pid in processes:
        environ = Path(f"/proc/{pid}/environ").read_bytes().decode()
        files = set()
        for one in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(FileNotFoundError):  # closed meanwhile
                files.add(os.readlink(one))
        for secret in secrets:
            assert secret not in environ
            assert not [path for path in files if secret in path]
        assert f"MVOTE_{wing.upper()}_DATABASE_URL" not in environ
        assert f"MVOTE_{wing.upper()}_KEYS" not in environ
    own_home = hosts.of(OTHER[wing]).home
    assert not list(own_home.glob(f"{wing}-keys/*"))
    assert not list(own_home.glob(f"{wing}.db*"))


def sign_in(town: Town, places: int = len(ANSWERS)) -> list[Citizen]:
    return [town.citizen(number(place)) for place in range(places)]


def vote(citizens: list[Citizen], poll: FrozenPoll) -> None:
    """Everybody takes a permit and casts; the first one changes the mind."""
    for citizen, answer in zip(citizens, ANSWERS[: len(citizens)], strict=True):
        citizen.get_permit(poll)
        citizen.cast(poll, {"q1": answer})
    citizens[0].cast(poll, {"q1": ["no"]})


@dataclass
class Somewhere:
    """Where the app of a phone comes from, and whose phone it is."""

    url: str
    town: Town

    def number(self) -> str:
        """The last one's; the others vote by the client."""
        return number(len(ANSWERS) - 1).replace("+82", "0")


def vote_by_phone(browser: Browser, place: Somewhere, polls: list[FrozenPoll]) -> None:
    """Proves the number at the one host in a page of the other, which learns nothing of it."""
    told: list[str] = []
    with phone_of(place, browser) as phone:
        phone.context.on("request", lambda request: told.append(heard_by(place.url, request)))
        for poll in polls:
            phone.at(f"/app/polls/{poll.id}/ballot")
            if poll is polls[0]:
                phone.check()
            phone.heading("Your ballot")
            phone.page.get_by_text("No", exact=True).click()
            phone.press("Review my answers")
            phone.press("Cast my vote")
            phone.heading("Counted")
    heard = "\n".join(told)
    assert heard.count("/ballots ") == len(polls)
    assert "/permits" not in heard
    assert "/phone-checks" not in heard
    assert "authorization" not in heard
    assert "cookie" not in heard


def heard_by(url: str, request: Request) -> str:
    """A request as this host sees it; empty: it went to the other."""
    if not request.url.startswith(f"{url}/api/"):
        return ""
    return f"{request.url} {json.dumps(request.all_headers())}".lower()


def fetch_bundle(town: Town, poll: FrozenPoll, path: Path) -> Path:
    path.write_bytes(town.votes.call("GET", f"/polls/{poll.id}/bundle").content)
    return path


def without_chance(value: Any) -> Any:
    """What would be the same if the same people voted so again."""
    if isinstance(value, dict):
        return {name: without_chance(one) for name, one in value.items() if name not in VARIES}
    return [without_chance(one) for one in value] if isinstance(value, list) else value


def read_bundle(path: Path, poll: FrozenPoll) -> dict[str, Any]:
    """The files by name, less what is random or tells a time; ballots come in no order."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    files.pop("manifest.json")
    read: dict[str, Any] = {}
    for name, content in files.items():
        if name == "entries.jsonl":
            entries = [without_chance(json.loads(line)) for line in content.splitlines()]
            read[name] = entries[0], Counter(map(canonical_bytes, entries)), entries[-1]
        elif name == "checkpoint" or name.startswith("checkpoints/"):
            read[name] = content.splitlines()[1]  # the size; a root and a signature are random
        elif name.endswith(".json"):
            read[name] = without_chance(json.loads(content))
        else:
            key = str(poll.definition["board_key"])
            read[name] = content.replace(poll.id, "POLL").replace(poll.ph, "PH").replace(key, "KEY")
    return read


def carried_by_one_process(settings: Settings, draft: dict[str, Any], path: Path) -> dict[str, Any]:
    """The bundle of the same vote where nothing is apart."""
    app = create_app("both", settings)
    settle_in(app)
    with app.app_context():
        for made in engines.engines.values():
            made.dispose()
    server = MortalServer(settings)
    try:
        town = Town.at(settings, server.url)
        poll = town.open_poll(draft)
        vote(sign_in(town), poll)
        town.close(poll)
        return read_bundle(fetch_bundle(town, poll, path), poll)
    finally:
        server.end()


def values_of(wing: Wing) -> Iterator[tuple[str, bytes]]:
    """Every value in the wing's database, by table and column."""
    made = engine(wing)
    for table in inspect(made).get_table_names():
        with made.connect() as connection:
            for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings():
                for column, value in row.items():
                    yield f"{table}.{column}", _bytes(value)


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    return (json.dumps(value) if isinstance(value, dict | list) else str(value)).encode()


def spellings(value: bytes) -> set[bytes]:
    return {value, value.hex().encode(), b64u(value).encode()}


def what_names_citizens(hosts: Hosts, citizens: list[Citizen]) -> set[bytes]:
    """Numbers, tokens, the sender, and what the people side keeps of accounts and permits."""
    named = {SENDER.encode(), DEVICE.encode()}
    for citizen in citizens:
        named |= {citizen.number.encode(), citizen.number.removeprefix("+82").encode()}
        for token in vars(citizen.identity).values():
            named |= set(token.encode().split(b".")[1:]) if isinstance(token, str) else set()
    personal = {"accounts.id", "accounts.number_mac", "families.id", "issued.voter_ref"}
    with hosts.inside("people"):
        found = [(place, value) for place, value in values_of("people") if place in personal]
    assert {place for place, _ in found} == personal
    for _, value in found:
        named |= spellings(value)
    return {one for one in named if len(one) >= 8}


def what_names_ballots(citizens: list[Citizen], *polls: FrozenPoll) -> set[bytes]:
    """What a log must not tell of, though the board will."""
    named = {b"/ballots"}
    for citizen in citizens:
        for poll in polls:
            permit = citizen.get_permit(poll)
            secret = permit.mark if isinstance(permit, PseudonymPermit) else permit.pre
            leaves = [receipt.leaf for receipt in citizen.receipts(poll)]
            named = named.union(*map(spellings, [secret, *leaves]))
    return named


def assert_nothing_names_a_citizen(hosts: Hosts, named: set[bytes], poll: str, log: Path) -> None:
    """In the database, the log, the keys and every other file that the votes side wrote."""
    with hosts.inside("votes"):
        written = dict(enumerate(value for _, value in values_of("votes")))
        url = engine("votes").url
    files = [path for path in hosts.votes.home.rglob("*") if path.is_file()]
    if url.get_backend_name() == "sqlite":
        files += Path(str(url.database)).parent.glob("votes.db*")
    everything = b"\n".join([*written.values(), *(path.read_bytes() for path in [*files, log])])
    assert poll.encode() in everything
    assert not [one for one in named if one in everything]


def make_noise(town: Town, citizen: Citizen, poll: FrozenPoll) -> None:
    """Requests that go wrong, with everything in them that must not be written down."""
    for refused in (
        lambda: citizen.identity.call(town.votes, "POST", f"/polls/{poll.id}/ballots", body={}),
        lambda: town.votes.post(f"/polls/{poll.id}/ballots", {"number": citizen.number}),
        lambda: town.votes.get(f"/polls/{citizen.number}", number=citizen.number),
    ):
        with pytest.raises(Refused):
            refused()


@pytest.fixture
def one_process(sqlite_template: Path, tmp_path: Path) -> Settings:
    home = tmp_path / "one-process"
    shutil.copytree(sqlite_template, home)
    return replace(
        Settings(home=home, worker_seconds=0.25, sms_gateway=f"file:{home / 'sms.jsonl'}"),
        official_passwords="yes",
        people_database_url=f"sqlite:///{home / 'people.db'}",
        votes_database_url=f"sqlite:///{home / 'votes.db'}",
    )


def open_while_the_other_is_away(
    town: Town, people: Server, restart: Callable[[], Server], drafts: list[dict[str, Any]]
) -> tuple[Server, list[FrozenPoll]]:
    """Documents wait for a host that is away: no poll freezes without the people side."""
    drafter, approver = town.official(DRAFTER), town.official(APPROVER)
    people.kill()
    polls = [str(drafter.create_poll(draft)["id"]) for draft in drafts]
    for poll in polls:
        approver.approve(poll)
        with pytest.raises(Refused, match="poll-unknown"):
            town.votes.get(f"/polls/{poll}")
    again = restart()
    for poll in polls:
        approver.wait_for(poll, "open", seconds=WAIT_SECONDS)
        looking = town.citizen(f"+8210{99_000_000 + len(poll)}")
        looking.await_permits(poll, seconds=WAIT_SECONDS)
    return again, [fetch_poll(town.votes, poll) for poll in polls]


@pytest.mark.parametrize("database_urls", ["mixed"], indirect=True)
def test_a_vote_is_carried_by_two_hosts_that_share_nothing(
    serve: Serve, hosts: Hosts, one_process: Settings, browser: Browser, tmp_path: Path
) -> None:
    """One poll at each level of secrecy, carried once, for the servers take long to start."""
    people, votes = hosts.start(serve, "people"), hosts.start(serve, "votes")
    assert_serves_its_own_wing_only(people, votes)
    add_staff(hosts)
    town = Town.at(hosts.people, people.url, votes.url)
    town = replace(town, votes=Proxied(votes.url, connections=16))
    draft = make_poll_draft(level="secret")
    opens = iso(datetime.now(UTC) + timedelta(seconds=1))
    people, polls = open_while_the_other_is_away(
        town,
        people,
        lambda: hosts.start(serve, "people"),
        [{**draft, "opens": opens}, make_poll_draft(opens=opens)],
    )
    secret = polls[0]
    citizens = sign_in(town, len(ANSWERS) - 1)
    for poll in polls:
        vote(citizens, poll)
    place = Somewhere(votes.url, town)
    vote_by_phone(browser, place, polls)
    make_noise(town, citizens[1], secret)
    for poll in polls:
        result = town.close(poll)
        assert result["questions"][0]["outcome"]["totals"] == {"yes": "3", "no": "3"}
        assert (result["issued"], result["voters"], result["ballots"]) == (7, 7, 8)

    bundle, receipt = fetch_bundle(town, secret, tmp_path / "two.zip"), tmp_path / "receipt.json"
    receipt.write_bytes(canonical_bytes(citizens[2].receipts(secret)[0].to_json()))
    beside = ("--board-key", str(secret.definition["board_key"]), "--receipt", str(receipt))
    assert verify([str(bundle), *beside]) == 0
    alone = carried_by_one_process(one_process, draft, tmp_path / "one.zip")
    assert read_bundle(bundle, secret) == alone

    assert_holds_nothing_of(hosts, "votes", people)
    assert_holds_nothing_of(hosts, "people", votes)
    named = what_names_citizens(hosts, citizens) | {place.number().removeprefix("0").encode()}
    assert_nothing_names_a_citizen(hosts, named, secret.id, votes.log)
    logged = votes.log.read_bytes()
    assert not [one for one in what_names_ballots(citizens, *polls) if one in logged]
    for wing in OTHER:
        with hosts.inside(wing):
            report = check_chain(wing)
        assert report.fault is None
        assert report.chained
