"""A frozen poll as a client sees it: its definition, its hash and the keys that stand in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from mvote.client.api import Api
from mvote.client.errors import NotUnderstood
from mvote.core.canonical import JSON, digest
from mvote.core.errors import Refusal
from mvote.core.secrecy import keys, receipt


@dataclass(frozen=True, slots=True)
class FrozenPoll:
    """Everything that a phone needs for voting.  ``ph`` is computed here, never taken over."""

    id: str
    ph: str
    state: str
    level: str
    include_by: str
    definition: Mapping[str, JSON]
    issuers: Mapping[str, keys.IssuerPublic]
    board_key: Ed25519PublicKey

    def option_ids(self, question_id: str) -> list[str]:
        """The options of a question, in the order of the definition.  Raises KeyError."""
        for question in self.definition["questions"]:
            if question["id"] == question_id:
                return [option["id"] for option in question["options"]]
        raise KeyError(question_id)


def fetch_poll(votes: Api, poll_id: str) -> FrozenPoll:
    """Fetch a poll and read what is frozen in it.  Raises as ``Api.call`` does."""
    answer = votes.get(f"/polls/{poll_id}")
    try:
        poll = _read(answer)
    except (KeyError, TypeError, ValueError, Refusal) as fault:
        raise NotUnderstood(f"poll {poll_id}", f"{type(fault).__name__}: {fault}") from None
    if poll.id != poll_id or answer.get("ph", poll.ph) != poll.ph:
        raise NotUnderstood(f"poll {poll_id}", "the definition has another id or hash")
    return poll


def _read(answer: Mapping[str, JSON]) -> FrozenPoll:
    definition = answer["definition"]
    return FrozenPoll(
        id=definition["poll"],
        ph=digest(definition),
        state=answer["state"],
        level=definition["level"],
        include_by=receipt.include_by(
            closes=definition["closes"],
            grace_seconds=definition["grace_seconds"],
            outage_seconds=definition.get("outage", {}).get("most_seconds", 0),
        ),
        definition=definition,
        issuers=keys.load_issuers(definition["issuer"]),
        board_key=keys.load_raw(definition["board_key"], field="board_key"),
    )
