"""The simulated phones of the demo: each belongs to one resident and remembers what it cast."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from mvote.client.api import Api
from mvote.client.citizen import Citizen
from mvote.client.errors import Refused
from mvote.client.poll import FrozenPoll
from mvote.client.swarm import run_all
from mvote.operations.demo_city import (
    ASKED_DISTRICTS,
    BALLOT_LIMIT,
    BUDGET_QUESTION,
    PROJECTS,
    YES_NO_QUESTION,
    Resident,
)

THREADS = 16
COST = {code: cost for code, cost, _title, _text in PROJECTS}


@dataclass(slots=True)
class Phone:
    """``cast`` holds the answer that counts, by question; ``ballots`` is how many were sent."""

    resident: Resident
    citizen: Citizen
    chance: random.Random
    cast: dict[str, list[str]] = field(default_factory=dict)
    ballots: Counter[str] = field(default_factory=Counter)

    @property
    def may_decide_budget(self) -> bool:
        return self.resident.district in ASKED_DISTRICTS


@dataclass(frozen=True, slots=True)
class Ballots:
    """The two polls as the phones know them."""

    budget: FrozenPoll
    yes_no: FrozenPoll


def phones_of(
    residents: Sequence[Resident], people: Api, votes: Api, chance: random.Random
) -> list[Phone]:
    """A phone for each resident; it speaks to the people wing and to the votes wing."""
    return [
        Phone(one, Citizen(people, votes, number=one.number), random.Random(chance.random()))
        for one in residents
    ]


def sign_in(
    phones: Sequence[Phone], code_of: Callable[[str], str], progress: Callable[[int], None]
) -> None:
    """Each phone proves its number by the code that it is sent.  Raises SwarmStopped."""

    def prove(phone: Phone) -> None:
        phone.citizen.check_phone()
        phone.citizen.enter_code(code_of(phone.resident.number))

    run_all(phones, prove, threads=THREADS, progress=progress)


def vote(phones: Sequence[Phone], ballots: Ballots, progress: Callable[[int], None]) -> None:
    """Each phone casts in the polls that its owner may vote in.  Raises SwarmStopped."""

    def cast(phone: Phone) -> None:
        phone.citizen.get_permit(ballots.yes_no)
        cast_yes_no(phone, ballots.yes_no)
        if phone.may_decide_budget:
            phone.citizen.get_permit(ballots.budget)
            cast_budget(phone, ballots.budget)

    run_all(phones, cast, threads=THREADS, progress=progress)


def cast_yes_no(phone: Phone, poll: FrozenPoll) -> None:
    """Two of three are for it, some leave it blank; whoever votes again changes the mind."""
    before = phone.cast.get(YES_NO_QUESTION)
    if before is None:
        answer = phone.chance.choices([["yes"], ["no"], []], weights=[62, 33, 5])[0]
    else:
        answer = ["no"] if before == ["yes"] else ["yes"]
    _cast(phone, poll, YES_NO_QUESTION, answer)


def cast_budget(phone: Phone, poll: FrozenPoll) -> None:
    """Projects in the phone's own order, as long as they stay under the sum."""
    shown = phone.citizen.shown_options(poll, BUDGET_QUESTION)
    chosen: list[str] = []
    for one in sorted(shown, key=lambda code: phone.chance.random() * COST[code] ** 0.3):
        if sum(COST[code] for code in chosen) + COST[one] <= BALLOT_LIMIT:
            chosen.append(one)
    _cast(phone, poll, BUDGET_QUESTION, chosen[: phone.chance.randint(1, 4)])


def code_of_refusal(act: Callable[[], object]) -> str:
    """The code with which mvote refuses an act; empty where it does not."""
    try:
        act()
    except Refused as refused:
        return refused.code
    return ""


def expected(phones: Sequence[Phone], question: str) -> Counter[str]:
    """The votes of every option, counted from what the phones sent last."""
    return Counter(one for phone in phones for one in phone.cast.get(question, []))


def _cast(phone: Phone, poll: FrozenPoll, question: str, answer: list[str]) -> None:
    phone.citizen.cast(poll, {question: answer})
    phone.cast[question] = answer
    phone.ballots[question] += 1
