"""What happens in the demo, step by step; each step says what has to be so."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from mvote.client.api import Api
from mvote.client.official import OfficialClient
from mvote.client.poll import FrozenPoll, fetch_poll
from mvote.core.canonical import JSON
from mvote.core.verify.beside import Beside
from mvote.core.verify.report import SOUND
from mvote.core.verify.verification import verify_bundle
from mvote.operations import demo_phones
from mvote.operations.demo_city import (
    BUDGET_ANSWER,
    BUDGET_QUESTION,
    CLOSING_REPORT,
    EVIDENCE_LINK,
    INTERIM_ANSWER,
    PROMISE,
    PROMISED_STEPS,
    RUNNER_UP_REASON,
    STEP,
    STEP_SHOWN,
    SUSPENDED_BECAUSE,
    YES_NO_ANSWER,
    YES_NO_QUESTION,
    budget_draft,
    yes_no_draft,
)
from mvote.operations.demo_phones import Ballots, Phone, code_of_refusal, expected
from mvote.operations.progress import counting

ADOPTED, NOT_ADOPTED = "adopted", "not-adopted"
BEHIND_EVERY_ZONE = timedelta(hours=12)
"""A day is over nowhere before it is so long over in UTC."""
RECORD_SECONDS = 60.0
LOOKING = 10
LOOK_SECONDS = 0.1


class StoryFault(Exception):
    """A step of the demo did not come out as it should."""


@dataclass(frozen=True, slots=True)
class Cast:
    """The officials of the two departments; who drafts a poll never approves it."""

    parks: OfficialClient
    parks_approver: OfficialClient
    mobility: OfficialClient
    mobility_approver: OfficialClient


@dataclass
class Story:
    """``tell`` says a finished step to whoever watches; ``steps`` keeps them."""

    api: Api
    cast: Cast
    phones: Sequence[Phone]
    code_of: Callable[[str], str]
    tell: Callable[[str], None]
    steps: list[str] = field(default_factory=list)

    def run(self) -> Ballots:
        """The whole story.  Raises StoryFault and whatever the client raises."""
        ballots = self._ask()
        self._prove_numbers(ballots)
        self._vote(ballots)
        self._close(ballots)
        self._recount(ballots.yes_no)
        self._answer_budget(ballots.budget)
        self._answer_yes_no(ballots.yes_no)
        return ballots

    def _done(self, said: str) -> None:
        self.steps.append(said)
        self.tell(f"{len(self.steps):2}. {said}")

    def _hold(self, true: object, what: str) -> None:
        if not true:
            raise StoryFault(f"this should be so and is not: {what}")

    def _refused(self, code: str, act: Callable[[], object], what: str) -> None:
        found = code_of_refusal(act)
        self._hold(found == code, f"{what} is refused with {code} (it was {found or 'allowed'})")

    def _ask(self) -> Ballots:
        """Draft, approve, freeze, open."""
        cast = self.cast
        budget: str = cast.parks.create_poll(budget_draft())["id"]
        yes_no: str = cast.mobility.create_poll(yes_no_draft())["id"]
        self._done("Two departments draft a budget vote and a yes/no poll.")
        self._refused("own-poll", lambda: cast.parks.approve(budget), "approving one's own")
        self._done("The official who drafted a poll is refused when trying to approve it.")
        for approver, poll in self._approvers(budget, yes_no):
            approver.approve(poll)
        for approver, poll in self._approvers(budget, yes_no):
            approver.wait_for(poll, "frozen")
        self._done("Second officials approve; the wings exchange documents and freeze both polls.")
        for approver, poll in self._approvers(budget, yes_no):
            approver.open(poll)
        self._done("Both polls open.")
        return Ballots(fetch_poll(self.api, budget), fetch_poll(self.api, yes_no))

    def _approvers(self, budget: str, yes_no: str) -> list[tuple[OfficialClient, str]]:
        return [(self.cast.parks_approver, budget), (self.cast.mobility_approver, yes_no)]

    def _prove_numbers(self, ballots: Ballots) -> None:
        with counting("phones", len(self.phones)) as progress:
            demo_phones.sign_in(self.phones, self.code_of, progress)
        self._done(f"{len(self.phones)} phones prove their numbers by SMS codes.")
        for poll in (ballots.budget, ballots.yes_no):
            self.phones[0].citizen.await_permits(poll.id)
        self._say_who_may_vote(ballots.budget)

    def _say_who_may_vote(self, budget: FrozenPoll) -> None:
        inside = next(phone for phone in self.phones if phone.may_decide_budget)
        outside = next(phone for phone in self.phones if not phone.may_decide_budget)
        self._hold(inside.citizen.eligibility(budget.id)["may_vote"], "a resident may vote")
        told = outside.citizen.eligibility(budget.id)
        reasons = [reason["code"] for reason in told["reasons"]]
        self._hold(reasons == ["district"], "one who lives elsewhere is told that this is why")
        self._refused(
            "not-eligible", lambda: outside.citizen.get_permit(budget), "a permit for a stranger"
        )
        self._done("One who lives in another district is told why the budget vote is not open.")

    def _vote(self, ballots: Ballots) -> None:
        half = len(self.phones) // 2
        self._cast(self.phones[:half], ballots)
        self._suspend(self.phones[half], ballots.yes_no)
        self._cast(self.phones[half:], ballots)
        self._vote_again(ballots)
        self._hide_the_count(ballots)

    def _cast(self, phones: Sequence[Phone], ballots: Ballots) -> None:
        with counting("ballots", len(phones)) as progress:
            demo_phones.vote(phones, ballots, progress)
        self._done(f"{len(phones)} citizens take permits, cast, and check their signed receipts.")

    def _suspend(self, phone: Phone, poll: FrozenPoll) -> None:
        approver = self.cast.mobility_approver
        phone.citizen.get_permit(poll)
        approver.suspend(poll.id, SUSPENDED_BECAUSE)
        self._refused(
            "poll-suspended",
            lambda: demo_phones.cast_yes_no(phone, poll),
            "a ballot while the poll is suspended",
        )
        phone.citizen.await_permits(poll.id, until="suspended")
        approver.resume(poll.id)
        phone.citizen.await_permits(poll.id)
        self._done("The yes/no poll is suspended with a reason, refuses a ballot, and goes on.")

    def _vote_again(self, ballots: Ballots) -> None:
        changed = self.phones[::10]
        for phone in changed:
            demo_phones.cast_yes_no(phone, ballots.yes_no)
        self._done(f"{len(changed)} citizens change their minds in the yes/no poll.")
        phone = next(phone for phone in self.phones if phone.may_decide_budget)
        other = ["benches"] if phone.cast[BUDGET_QUESTION] != ["benches"] else ["shade"]
        self._refused(
            "revote-not-allowed",
            lambda: phone.citizen.cast(ballots.budget, {BUDGET_QUESTION: other}),
            "a second ballot in the budget vote",
        )
        self._done("A second ballot in the budget vote, which allows none, is refused.")

    def _hide_the_count(self, ballots: Ballots) -> None:
        for poll in (ballots.budget, ballots.yes_no):
            look = partial(self.api.get, f"/polls/{poll.id}/result")
            self._refused("result-not-published", look, "a count before the end")
        self._done("Nobody is told a count before the polls close.")

    def _close(self, ballots: Ballots) -> None:
        drafters = self.cast.parks, self.cast.mobility
        approvers = self._approvers(ballots.budget.id, ballots.yes_no.id)
        for drafter, (approver, poll) in zip(drafters, approvers, strict=True):
            asked = drafter.close(poll)
            self._refused("own-poll", partial(drafter.confirm, poll, asked), "closing alone")
            approver.confirm(poll, asked)
        self._done("One official asks to close each poll, and only a second one can confirm it.")
        for approver, poll in self._approvers(ballots.budget.id, ballots.yes_no.id):
            approver.wait_for(poll, "published")
        self._done("Both polls close, are counted, and their results are frozen and published.")
        self._compare(ballots.budget, BUDGET_QUESTION)
        self._compare(ballots.yes_no, YES_NO_QUESTION)
        self._done("Every count equals what the phones sent.")

    def _compare(self, poll: FrozenPoll, question: str) -> None:
        result = self.api.get(f"/polls/{poll.id}/result")
        outcome = result["questions"][0]["outcome"]
        sent = expected(self.phones, question)
        voters = sum(question in phone.cast for phone in self.phones)
        ballots = sum(phone.ballots[question] for phone in self.phones)
        totals = {option: int(total) for option, total in outcome["totals"].items()}
        self._hold(totals == {option: sent[option] for option in totals}, f"{question}: {totals}")
        self._hold(outcome["ballots"] == voters == result["voters"], f"{question}: {voters} voters")
        self._hold(result["ballots"] == ballots, f"{question}: {ballots} ballots")
        self._hold(result["decision"]["chosen"][question], f"{question}: something is chosen")

    def _recount(self, poll: FrozenPoll) -> None:
        """What anyone can check of the secret poll: one's own ballot, and the whole count."""
        looking = self.phones[:: max(1, len(self.phones) // LOOKING)]
        for phone in looking:
            self._hold(phone.citizen.find_ballot(poll) is not None, "the ballot is on the board")
        self._done(f"{len(looking)} phones find their ballots on the signed board, unnamed.")
        key = str(poll.definition["board_key"])
        with TemporaryDirectory(prefix="mvote-demo-") as folder:
            bundle = Path(folder) / "bundle.zip"
            bundle.write_bytes(self.api.call("GET", f"/polls/{poll.id}/bundle").content)
            report = verify_bundle(bundle, Beside(board_key=key))
        self._hold(report.status == SOUND, "the recount of the bundle is sound")
        result = self.api.get(f"/polls/{poll.id}/result")
        self._hold(report.voters == result["voters"], f"{report.voters} voters are recounted")
        self._done("A stranger counts the secret poll again from its bundle: it is sound.")

    def _answer_budget(self, poll: FrozenPoll) -> None:
        parks, record = self.cast.parks, poll.definition["record"]
        self._hold(self._await_record(record)["state"] == "awaiting-answer", "an answer is owed")
        self._done("The results enter the records by themselves; the departments owe an answer.")
        day = (datetime.now(UTC) + timedelta(days=7)).date().isoformat()
        parks.interim_answer(record, {"poll": poll.id, "text": INTERIM_ANSWER, "expected": day})
        self._done("Parks gives an interim answer about the budget.")
        parks.answer(record, self._answer(poll, BUDGET_ANSWER))
        self._done("Parks answers for every project that was chosen, and for the runner-up.")
        self._hold(self._record(record)["state"] == "answered", "the budget is answered")
        self._promise(record, poll)

    def _promise(self, record: str, poll: FrozenPoll) -> None:
        """A promise of two steps, the first of which is shown to be done."""
        parks, now = self.cast.parks, datetime.now(UTC)
        done = (now - BEHIND_EVERY_ZONE).date().isoformat()
        steps = [
            {"text": dict(text), "due": (now + timedelta(days=days)).date().isoformat()}
            for text, days in PROMISED_STEPS
        ]
        told = {"poll": poll.id, "text": dict(PROMISE), "steps": steps}
        promise = parks.promise(record, told)["body"]["promise"]
        parks.show_step(
            record,
            promise,
            1,
            {"text": dict(STEP_SHOWN), "done": done, "links": [EVIDENCE_LINK]},
        )
        [made] = self.api.get(f"/records/{record}/promises")["items"]
        states = [step["state"] for step in made["steps"]]
        self._hold(states == ["done", "open"], "the first step is done, the second is not due yet")
        self._done("Parks promises two steps by their dates, and shows that the first is done.")

    def _answer_yes_no(self, poll: FrozenPoll) -> None:
        mobility, record = self.cast.mobility, poll.definition["record"]
        self._await_record(record)
        mobility.answer(record, self._answer(poll, YES_NO_ANSWER))
        today = datetime.now(UTC).date().isoformat()
        mobility.add_step(record, {"text": STEP, "done": today})
        mobility.closing_report(record, {"text": CLOSING_REPORT})
        self._hold(self._record(record)["state"] == "closed", "the record is closed")
        self._done("Mobility answers, adds a step, and closes the record with a report.")

    def _answer(self, poll: FrozenPoll, text: Mapping[str, str]) -> dict[str, JSON]:
        """What the record says has to be spoken of: those that won, and the runner-up."""
        record = poll.definition["record"]
        [asked] = self.api.get(f"/records/{record}/to-answer")["items"]
        named = ("question", "option")
        options = [
            {**{name: one[name] for name in named}, "decision": ADOPTED} for one in asked["winners"]
        ] + [
            {
                **{name: one[name] for name in named},
                "decision": NOT_ADOPTED,
                "reason": dict(RUNNER_UP_REASON),
            }
            for one in asked["runners_up"]
        ]
        return {"poll": poll.id, "options": options, "text": dict(text)}

    def _record(self, record: str) -> dict[str, JSON]:
        return self.api.get(f"/records/{record}")

    def _await_record(self, record: str) -> dict[str, JSON]:
        """The result enters shortly after it is published."""
        end = time.monotonic() + RECORD_SECONDS
        while (found := self._record(record))["state"] == "awaiting-result":
            self._hold(time.monotonic() < end, "the result enters the record")
            time.sleep(LOOK_SECONDS)
        return found
