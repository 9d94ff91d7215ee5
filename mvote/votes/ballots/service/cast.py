"""Cast a ballot: read it, check its permit and its answers, keep it, give the receipt."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mvote.core.canonical import JSON
from mvote.core.errors import Refusal
from mvote.core.phases import PollClosed, PollNotFrozen, PollUnknown, check_act
from mvote.core.poll import PollDefinition
from mvote.core.questions import read_answers
from mvote.core.questions.private_texts import read_texts
from mvote.core.secrecy.ballot import Ballot, read_ballot, verify_ballot
from mvote.core.secrecy.keys import IssuerPublic, load_issuers
from mvote.core.secrecy.receipt import make_receipt
from mvote.core.times import iso
from mvote.db import engine
from mvote.installation import installation
from mvote.votes.ballots.errors import BallotFateUnknown, RevoteNotAllowed, SeqConflict
from mvote.votes.ballots.rules import Incoming, board_origin
from mvote.votes.ballots.service.intake import intake_of
from mvote.votes.ballots.service.published import require_going_on
from mvote.votes.ballots.service.signing import board_key_of
from mvote.votes.ballots.service.storing import RETRY_SECONDS, Stored
from mvote.votes.polls import service as polls
from mvote.votes.polls.rules import Poll

KEPT_POLLS: Final = 256


@dataclass(frozen=True, slots=True)
class Cast:
    """A ballot that is durable.  ``receipt`` is the same for every retry; ``new`` is not."""

    receipt: dict[str, JSON]
    new: bool


@dataclass(frozen=True, slots=True)
class _Frozen:
    """What a frozen poll says about its ballots, made once."""

    definition: PollDefinition
    ph: str
    issuers: Mapping[str, IssuerPublic]
    include_by: str
    board_key: Ed25519PrivateKey


def cast_ballot(
    poll_id: str,
    *,
    ballot: JSON,
    texts: JSON = None,
    checked: Callable[[], None] = lambda: None,
) -> Cast:
    """Keep a ballot and give its receipt; whether the poll is open is for the database to say.

    ``texts`` came beside the ballot; ``checked`` is called once nothing is wrong with them.
    Signatures are checked here, in the request's own thread: the one that writes waits for
    the disk only.  Raises what ``check_ballot`` and ``private_texts.read_texts`` raise, and
    SeqConflict, StaleSeq,
    PollNotYetOpen, PollSuspended, PollClosed, PollCancelled, IntakeFull, BallotFateUnknown,
    BallotNotStorable, BoardBehindCheckpoint, BoardKeyMissing.
    """
    read = check_ballot(poll_id, ballot)
    frozen = _frozen(poll_id)
    definition = frozen.definition
    beside = read_texts(definition.questions, read.answers, {} if texts is None else texts)
    checked()
    new = _keep(Incoming.of(read, beside), revote=definition.revote)
    return Cast(_receipt(frozen, poll_id, read.leaf), new)


def check_ballot(poll_id: str, ballot: JSON) -> Ballot:
    """A ballot that could count in this poll; nothing is said of what else its voter cast.

    Raises PollUnknown, BallotMalformed, BallotTooLarge, PermitMalformed, BallotForAnotherPoll,
    PermitForAnotherPoll, PermitNotValid, BallotForged, AnswerRefused, RevoteNotAllowed.
    """
    frozen = _frozen(poll_id)
    read = read_ballot(ballot)
    definition = frozen.definition
    verify_ballot(read, poll=poll_id, ph=frozen.ph, level=definition.level, issuers=frozen.issuers)
    read_answers(definition.questions, read.answers)
    if read.seq > 1 and not definition.revote:
        raise RevoteNotAllowed()
    return read


def _keep(ballot: Incoming, *, revote: bool) -> bool:
    """Whether the ballot is new; it is durable when this returns."""
    try:
        stored = intake_of(engine("votes"), installation().settings).store(ballot)
    except SeqConflict:
        if revote:
            raise
        raise RevoteNotAllowed() from None
    if stored is Stored.NOT_OPEN:
        raise _why_not_open(polls.get_poll(ballot.poll))
    return stored is Stored.NEW


def _why_not_open(poll: Poll) -> Refusal:
    """What to say for a poll that took no ballot a moment ago."""
    try:
        check_act(poll.state, "cast")
    except Refusal as refusal:
        return refusal
    over = poll.closes_at <= datetime.now(UTC)
    return PollClosed() if over else BallotFateUnknown(retry_after=RETRY_SECONDS)


def _receipt(frozen: _Frozen, poll_id: str, leaf: bytes) -> dict[str, JSON]:
    return make_receipt(
        frozen.board_key,
        poll=poll_id,
        leaf=leaf,
        include_by=frozen.include_by,
        origin=board_origin(installation().settings.public_url, poll_id),
    ).to_json()


_kept: dict[str, _Frozen] = {}


def _frozen(poll_id: str) -> _Frozen:
    """From memory where it was asked before: a frozen poll never changes.

    The first time its board is looked at too: one that stands still could not keep what a
    receipt promises.  Raises PollUnknown, BoardBehindCheckpoint, BoardKeyMissing.
    """
    found = _kept.get(poll_id)
    if found is None:
        definition = _definition(poll_id)
        require_going_on(poll_id)
        issuers = load_issuers([key.to_json() for key in definition.issuer])
        found = _Frozen(
            definition,
            definition.hash,
            issuers,
            iso(definition.include_by),
            board_key_of(definition),
        )
        if len(_kept) >= KEPT_POLLS:
            _kept.clear()
        _kept[poll_id] = found
    return found


def _definition(poll_id: str) -> PollDefinition:
    """What was not frozen is not there for the public.  Raises PollUnknown."""
    try:
        return polls.definition_of(poll_id)
    except PollNotFrozen:
        raise PollUnknown() from None
