"""A throwaway city in which the vote of a Pabulib file is carried out."""

from collections.abc import Callable, Mapping
from pathlib import Path

from mvote.client.api import Api
from mvote.core.canonical import JSON
from mvote.formats.pabulib import Instance
from mvote.formats.pabulib_question import PabulibQuestion
from mvote.operations import database, pabulib_vote
from mvote.operations.city import City, free_port, serving
from mvote.operations.officials import (
    Desk,
    add_departments,
    add_official,
    add_register,
    as_operator,
    unused,
)
from mvote.operations.pabulib_vote import Counted
from mvote.operations.progress import counting
from mvote.operations.sms_file import SmsFile
from mvote.settings import WINGS, Settings

THREADS = 32
ENOUGH = 1_000_000_000
CONFIDENTIAL, SECRET = "confidential", "secret"

OpenApi = Callable[[City], Api]


def settings_for(home: Path, people: str, votes: str) -> Settings:
    """Those of a city, but SMS codes go into a file and none is one too many.

    ``people`` and ``votes`` are addresses of databases; empty: SQLite in ``home``.
    """
    return Settings(
        home=home,
        people_database_url=people,
        votes_database_url=votes,
        public_url=f"http://localhost:{free_port()}",
        sms_gateway=f"file:{home / 'sms.jsonl'}",
        codes_per_number_hour=ENOUGH,
        codes_per_prefix_hour=ENOUGH,
        codes_per_day=ENOUGH,
        official_passwords="yes",
        worker_seconds=0.2,
    )


def open_api(city: City) -> Api:
    """A connection for each thread that votes, and some for the officials."""
    return city.api(connections=THREADS + 2)


def carry_out(
    instance: Instance,
    question: PabulibQuestion,
    settings: Settings,
    *,
    processes: int | None,
    tell: Callable[[str], None],
    level: str = CONFIDENTIAL,
    bundle: Path | None = None,
    open_api: OpenApi = open_api,
) -> tuple[Counted, str]:
    """The whole vote against a server of its own; gives the count and where it is shown.

    ``bundle`` is where the recount bundle goes, at a level that has one.

    Raises CityFault, DatabaseFault, TimeoutError and whatever the client raises.
    """
    tell(f"{instance.file}: {len(instance.voters)} voters, {len(instance.projects)} projects")
    database.upgrade(settings, WINGS)
    with as_operator(settings):
        add_register(pabulib_vote.register_of(instance).splitlines())
        desks = _staff()
    port = int(settings.public_url.rpartition(":")[2])
    log = settings.home / "serve.log"
    with serving(settings, port=port, log=log, processes=processes) as city:
        api = open_api(city)
        draft = pabulib_vote.draft_of(
            instance, question, department=desks[0].department, level=level
        )
        counted = _vote(
            instance, question, api=api, desks=desks, settings=settings, tell=tell, draft=draft
        )
        if bundle is not None:
            bundle.write_bytes(api.call("GET", f"/polls/{counted.poll}/bundle").content)
        api.close()
        return counted, f"{city.url}/polls/{counted.poll}/result"


def _staff() -> tuple[Desk, Desk]:
    """Who drafts and who approves."""
    department = unused("replay")
    add_departments({department: {"ko": "재현과", "en": "Replays"}})
    return (
        add_official(unused("drafter"), "drafter", department=department),
        add_official(unused("approver"), "approver", department=department),
    )


def _vote(
    instance: Instance,
    question: PabulibQuestion,
    *,
    api: Api,
    desks: tuple[Desk, Desk],
    settings: Settings,
    tell: Callable[[str], None],
    draft: Mapping[str, JSON],
) -> Counted:
    drafter, approver = (desk.sign_in(api, api) for desk in desks)
    poll = pabulib_vote.prepare(drafter, approver, draft)
    sms = SmsFile(Path(settings.sms_gateway.removeprefix("file:")))
    with counting("ballots", len(instance.voters)) as progress:
        cast = pabulib_vote.vote(
            instance,
            question,
            api=api,
            poll=poll,
            code_of=sms.code_of,
            threads=THREADS,
            progress=progress,
        )
    tell(f"{cast} receipts, closing")
    return pabulib_vote.finish(drafter, approver, question, poll=poll, cast=cast)
