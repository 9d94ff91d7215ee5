"""A Pabulib file as a city vote: its register, its poll, its citizens, and what came of it."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mvote.client.api import Api
from mvote.client.citizen import Citizen
from mvote.client.official import OfficialClient
from mvote.client.poll import fetch_poll
from mvote.client.swarm import Voter as Phone
from mvote.client.swarm import cast_all
from mvote.core.canonical import JSON
from mvote.core.eligibility.birth_year import FIRST
from mvote.core.poll import MOST_TITLE
from mvote.core.times import iso
from mvote.formats.pabulib import Instance, Voter
from mvote.formats.pabulib_question import PabulibQuestion

QUESTION = "q1"
FIRST_NUMBER = 20_000_000
SEXES = {"F": "f", "K": "f", "M": "m"}
LASTS = timedelta(days=7)
TALLY_SECONDS = 1800.0


@dataclass(frozen=True, slots=True)
class Counted:
    """What the installation published.  ``totals`` and ``chosen`` by the file's project ids."""

    cast: int
    counted: int
    totals: Mapping[str, int]
    chosen: Sequence[str]
    poll: str


def number_of(place: int) -> str:
    """The mobile number of the voter at a place of the file, from 0, in E.164."""
    return f"+8210{FIRST_NUMBER + place:08d}"


def register_of(instance: Instance) -> str:
    """The city's register as CSV: every voter with the age and sex that the file gives."""
    year = _year(instance.meta.get("date_begin", ""))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["number", "district", "birth_year", "gender"])
    for place, voter in enumerate(instance.voters):
        born = _born(voter, year)
        writer.writerow([number_of(place), "", born, SEXES.get(voter.sex or "", "")])
    return out.getvalue()


def draft_of(
    instance: Instance, question: PabulibQuestion, *, department: str, level: str
) -> dict[str, JSON]:
    """The draft as an official would write it; opened and closed by hand."""
    name = _line(instance.meta.get("description", "")) or instance.file
    return {
        "v": 1,
        "kind": "budget",
        "title": {"ko": f"{name}", "en": f"{name}"},
        "summary": {
            "ko": "공개된 투표 자료를 그대로 다시 진행하는 투표입니다.",
            "en": "A published vote, carried out once more as it was.",
        },
        "department": department,
        "level": level,
        "proof": "sms",
        "roll_key": "number",
        "audience": {"all": [{"condition": "verified-number"}]},
        "questions": [question.question],
        "decision": {
            "weight_percent": 100,
            "quorum": {"kind": "none"},
            "threshold": None,
            "ties": "listed",
            "results": "after-close",
        },
        "opens": None,
        "closes": iso(datetime.now(UTC) + LASTS),
        "grace_seconds": 3600,
        "revote": False,
        "answer_days": 30,
        "dispute_days": 7,
        "turnout_step": 100,
    }


def prepare(drafter: OfficialClient, approver: OfficialClient, draft: Mapping[str, JSON]) -> str:
    """Draft, approve, wait for the freezing, open.  Gives the poll's id."""
    poll: str = drafter.create_poll(draft)["id"]
    approver.approve(poll)
    approver.wait_for(poll, "frozen")
    approver.open(poll)
    return poll


def vote(
    instance: Instance,
    question: PabulibQuestion,
    *,
    api: Api,
    poll: str,
    code_of: Callable[[str], str],
    threads: int,
    progress: Callable[[int], None],
) -> int:
    """Every voter of the file proves a number, takes a permit and casts.

    Gives the number of receipts, each of which was checked.
    """
    watcher = Citizen(api, api, number=number_of(0))
    watcher.check_phone()
    watcher.enter_code(code_of(watcher.number))
    watcher.await_permits(poll)
    outcomes = cast_all(
        _phones(instance, question),
        people=api,
        votes=api,
        poll=fetch_poll(api, poll),
        code_of=code_of,
        threads=threads,
        progress=progress,
    )
    return sum(outcome.value is not None for outcome in outcomes)


def finish(
    drafter: OfficialClient,
    approver: OfficialClient,
    question: PabulibQuestion,
    *,
    poll: str,
    cast: int,
) -> Counted:
    """Close together, wait for the result, read it."""
    approver.confirm(poll, drafter.close(poll))
    approver.wait_for(poll, "published", seconds=TALLY_SECONDS)
    result = approver.result(poll)
    outcome = result["questions"][0]["outcome"]
    project_of = question.project_of
    return Counted(
        cast=cast,
        counted=outcome["ballots"],
        totals={project_of[one]: int(total) for one, total in outcome["totals"].items()},
        chosen=sorted(project_of[one] for one in result["decision"]["chosen"][QUESTION]),
        poll=poll,
    )


def _phones(instance: Instance, question: PabulibQuestion) -> Iterator[Phone]:
    for place, voter in enumerate(instance.voters):
        yield Phone(number_of(place), {QUESTION: question.answer(voter)})


def _year(spelled: str) -> int | None:
    """The year in ``date_begin``, which is ``2022`` or ``06.09.2019``."""
    found = re.search(r"(?<!\d)(19|20)\d\d(?!\d)", spelled)
    return int(found.group()) if found else None


def _born(voter: Voter, year: int | None) -> str:
    if voter.age is None or year is None or year - voter.age < FIRST:
        return ""
    return str(year - voter.age)


def _line(text: str) -> str:
    """One line that may be a title: form NFC, without control characters, not too long."""
    plain = "".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", text))
    return " ".join(plain.split())[:MOST_TITLE]
