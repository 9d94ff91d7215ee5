"""What happens in a rehearsal: officials, synthetic phones, bad requests, and what was found."""

import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask

from mvote.client.api import Api
from mvote.client.citizen import Citizen
from mvote.client.errors import ClientTrouble, Refused
from mvote.client.official import OfficialClient
from mvote.client.poll import FrozenPoll, fetch_poll
from mvote.client.swarm import run_all
from mvote.core.canonical import JSON, b64u, b64u_decode, canonical_bytes
from mvote.core.errors import Refusal
from mvote.core.rehearsal import REHEARSAL, TITLE_STARTS, audience_of
from mvote.core.secrecy.levels import publishes_ballots
from mvote.core.times import iso
from mvote.core.verify.beside import Beside
from mvote.core.verify.report import SOUND
from mvote.core.verify.verification import verify_bundle
from mvote.operations.progress import counting
from mvote.operations.rehearse_traces import Traces
from mvote.people.identity.service.synthetic import (
    begin_synthetic_check,
    sign_in_synthetic_official,
    synthetic_mac,
)
from mvote.people.rolls.service.synthetic import list_synthetic
from mvote.web.tokens import OFFICIAL, make_access

QUESTION = "q1"
BY_COMMAND = "command"
THREADS = 16
MOST_BAD = 30
"""Fewer than an address may send before it is slowed."""
LOOKING = 20
SECONDS = 300.0
STAY_HOME, WASTE, CHANGE = 0.03, 0.02, 0.1
"""Shares of those who take no permit, who take one for nothing, and who vote twice."""

Tell = Callable[[str], None]


@dataclass
class Findings:
    """What went wrong, and how long things took; threads may share it."""

    wrong: Counter[str] = field(default_factory=Counter)
    times: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        """Time a step that went well."""
        began = time.monotonic()
        yield
        with self._lock:
            self.times[what].append(time.monotonic() - began)

    def blame(self, what: str) -> None:
        with self._lock:
            self.wrong[what] += 1

    def hold(self, true: object, what: str) -> None:
        """``what`` says what is wrong where it is not true."""
        if not true:
            self.blame(what)

    def refused(self, code: str, act: Callable[[], object], what: str) -> None:
        """A bad request is refused, and with this code."""
        try:
            act()
        except Refused as refused:
            self.hold(refused.code == code, f"{what}: refused with {refused.code}, not {code}")
        else:
            self.blame(f"{what}: was NOT refused")


@dataclass(slots=True)
class Phone:
    """A synthetic citizen, by place; ``cast`` is what was sent last."""

    place: int
    citizen: Citizen
    chance: random.Random
    cast: list[str] | None = None
    ballots: int = 0


@dataclass
class Rehearsal:
    """One rehearsal against the server behind ``api``; ``app`` holds both wings' databases."""

    traces: Traces
    app: Flask
    api: Api
    level: str
    seed: int
    tell: Tell
    found: Findings = field(default_factory=Findings)
    phones: list[Phone] = field(default_factory=list)
    result: Mapping[str, JSON] = field(default_factory=dict)

    def run(self) -> None:
        """The whole vote.  Raises what the client raises where it cannot go on."""
        self._invite()
        poll = self._open_poll()
        self._sign_in()
        self.phones[0].citizen.await_permits(poll.id)
        self._vote(poll)
        self._close(poll)
        self._look(poll)
        if publishes_ballots(self.level):
            self._recount(poll)

    def _invite(self) -> None:
        """The citizens' list.  The last citizen is not on it."""
        macs = self.traces.macs()
        list_synthetic(self.traces.name, macs[:-1])
        self.phones = [
            Phone(
                place,
                Citizen(self.api, self.api, number=f"{self.traces.name}/{place}"),
                random.Random(f"{self.seed}/{place}"),
            )
            for place in range(len(macs))
        ]

    def _desk(self, place: int) -> OfficialClient:
        """An official with a sign-in that is a moment old."""
        account, department = self.traces.officials[place], self.traces.department
        duties = ("drafter",) if place == 0 else ("approver",)
        made = sign_in_synthetic_official(
            account, proof=BY_COMMAND, department=department, duties=duties, now=_now()
        )
        token = make_access(
            account,
            audience=OFFICIAL,
            family=made.family,
            proof=BY_COMMAND,
            fresh=True,
            department=department,
            duties=duties,
        )
        desk = OfficialClient(self.api, self.api, login=account, password="")
        desk.identity.keep({"access": token})
        return desk

    def _open_poll(self) -> FrozenPoll:
        """Drafted by one official, approved and opened by another."""
        draft = draft_of(self.traces, self.level)
        with self.found.timed("draft, approve, freeze, open"):
            drafter, approver = self._desk(0), self._desk(1)
            poll: str = drafter.create_poll(draft)["id"]
            own = partial(drafter.call, "POST", f"/polls/{poll}/approve", {})
            self.found.refused("duty-missing", own, "approving without the duty")
            approver.approve(poll)
            approver.wait_for(poll, "frozen")
            approver.open(poll)
        listed = {one["id"] for one in self.api.get("/polls")["items"]}
        self.found.hold(poll not in listed, "the rehearsal is in the public list of polls")
        self.tell(f"Rehearsal poll {poll} is open to {len(self.phones) - 1} synthetic citizens.")
        return fetch_poll(self.api, poll)

    def _sign_in(self) -> None:
        def prove(phone: Phone) -> None:
            with self.app.app_context():
                mac = synthetic_mac(self.traces.name, phone.place)
                check, code = begin_synthetic_check(mac, now=_now())
            path = f"/phone-checks/{check}/tokens"
            with self.found.timed("enter a code"):
                phone.citizen.identity.keep(self.api.post(path, {"code": code}))

        self._all("sign-ins", self.phones, prove)

    def _vote(self, poll: FrozenPoll) -> None:
        stranger = self.phones[-1]
        self.found.refused(
            "not-eligible", partial(stranger.citizen.get_permit, poll), "a permit for a stranger"
        )
        self._all("ballots", self.phones[:-1], partial(self._vote_one, poll))
        voted = sum(phone.cast is not None for phone in self.phones)
        self.tell(f"{voted} voted, {sum(phone.ballots for phone in self.phones)} ballots.")

    def _vote_one(self, poll: FrozenPoll, phone: Phone) -> None:
        """Most vote once; some stay home, waste their permit, change their mind or misbehave."""
        fate = phone.chance.random()
        if fate < STAY_HOME and phone.place:
            return
        with self.found.timed("take a permit"):
            phone.citizen.get_permit(poll)
        if fate < STAY_HOME + WASTE and phone.place:
            return
        self._cast(poll, phone, phone.chance.choices([["yes"], ["no"], []], [60, 35, 5])[0])
        if phone.place < min(MOST_BAD, max(3, len(self.phones) // 20)):
            misbehave(self.api, self.found, poll, phone)
        if fate > 1 - CHANGE:
            self._cast(poll, phone, ["no"] if phone.cast == ["yes"] else ["yes"])

    def _cast(self, poll: FrozenPoll, phone: Phone, answer: list[str]) -> None:
        """The phone checks the receipt; the same ballot again has to bring the same."""
        with self.found.timed("cast a ballot"):
            receipt = phone.citizen.cast(poll, {QUESTION: answer})
        phone.cast, phone.ballots = answer, phone.ballots + 1
        again = phone.citizen.cast(poll, {QUESTION: answer})
        self.found.hold(again == receipt, "the same ballot brought another receipt")

    def _close(self, poll: FrozenPoll) -> None:
        """One official asks, another confirms; what is counted has to be what was cast."""
        with self.found.timed("close, count, publish"):
            asked = self._desk(1).close(poll.id)
            second = self._desk(2)
            second.confirm(poll.id, asked)
            second.wait_for(poll.id, "published", seconds=SECONDS)
        self.result = second.result(poll.id)
        voted = [phone.cast for phone in self.phones if phone.cast is not None]
        sent = Counter(option for answer in voted for option in answer)
        outcome = self.result["questions"][0]["outcome"]
        totals = {option: int(total) for option, total in outcome["totals"].items()}
        self.found.hold(
            totals == {option: sent[option] for option in ("yes", "no")},
            f"counted {totals}, cast {dict(sent)}",
        )
        ballots = sum(phone.ballots for phone in self.phones)
        counted = self.result["voters"], self.result["ballots"]
        self.found.hold(
            counted == (len(voted), ballots),
            f"counted {counted} voters and ballots, cast {(len(voted), ballots)}",
        )
        self.tell(f"Closed, counted and published: {totals}.")

    def _look(self, poll: FrozenPoll) -> None:
        """Some phones look for their ballots on the board, and all the hidden lists are asked."""
        voted = [phone for phone in self.phones if phone.cast is not None]
        for phone in voted[:: max(1, len(voted) // LOOKING)]:
            with self.found.timed("find one's ballot on the board"):
                there = phone.citizen.find_ballot(poll)
            self.found.hold(there is not None, "a ballot with a receipt is not on the board")
        late = partial(voted[0].citizen.cast, poll, {QUESTION: []}, seq=99)
        self.found.refused("poll-closed", late, "a ballot after the close")
        record = partial(self.api.get, f"/records/{poll.definition['record']}")
        self.found.refused("record-unknown", record, "the record of a rehearsal")

    def _recount(self, poll: FrozenPoll) -> None:
        with TemporaryDirectory(prefix="mvote-rehearsal-") as folder:
            bundle = Path(folder) / "bundle.zip"
            with self.found.timed("fetch the recount bundle"):
                bundle.write_bytes(self.api.call("GET", f"/polls/{poll.id}/bundle").content)
            with self.found.timed("count again from the bundle"):
                report = verify_bundle(bundle, Beside(board_key=str(poll.definition["board_key"])))
        self.found.hold(report.status == SOUND, "the recount of the bundle is not sound")
        same = report.voters == self.result["voters"]
        self.found.hold(same, f"{report.voters} voters were recounted")
        self.tell("Counted again from the published bundle.")

    def _all(self, what: str, phones: Sequence[Phone], act: Callable[[Phone], None]) -> None:
        """What one phone meets is noted, and the others go on."""

        def guarded(phone: Phone) -> None:
            try:
                act(phone)
            except (ClientTrouble, Refusal) as trouble:
                self.found.blame(f"{what}: {trouble}")

        with counting(what, len(phones)) as progress:
            run_all(phones, guarded, threads=THREADS, progress=progress)


def misbehave(api: Api, found: Findings, poll: FrozenPoll, phone: Phone) -> None:
    """One bad request of each kind in turn; all have to be refused, and nothing is counted."""
    cast = phone.citizen.cast
    ballot = phone.citizen.newest_ballot(poll)
    path = f"/polls/{poll.id}/ballots"
    forged = _forged(ballot)

    def send(body: JSON, token: str | None = None) -> object:
        return api.call("POST", path, content=canonical_bytes(body), token=token, repeat=True)

    kinds: list[tuple[str, Callable[[], object], str]] = [
        ("identity-not-allowed-here", partial(send, ballot, "somebody"), "a ballot with a token"),
        ("permit-not-valid", partial(send, forged), "a ballot with a forged permit"),
        ("unknown-option", partial(cast, poll, {QUESTION: ["perhaps"]}), "an unknown option"),
        ("fields-refused", partial(send, {"v": 1}), "half a ballot"),
    ]
    code, act, what = kinds[phone.place % len(kinds)]
    found.refused(code, act, what)


def _forged(ballot: Mapping[str, JSON]) -> dict[str, JSON]:
    """The same ballot with a signature of nobody on its permit."""
    permit = ballot["permit"]
    one = permit[0] if isinstance(permit, list) else permit
    bad = {**one, "sig": b64u(bytes(len(b64u_decode(one["sig"]))))}
    return {**ballot, "permit": [bad] if isinstance(permit, list) else bad}


def draft_of(traces: Traces, level: str) -> dict[str, JSON]:
    """A yes/no poll that says everywhere what it is."""
    title = {language: f"{start}{traces.name}" for language, start in TITLE_STARTS.items()}
    return {
        "v": 1,
        "kind": REHEARSAL,
        "title": title,
        "summary": {
            "ko": "설비를 시험하는 연습입니다. 실제 시민은 참여하지 않으며 끝나면 지웁니다.",
            "en": "A rehearsal of the machinery. No real citizen takes part; it is removed after.",
        },
        "department": traces.department,
        "level": level,
        "proof": "sms",
        "roll_key": "number",
        "audience": audience_of(traces.name),
        "questions": [
            {
                "id": QUESTION,
                "type": "yes-no",
                "title": {"ko": "연습이 잘되고 있습니까?", "en": "Does the rehearsal go well?"},
                "options": [],
                "config": {},
                "counting": {"method": "plurality", "options": {}},
                "blank": True,
            }
        ],
        "decision": {
            "weight_percent": 100,
            "quorum": {"kind": "voters", "least": 1},
            "threshold": None,
            "ties": "listed",
            "results": "after-close",
        },
        "opens": None,
        "closes": iso(_now() + timedelta(days=1)),
        "grace_seconds": 3600,
        "revote": True,
        "answer_days": 30,
        "dispute_days": 7,
        "turnout_step": 10,
    }


def _now() -> datetime:
    return datetime.now(UTC)
