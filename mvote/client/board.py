"""Watch a board as a phone does: find the own ballot among many, see that the board only grows.

The phone never asks for its own leaf: it sends so few digits of it that at least 256 leaves
share them, and looks for its own in the answer.  It keeps the newest checkpoint that it saw;
every later one has to extend it.
"""

from dataclasses import dataclass
from typing import Final

from mvote.client.api import Api
from mvote.client.errors import BoardAlarm, NotUnderstood
from mvote.client.poll import FrozenPoll
from mvote.core.canonical import b64u_decode
from mvote.core.secrecy.checkpoint import Checkpoint, read_checkpoint
from mvote.core.secrecy.merkle import verify_consistency, verify_inclusion

LEAST_TOGETHER: Final = 256
DIGIT: Final = 16


def tellable_prefix(leaf: bytes, size: int, *, least: int = LEAST_TOGETHER) -> str:
    """The digits of the own leaf that may be told: the most that keep so many leaves together."""
    digits = 0
    while size / DIGIT ** (digits + 1) >= least:
        digits += 1
    return leaf.hex()[:digits]


@dataclass(slots=True)
class BoardWatch:
    """What a phone keeps of one board: the newest checkpoint that it has seen."""

    votes: Api
    poll: FrozenPoll
    newest: Checkpoint | None = None
    note: str = ""

    def look(self) -> Checkpoint:
        """Fetch the newest checkpoint, and check that it extends the one kept.

        Raises as ``Api.call`` does, and CheckpointMalformed, CheckpointNotValid, BoardAlarm.
        """
        note = self.votes.call("GET", f"/polls/{self.poll.id}/board/checkpoint").content.decode()
        return self._keep(note)

    def find(self, leaf: bytes) -> int | None:
        """The position of a ballot, proved; None where it is not on the board yet.

        Raises what ``look`` raises.
        """
        prefix = tellable_prefix(leaf, self.look().size)
        path = f"/polls/{self.poll.id}/board/leaves"
        answer = self.votes.get(f"{path}/{prefix}" if prefix else path)
        try:
            checkpoint = self._keep(answer["checkpoint"])
            for place in answer["leaves"]:
                if b64u_decode(place["leaf"], length=32) == leaf:
                    proof = [b64u_decode(node, length=32) for node in place["proof"]]
                    position = int(place["position"])
                    size, root = checkpoint.size, checkpoint.root
                    if not verify_inclusion(leaf, position, size, proof, root):
                        raise BoardAlarm("proof-not-valid", (self.note,))
                    return position
        except (KeyError, TypeError, ValueError) as fault:
            raise NotUnderstood("the leaves of a board", type(fault).__name__) from None
        return None

    def _keep(self, note: str) -> Checkpoint:
        origin = self.newest.origin if self.newest else None
        found = read_checkpoint(note, public=self.poll.board_key, origin=origin)
        if not found.origin.endswith(f"/polls/{self.poll.id}"):
            raise NotUnderstood("a checkpoint", "it is of another board")
        if self.newest is not None and not self._extends(self.newest, found):
            raise BoardAlarm("board-rewritten", (self.note, note))
        self.newest, self.note = found, note
        return found

    def _extends(self, old: Checkpoint, new: Checkpoint) -> bool:
        if new.size == old.size:
            return new.root == old.root
        if new.size < old.size:
            return False
        path = f"/polls/{self.poll.id}/board/consistency?from={old.size}&to={new.size}"
        try:
            answer = self.votes.get(path)
            proof = [b64u_decode(node, length=32) for node in answer["proof"]]
        except (KeyError, TypeError, ValueError) as fault:
            raise NotUnderstood(path, type(fault).__name__) from None
        return verify_consistency(old.size, new.size, old.root, new.root, proof)
