"""The key with which a board signs: the one that its poll was frozen with, also once replaced."""

import json
import logging
from collections.abc import Collection, Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from mvote.core.poll import PollDefinition
from mvote.core.secrecy.keys import kid_of, load_raw
from mvote.installation import installation
from mvote.votes.ballots.errors import BoardKeyMissing
from mvote.votes.polls import service as polls

log = logging.getLogger("mvote.ballots")


def board_key_of(definition: PollDefinition) -> Ed25519PrivateKey:
    """Raises BoardKeyMissing."""
    kid = kid_of(load_raw(definition.board_key))
    found = installation().keys["votes"].find(kid)
    if found is None:
        log.critical("the board key %s of poll %s is not here", kid, definition.poll)
        raise BoardKeyMissing()
    return found.private


def list_without_board_key(votes: Engine, held: Collection[str]) -> Sequence[str]:
    """At start: polls that are not over and whose board key is not among the kids held."""
    return [
        poll
        for poll, definition in polls.list_running_definitions(votes)
        if kid_of(load_raw(json.loads(definition)["board_key"])) not in held
    ]
