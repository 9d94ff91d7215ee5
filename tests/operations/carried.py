"""A city in one process: a poll is opened, citizens take permits and vote, time passes."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from mvote.app import create_app
from mvote.core.canonical import b64u
from mvote.core.ids import new_id
from mvote.core.issuing import BlindIssuerKey
from mvote.core.official import Official
from mvote.core.secrecy.ballot import write_ballot
from mvote.core.secrecy.levels import takes_blind
from mvote.core.secrecy.permit import PseudonymPermit
from mvote.core.secrecy.phone import PollSecrets
from mvote.db import engines, transaction
from mvote.people.identity.tables import AccountRow
from mvote.people.permits.rules import Asked, BlindSignature
from mvote.people.permits.service import issue_permit
from mvote.settings import Settings
from mvote.votes.ballots import service as ballots
from mvote.votes.polls import service as polls
from mvote.worker import Worker
from tests.makers import make_poll_draft, words

DRAFTER = Official("drafter-1", "roads", frozenset({"drafter"}))
APPROVER = Official("approver-1", "roads", frozenset({"approver"}))
SECOND = Official("approver-2", "roads", frozenset({"approver"}))


@dataclass
class City:
    app: Flask
    worker: Worker
    now: datetime

    def settle(self, later: timedelta = timedelta()) -> None:
        self.now += later
        self.worker.settle(self.now)

    def open(self, **changes: object) -> str:
        """A poll that is open on both wings."""
        closes = (self.now + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
        draft = make_poll_draft(**{"level": "secret", "closes": closes, **changes})
        poll = polls.draft_poll(draft, official=DRAFTER, now=self.now).poll.id
        polls.approve_poll(poll, known={1}, official=APPROVER, now=self.now)
        self.settle()
        polls.open_poll(poll, official=APPROVER, now=self.now)
        self.settle()
        return poll

    def account(self, voter: str) -> str:
        """The same one also after a copy was put back."""
        mac = hashlib.sha256(voter.encode()).digest()
        with transaction("people") as session:
            found = session.scalar(select(AccountRow.id).where(AccountRow.number_mac == mac))
            made = found or new_id()
            if found is None:
                session.add(AccountRow(id=made, number_mac=mac))
        return made

    def vote(self, poll: str, voter: str) -> dict[str, object]:
        """Take the permit and cast a ballot; gives its receipt."""
        definition, account = polls.definition_of(poll), self.account(voter)
        answers = {question.id: [] for question in definition.questions} | {"q1": ["yes"]}
        if not takes_blind(definition.level):
            permit = issue_permit(poll, account=account, asked=Asked(), proof="sms", now=self.now)
            assert isinstance(permit, PseudonymPermit)
            ballot = write_ballot(
                poll=poll, ph=definition.hash, answers=answers, permit=permit, seq=1
            )
            return ballots.cast_ballot(poll, ballot=ballot).receipt
        [issuer] = definition.issuer
        assert isinstance(issuer, BlindIssuerKey)
        seed = hashlib.sha256(f"{poll} {voter}".encode()).digest()
        phone = PollSecrets(seed, poll, definition.hash, issuer.kid, issuer.public())
        asked = Asked(**phone.request_permit())
        answer = issue_permit(poll, account=account, asked=asked, proof="sms", now=self.now)
        assert isinstance(answer, BlindSignature)
        ballot = phone.make_ballot(phone.finish_permit(b64u(answer.blind_sig)), answers)
        return ballots.cast_ballot(poll, ballot=ballot).receipt


@contextmanager
def city(settings: Settings) -> Iterator[City]:
    """Both wings on their databases, until the block ends: then nothing holds them any more."""
    app = create_app("both", settings)
    now = datetime.now(UTC).replace(microsecond=0)
    with app.app_context():
        made = City(app, Worker(app), now)
        if "roads" not in {one.code for one in polls.list_departments()}:
            polls.add_department("roads", name=words("Roads"), by="test", now=now)
        try:
            yield made
        finally:
            for engine in engines.engines.values():
                engine.dispose()
