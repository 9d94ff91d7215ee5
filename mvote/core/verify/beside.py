"""What is laid beside a bundle: a board key, a receipt, an earlier checkpoint."""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from mvote.core.canonical import MalformedJson, parse
from mvote.core.secrecy.checkpoint import (
    CheckpointMalformed,
    parse_checkpoint,
    read_verifier_key,
)
from mvote.core.secrecy.keys import KeyMalformed, load_raw
from mvote.core.secrecy.receipt import Receipt, ReceiptMalformed, read_receipt
from mvote.core.verify.archive import Unreadable


@dataclass(frozen=True, slots=True)
class Beside:
    """What is laid beside the bundle, from elsewhere; None where there is none.

    ``board_key`` as base64url or as a C2SP verifier key, ``receipt`` as JSON,
    ``earlier_checkpoint`` as a signed note.
    """

    board_key: str | None = None
    receipt: bytes | None = None
    earlier_checkpoint: bytes | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """``Beside``, read."""

    board_key: Ed25519PublicKey | None
    receipt: Receipt | None
    earlier: bytes | None

    @classmethod
    def read(cls, beside: Beside) -> "Given":
        """Raises Unreadable."""
        key = receipt = None
        try:
            if beside.board_key is not None:
                spelled = beside.board_key.strip()
                key = read_verifier_key(spelled)[1] if "+" in spelled else load_raw(spelled)
        except (KeyMalformed, CheckpointMalformed, ValueError):
            raise Unreadable("board-key") from None
        try:
            if beside.receipt is not None:
                receipt = read_receipt(parse(beside.receipt))
        except (ReceiptMalformed, MalformedJson):
            raise Unreadable("receipt") from None
        try:
            if beside.earlier_checkpoint is not None:
                parse_checkpoint(beside.earlier_checkpoint)
        except CheckpointMalformed:
            raise Unreadable("earlier-checkpoint") from None
        return cls(key, receipt, beside.earlier_checkpoint)
