"""A whole secret vote in memory and its bundle, made by the core alone: no server, no database."""

import hashlib
import io
import json
import random
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from mvote.core.canonical import JSON, b64u, b64u_decode, canonical_bytes, digest
from mvote.core.counted_apart import Quarantined
from mvote.core.issuing import BlindIssuerKey, Roll
from mvote.core.poll import PollDefinition, PollDraft
from mvote.core.result import Figures, compose, tally
from mvote.core.secrecy import keys
from mvote.core.secrecy.ballot import leaf_of_bytes
from mvote.core.secrecy.blind_permit import BlindPermit
from mvote.core.secrecy.blind_signing import BlindSigner
from mvote.core.secrecy.checkpoint import make_checkpoint
from mvote.core.secrecy.merkle import root_of
from mvote.core.secrecy.phone import PollSecrets
from mvote.core.secrecy.receipt import make_receipt
from tests.makers import make_poll_draft

AT = datetime(2030, 2, 1, 12, tzinfo=UTC)
POLL = "0123456789abcdef"
Answers = Mapping[str, list[JSON]]


def seed_of(voter: str) -> bytes:
    return hashlib.sha256(voter.encode()).digest()


class Vote:
    """Permits, ballots and entries of one poll; ``close`` makes the files of the bundle."""

    def __init__(
        self, *, eligible: int = 1000, signer: BlindSigner | None = None, **draft: Any
    ) -> None:
        self.board = Ed25519PrivateKey.from_private_bytes(bytes([7]) * 32)
        self.signer = signer or BlindSigner(generate_private_key(65537, 2048))
        made = {"level": "secret", "closes": "2030-02-01T00:00:00Z", "record": "bridge", **draft}
        key = keys.blind_jwk(self.signer.public)
        self.definition: PollDefinition = (
            PollDraft.from_json(make_poll_draft(**made))
            .approved(poll=POLL)
            .frozen(
                roll=Roll("growing", eligible),
                issuer=(BlindIssuerKey(str(key["kid"]), str(key["n"]), "City"),),
                board_key=b64u(keys.raw_public(self.board.public_key())),
            )
        )
        self.ph = self.definition.hash
        self.origin = f"vote.example/polls/{POLL}"
        self.issued: set[str] = set()
        self.entries = [canonical_bytes(self.definition.to_json())]
        self.counting: dict[str, tuple[int, str]] = {}
        self.ballots = 0
        self.apart: dict[str, int] | None = None
        self.released: set[str] = set()

    def secrets(self, voter: str) -> PollSecrets:
        kid = self.definition.issuer[0].kid
        return PollSecrets(seed_of(voter), POLL, self.ph, kid, self.signer.public)

    def permit(self, voter: str) -> BlindPermit:
        secrets = self.secrets(voter)
        blinded = b64u_decode(str(secrets.request_permit()["blinded_msg"]))
        self.issued.add(hashlib.sha256(blinded).hexdigest())
        return secrets.finish_permit(b64u(self.signer.sign(blinded)))

    def cast(self, voter: str, answers: Answers, seq: int = 1) -> bytes:
        """Put a ballot on the board; returns its leaf."""
        ballot = self.secrets(voter).make_ballot(self.permit(voter), answers, seq)
        self.entries.append(canonical_bytes(ballot))
        self.ballots += 1
        if self.counting.get(voter, (0, ""))[0] < seq:
            self.counting[voter] = (seq, json.dumps(answers))
        return leaf_of_bytes(self.entries[-1])

    def receipt(self, leaf: bytes) -> str:
        made = make_receipt(
            self.board, poll=POLL, leaf=leaf, include_by="2030-02-01T00:10:00Z", origin=self.origin
        )
        return json.dumps(made.to_json())

    def checkpoint(self, size: int | None = None) -> str:
        entries = self.entries[:size]
        root = root_of(leaf_of_bytes(entry) for entry in entries)
        return make_checkpoint(self.board, origin=self.origin, size=len(entries), root=root)

    @cached_property
    def hashes(self) -> list[str]:
        return sorted(self.issued)

    def close(self) -> dict[str, bytes]:
        """The files of the bundle without its manifest."""
        voters, issued = len(self.counting), len(self.issued)
        counts = {"ballots": self.ballots, "voters": voters}
        entry = {"type": "close", "counts": counts, "issued": issued}
        entry["issued_sha256"] = digest(self.hashes)
        if self.apart is not None:
            entry["quarantine"] = dict(self.apart)
        early = len(self.entries)
        self.entries.append(canonical_bytes(entry))
        eligible = self.definition.roll.eligible
        return {
            "poll.json": self.entries[0],
            "entries.jsonl": b"".join(entry + b"\n" for entry in self.entries),
            "checkpoint": self.checkpoint().encode(),
            f"checkpoints/{early}": self.checkpoint(early).encode(),
            "issued.json": canonical_bytes(
                {"eligible": eligible, "issued": issued, "hashes": self.hashes}
            ),
            "result.json": canonical_bytes(self.result()),
            "VERIFY.md": b"# How to recount\n",
        }

    def result(self) -> dict[str, JSON]:
        grouped = [(answers, 1) for _, answers in self.counting.values()]
        outcomes = tally(self.definition, grouped, poll_hash=self.ph)
        figures = Figures(
            eligible=self.definition.roll.eligible,
            issued=len(self.issued),
            voters=len(self.counting),
            entries=self.ballots,
        )
        return compose(
            self.definition,
            outcomes,
            figures,
            poll_hash=self.ph,
            closed_at=AT,
            published_at=AT,
            quarantined=self.quarantined,
        )

    @property
    def quarantined(self) -> Quarantined | None:
        return None if self.apart is None else Quarantined(self.apart, self.released)


def zipped(files: Mapping[str, bytes], *, stored: bool = False) -> bytes:
    """A bundle whose manifest names these files as they are."""
    listed = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    manifest = {"manifest.json": canonical_bytes({"v": 1, "files": listed})}
    return zipped_as_is({**manifest, **files}, stored=stored)


def zipped_as_is(files: Mapping[str, bytes], *, stored: bool = False) -> bytes:
    out = io.BytesIO()
    packed = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(out, "w", packed) as bundle:
        for name, content in files.items():
            with bundle.open(name, "w", force_zip64=True) as member:
                member.write(content)
    return out.getvalue()


def random_answers(definition: PollDefinition, chance: random.Random) -> Iterator[Answers]:
    """Answers to questions with options, some of them blank where that is allowed."""
    while True:
        answers: dict[str, list[JSON]] = {}
        for question in definition.questions:
            ids = [option.id for option in question.options]
            most = 1 if question.type in ("yes-no", "single-choice") else len(ids)
            least = 0 if question.blank else 1
            answers[question.id] = chance.sample(ids, chance.randint(least, most))
        yield answers
