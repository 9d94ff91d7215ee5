"""A whole vote over two servers, each without the other's database, credential and keys."""

import os
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mvote.client.errors import Refused
from mvote.core.times import iso
from mvote.settings import Settings, Wing
from tests.commands import run_mvote
from tests.databases import DatabaseUrls
from tests.makers import make_poll_draft
from tests.operations.test_serve import get, session_of
from tests.servers import Serve, Server, free_port
from tests.town import APPROVER, DEPARTMENT, DRAFTER, PASSWORD, Town

ANSWER = {"ko": "그렇게 하겠습니다.", "en": "So be it."}
OTHER: dict[Wing, Wing] = {"people": "votes", "votes": "people"}


@dataclass
class Hosts:
    """Two machines: each has a home of its own and knows the other's address and public keys."""

    people: Settings
    votes: Settings
    people_port: int
    votes_port: int

    def of(self, wing: Wing) -> Settings:
        return self.people if wing == "people" else self.votes


@pytest.fixture
def hosts(database_urls: DatabaseUrls, tmp_path: Path) -> Hosts:
    ports = {"people": free_port(), "votes": free_port()}
    made = {}
    for wing, other in OTHER.items():
        home = tmp_path / f"{wing}-host"
        home.mkdir()
        made[wing] = replace(
            Settings(home=home, worker_seconds=0.1, sms_gateway=f"file:{home / 'sms.jsonl'}"),
            **{
                f"{wing}_database_url": getattr(database_urls, wing),
                f"{other}_public_keys": home / f"{other}.json",
                f"{other}_url": f"http://127.0.0.1:{ports[other]}",
            },
        )
    return Hosts(made["people"], made["votes"], ports["people"], ports["votes"])


def exchange_public_keys(hosts: Hosts) -> None:
    """The first start makes a side's keys and says which file of the other it needs."""
    for wing, other in OTHER.items():
        settings = hosts.of(wing)
        done = run_mvote(settings, "serve", "--side", wing)
        assert done.returncode == 2
        assert f"MVOTE_{other.upper()}_PUBLIC_KEYS" in done.stderr
    for wing, other in OTHER.items():
        public = hosts.of(wing).keys(wing) / "public.json"
        shutil.copy(public, hosts.of(other).public_keys(wing))


def add_staff(hosts: Hosts) -> None:
    name = ("--ko", "도로과", "--en", "Roads")
    done = run_mvote(hosts.votes, "department", "add", DEPARTMENT, *name)
    assert done.returncode == 0, done.stderr
    for login, duties in ((DRAFTER, ("drafter", "answerer")), (APPROVER, ("approver",))):
        asked = [word for duty in duties for word in ("--duty", duty)]
        added = run_mvote(
            hosts.people,
            *("official", "add", login, "--department", DEPARTMENT, *asked, "--password-stdin"),
            given=PASSWORD,
        )
        assert added.returncode == 0, added.stderr


def assert_holds_nothing_of(hosts: Hosts, wing: Wing, server: Server) -> None:
    """No file of the wing is open in the other's processes, no variable leads to it."""
    settings = hosts.of(wing)
    secrets = [str(settings.home), settings.database_url(wing)]
    processes = session_of(server)
    assert len(processes) >= 3
    for pid in processes:
        environ = Path(f"/proc/{pid}/environ").read_bytes().decode()
        files = {os.readlink(one) for one in Path(f"/proc/{pid}/fd").iterdir() if one.is_symlink()}
        for secret in secrets:
            assert secret not in environ
            assert not [path for path in files if secret in path]
        assert f"MVOTE_{wing.upper()}_DATABASE_URL" not in environ
        assert f"MVOTE_{wing.upper()}_KEYS" not in environ
    own_home = hosts.of(OTHER[wing]).home
    assert not list(own_home.glob(f"{wing}-keys/*"))
    assert not list(own_home.glob(f"{wing}.db*"))


def test_a_vote_is_carried_by_two_hosts_that_share_nothing(serve: Serve, hosts: Hosts) -> None:
    exchange_public_keys(hosts)
    people = serve(hosts.people, "--side", "people", port=hosts.people_port)
    votes = serve(hosts.votes, "--side", "votes", port=hosts.votes_port)
    add_staff(hosts)
    town = Town.at(hosts.people, people.url, votes.url)

    poll = town.open_poll(make_poll_draft())
    for place in range(6):
        citizen = town.citizen(f"+82102000000{place}")
        citizen.get_permit(poll)
        citizen.cast(poll, {"q1": ["yes" if place < 4 else "no"]})
    result = town.close(poll)

    assert result["questions"][0]["outcome"]["totals"] == {"yes": "4", "no": "2"}
    assert (result["issued"], result["voters"]) == (6, 6)
    assert_holds_nothing_of(hosts, "votes", people)
    assert_holds_nothing_of(hosts, "people", votes)
    for wing in OTHER:
        done = run_mvote(hosts.of(wing), "audit", "check", "--side", wing)
        assert done.returncode == 0, done.stdout
        assert "whole: 0 rows" not in done.stdout


def test_each_host_serves_its_own_wing_only(serve: Serve, hosts: Hosts) -> None:
    exchange_public_keys(hosts)
    people = serve(hosts.people, "--side", "people", port=hosts.people_port)
    votes = serve(hosts.votes, "--side", "votes", port=hosts.votes_port)
    assert get(people, "/api/v1/polls").status == 404
    assert get(votes, "/api/v1/me").status == 404
    assert get(votes, "/api/v1/polls").status == 200
    assert get(people, "/api/v1/me").status == 401
    for server, wing in ((people, "people"), (votes, "votes")):
        assert get(server, f"/api/v1/{wing}/documents").status == 401
        assert get(server, "/readyz").status == 200


def test_documents_wait_for_a_host_that_is_away(serve: Serve, hosts: Hosts) -> None:
    exchange_public_keys(hosts)
    people = serve(hosts.people, "--side", "people", port=hosts.people_port)
    votes = serve(hosts.votes, "--side", "votes", port=hosts.votes_port)
    add_staff(hosts)
    town = Town.at(hosts.people, people.url, votes.url)
    drafter, approver = town.official(DRAFTER), town.official(APPROVER)
    people.kill()
    opens = iso(datetime.now(UTC) + timedelta(seconds=1))
    poll = drafter.create_poll(make_poll_draft(opens=opens))["id"]
    approver.approve(poll)
    with pytest.raises(Refused, match="poll-unknown"):
        town.votes.get(f"/polls/{poll}")
    serve(hosts.people, "--side", "people", port=hosts.people_port)
    approver.wait_for(poll, "open")
