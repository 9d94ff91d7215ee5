"""A citizen with a phone: proves the number, takes a permit, casts, keeps the receipt.

The phone trusts no answer: it checks the permit and the receipt against the keys in the
frozen poll.  It keeps a ballot before sending it, so that every retry sends the same bytes;
for a secret poll it keeps a seed before it asks for the permit, so that every retry asks for
the same one.
"""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from mvote.client.api import Api
from mvote.client.board import BoardWatch
from mvote.client.errors import NotReached, NotUnderstood, PermitNotHeld, Refused
from mvote.client.identity import Identity
from mvote.client.poll import FrozenPoll
from mvote.client.scope import HeldScope, fetch_scope
from mvote.core.canonical import JSON, b64u, canonical_bytes, parse
from mvote.core.secrecy.ballot import Answers, Ballot, read_ballot, write_ballot
from mvote.core.secrecy.blind_permit import BlindPermit
from mvote.core.secrecy.keys import raw_public
from mvote.core.secrecy.levels import takes_blind
from mvote.core.secrecy.order import option_order
from mvote.core.secrecy.permit import PseudonymPermit, read_permit, verify_permit
from mvote.core.secrecy.phone import SEED_LENGTH, PollSecrets
from mvote.core.secrecy.receipt import Receipt, ReceiptNotValid, read_receipt, verify_receipt

TOO_MANY: Final = 429
SERVER_FAULT: Final = 500
NOT_FOUND: Final = 404
OPEN: Final = "open"
LOOK_EVERY_SECONDS: Final = 0.1
LONGEST_WAIT_SECONDS: Final = 60.0

Permit = PseudonymPermit | BlindPermit


class PhoneCheck(NamedTuple):
    """A code is on its way; times in seconds."""

    check: str
    expires_in: int
    resend_in: int


@dataclass(slots=True)
class _Held:
    """What the phone keeps of one poll: the permit, its ballots by ``seq``, receipts by leaf.

    ``secrets`` are there where the permit is blind.
    """

    permit: Permit
    secrets: PollSecrets | None = None
    ballots: list[Ballot] = field(default_factory=list)
    receipts: dict[bytes, Receipt] = field(default_factory=dict)

    def ballot_for(self, poll: FrozenPoll, answers: Answers, seq: int | None) -> Ballot:
        """The newest ballot when it says the same, else a new one, which is kept."""
        last = self.ballots[-1] if self.ballots else None
        if last and last.answers == answers and seq in (None, last.seq):
            return last
        number = seq or (last.seq + 1 if last else 1)
        self.ballots.append(read_ballot(self._write(poll, answers, number)))
        return self.ballots[-1]

    def _write(self, poll: FrozenPoll, answers: Answers, seq: int) -> JSON:
        if isinstance(self.permit, BlindPermit):
            if self.secrets is None:
                raise PermitNotHeld(poll.id)
            return self.secrets.make_ballot(self.permit, answers, seq)
        return write_ballot(poll=poll.id, ph=poll.ph, answers=answers, permit=self.permit, seq=seq)

    @property
    def mark(self) -> str:
        """What orders the options for this voter."""
        if isinstance(self.permit, PseudonymPermit):
            return b64u(self.permit.mark)
        return self.secrets.mark if self.secrets else ""

    def drop(self, ballot: Ballot) -> None:
        """Forget a ballot that was refused, unless it was received before."""
        if ballot.leaf not in self.receipts:
            self.ballots.remove(ballot)


class Citizen:
    """One person's phone.  Used by one thread at a time."""

    def __init__(self, people: Api, votes: Api, *, number: str, language: str = "ko") -> None:
        self.number = number
        self.language = language
        self.identity = Identity(people)
        self._people = people
        self._votes = votes
        self._check: str | None = None
        self._held: dict[str, _Held] = {}
        self._seeds: dict[str, bytes] = {}
        self._scopes: dict[str, HeldScope] = {}
        self._watches: dict[str, BoardWatch] = {}

    def check_phone(self) -> PhoneCheck:
        """Ask for a code by SMS.  Raises as ``Api.call`` does."""
        sent = {"number": self.number, "language": self.language}
        answer = self._people.post("/phone-checks", sent, repeat=True)
        try:
            made = PhoneCheck(answer["check"], answer["expires_in"], answer["resend_in"])
        except KeyError as missing:
            raise NotUnderstood("a phone check", f"no {missing}") from None
        self._check = made.check
        return made

    def enter_code(self, code: str) -> None:
        """Sign in with the code of the last check.  Raises as ``Api.call`` does."""
        path = f"/phone-checks/{self._check}/tokens"
        self.identity.keep(self._people.post(path, {"code": code}))

    def refresh(self) -> None:
        """Renew the tokens.  Raises as ``Api.call`` does."""
        self.identity.refresh()

    def sign_out(self) -> None:
        """End the sign-in.  Permits, ballots and receipts stay.  Raises as ``Api.call`` does."""
        self.identity.sign_out()

    def eligibility(self, poll_id: str) -> dict[str, JSON]:
        """May I vote, and if not why and what can I do?  Raises as ``Api.call`` does."""
        path = f"/polls/{poll_id}/eligibility"
        return self.identity.call(self._people, "GET", path).object()

    def await_permits(
        self, poll_id: str, *, until: str = OPEN, seconds: float = LONGEST_WAIT_SECONDS
    ) -> None:
        """Wait until the people side takes a poll for open: it hears so a moment later.

        ``until`` may be another state that it is to have heard of, such as ``suspended``.

        Raises as ``Api.call`` does, and NotReached.
        """
        deadline = time.monotonic() + seconds
        while (state := self._people_state(poll_id)) != until:
            if time.monotonic() > deadline:
                raise NotReached(poll_id, (until,), state)
            time.sleep(LOOK_EVERY_SECONDS)

    def _people_state(self, poll_id: str) -> str | None:
        """The poll's state as the people side knows it; None while it knows no such poll."""
        try:
            return str(self.eligibility(poll_id)["poll_state"])
        except Refused as refused:
            if refused.status != NOT_FOUND:
                raise
            return None

    def get_permit(self, poll: FrozenPoll, *, name: str | None = None) -> Permit:
        """Take the one permit for a poll and check it; a second call gives the one that is held.

        Raises as ``Api.call`` does, and PermitMalformed, PermitForAnotherPoll, PermitNotValid,
        BlindSignatureNotValid.
        """
        if poll.id not in self._held and takes_blind(poll.level):
            self._take_blind_permit(poll)
        elif poll.id not in self._held:
            body = {} if name is None else {"name": name}
            path = f"/polls/{poll.id}/permits"
            answer = self.identity.call(self._people, "POST", path, body=body, repeat=True)
            self.hold_permit(poll, answer.object())
        return self._held[poll.id].permit

    def _take_blind_permit(self, poll: FrozenPoll) -> None:
        [(kid, issuer)] = poll.issuers.items()
        if not isinstance(issuer, RSAPublicKey):
            raise NotUnderstood(f"poll {poll.id}", "its issuer signs no blind permits")
        seed = self._seeds.setdefault(poll.id, secrets.token_bytes(SEED_LENGTH))
        kept = PollSecrets(seed, poll.id, poll.ph, kid, issuer)
        path, body = f"/polls/{poll.id}/permits", kept.request_permit()
        answer = self.identity.call(self._people, "POST", path, body=body, repeat=True).object()
        try:
            permit = kept.finish_permit(str(answer["blind_sig"]))
        except KeyError as missing:
            raise NotUnderstood("a permit", f"no {missing}") from None
        self._held[poll.id] = _Held(permit, kept)

    def hold_permit(self, poll: FrozenPoll, value: JSON) -> PseudonymPermit:
        """Check a permit and keep it, such as one that was saved.

        Raises PermitMalformed, PermitForAnotherPoll, PermitNotValid.
        """
        permit = read_permit(value)
        verify_permit(permit, ph=poll.ph, level=poll.level, issuers=poll.issuers)
        self._held[poll.id] = _Held(permit)
        return permit

    def shown_options(self, poll: FrozenPoll, question_id: str) -> list[str]:
        """The options of a question in this voter's own order.  Raises PermitNotHeld, KeyError."""
        return option_order(self._kept(poll).mark, question_id, poll.option_ids(question_id))

    def cast(
        self,
        poll: FrozenPoll,
        answers: Answers,
        *,
        seq: int | None = None,
        texts: Mapping[str, JSON] | None = None,
    ) -> Receipt:
        """Cast a ballot and check its receipt.

        The same answers again send the same bytes and give the same receipt; other answers
        make the next ballot (``seq`` one higher unless given).  ``texts`` travel beside it
        (``private_texts.write_text`` makes them).  Raises as ``Api.call`` does, and
        PermitNotHeld, BallotMalformed, ReceiptMalformed, ReceiptNotValid.
        """
        held = self._kept(poll)
        ballot = held.ballot_for(poll, answers, seq)
        path, content = f"/polls/{poll.id}/ballots", ballot.canonical
        if texts:
            content = canonical_bytes({**parse(content), "texts": dict(texts)})
        try:
            answer = self._votes.call("POST", path, content=content, repeat=True)
        except Refused as refused:
            if _was_not_taken(refused):
                held.drop(ballot)
            raise
        receipt = _checked_receipt(answer.object(), poll, ballot)
        held.receipts[ballot.leaf] = receipt
        return receipt

    def take_scope_permit(self, scope_id: str) -> str:
        """Take the one permit to act within a scope; gives the holder's pseudonym there.

        A second call asks for nothing more.  Raises as ``Api.call`` does, and
        BlindSignatureNotValid.
        """
        if scope_id not in self._scopes:
            self._scopes[scope_id] = HeldScope.begin(fetch_scope(self._votes, scope_id))
        held = self._scopes[scope_id]
        if held.permit is None:
            path, body = f"/scopes/{scope_id}/permits", held.secrets.request_permit()
            answer = self.identity.call(self._people, "POST", path, body=body, repeat=True)
            try:
                held.permit = held.secrets.finish_permit(str(answer.object()["blind_sig"]))
            except KeyError as missing:
                raise NotUnderstood("a permit", f"no {missing}") from None
        return raw_public(held.secrets.ballot_key.public_key()).hex()

    def act(
        self, scope_id: str, act: str, body: Mapping[str, JSON], *, path: str, method: str = "POST"
    ) -> dict[str, JSON]:
        """Do something within a scope, signed and without a name; gives the answer.

        ``path`` is where acts of this kind are taken.  Where no answer came, the same call
        sends the same bytes.  Raises as ``Api.call`` does, and PermitNotHeld.
        """
        held = self._scopes.get(scope_id)
        if held is None or held.permit is None:
            raise PermitNotHeld(scope_id)
        content = held.act_for(act, body, held.permit)
        try:
            answer = self._votes.call(method, path, content=content, repeat=True)
        except Refused as refused:
            if _was_not_taken(refused):
                held.waiting.clear()
            raise
        held.waiting.clear()
        return answer.object()

    def receipts(self, poll: FrozenPoll) -> list[Receipt]:
        """The receipts held for a poll, oldest first.  Raises PermitNotHeld."""
        return list(self._kept(poll).receipts.values())

    def newest_ballot(self, poll: FrozenPoll) -> dict[str, JSON]:
        """The ballot that was made last, as it is sent.  Raises PermitNotHeld, IndexError."""
        ballot: dict[str, JSON] = parse(self._kept(poll).ballots[-1].canonical)
        return ballot

    def find_ballot(self, poll: FrozenPoll) -> int | None:
        """Where the newest ballot stands on the board, proved; None where it is not there yet.

        Raises as ``Api.call`` does, and PermitNotHeld, BoardAlarm.
        """
        watch = self._watches.setdefault(poll.id, BoardWatch(self._votes, poll))
        ballots = self._kept(poll).ballots
        return watch.find(ballots[-1].leaf) if ballots else None

    def _kept(self, poll: FrozenPoll) -> _Held:
        try:
            return self._held[poll.id]
        except KeyError:
            raise PermitNotHeld(poll.id) from None


def _was_not_taken(refused: Refused) -> bool:
    """Whether the ballot is surely not in the box: after a 429 or 5xx it may lie there already."""
    return refused.status < SERVER_FAULT and refused.status != TOO_MANY


def _checked_receipt(value: JSON, poll: FrozenPoll, ballot: Ballot) -> Receipt:
    receipt = read_receipt(value)
    verify_receipt(receipt, board_key=poll.board_key, poll=poll.id, leaf=ballot.leaf)
    if receipt.include_by != poll.include_by:
        raise ReceiptNotValid()
    return receipt
