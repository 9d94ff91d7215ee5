"""All checks of a recount bundle, in one pass over its entries.

Source: the checks are those of the protocol's section "The recount bundle".
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from mvote.core.canonical import JSON, MalformedJson, canonical_bytes, parse
from mvote.core.errors import Refusal
from mvote.core.fields import FieldsRefused
from mvote.core.outage import Closings
from mvote.core.poll import PollDefinition
from mvote.core.quarantine import fits
from mvote.core.result import Figures
from mvote.core.secrecy.checkpoint import (
    Checkpoint,
    CheckpointMalformed,
    CheckpointNotValid,
    read_checkpoint,
)
from mvote.core.secrecy.exact import Fault
from mvote.core.secrecy.keys import load_raw
from mvote.core.secrecy.receipt import (
    ReceiptNotValid,
    verify_receipt,
)
from mvote.core.verify import words as say
from mvote.core.verify.archive import (
    ENTRIES,
    ISSUED,
    MANIFEST,
    MOST_HELD,
    Archive,
    Unreadable,
    blocks,
)
from mvote.core.verify.beside import Beside, Given
from mvote.core.verify.board import Board
from mvote.core.verify.issued import IssuedList, read_issued
from mvote.core.verify.processes import judge_all
from mvote.core.verify.recount import recount
from mvote.core.verify.report import (
    ALWAYS,
    NOT_SOUND,
    SOUND,
    UNREADABLE,
    UNREADABLE_WORDS,
    Checks,
    Report,
)

OF_BALLOTS: Final = ("permits", "signatures", "answers", "duplicate-seq")
NEVER: Final = datetime.min.replace(tzinfo=UTC)
Progress = Callable[[int, int], None]
"""Bytes of the entries done, and all of them."""


def verify_bundle(path: Path, beside: Beside, progress: Progress = lambda *_: None) -> Report:
    """Every check, as far as the bundle can be read.

    Raises nothing: what a bundle has in it that nobody foresaw proves nothing either.
    """
    try:
        given = Given.read(beside)
        with closing(Archive(path)) as archive:
            return _Verification(archive, given, progress).run()
    except Unreadable as fault:
        return unreadable(fault.code, fault.what)
    except Exception as fault:
        return unreadable("stopped", type(fault).__name__)


def unreadable(code: str, what: str) -> Report:
    words = UNREADABLE_WORDS[code]
    said = {language: text.format(what=what) for language, text in words.items()}
    return Report(status=UNREADABLE, unreadable=said)


class _Verification:
    """One bundle on its way through all checks."""

    def __init__(self, archive: Archive, given: Given, progress: Progress) -> None:
        self._archive = archive
        self._given = given
        self._progress = progress
        self._checks = Checks()
        self._digests: dict[str, str] = {}
        self._board = Board(
            revote=False, closings=Closings.of(None, datetime.min.replace(tzinfo=UTC))
        )
        self._totals: dict[str, dict[str, str]] | None = None
        self._chair = False

    def run(self) -> Report:
        """Raises Unreadable."""
        self._json(MANIFEST)
        definition = self._read_poll()
        if definition is not None:
            self._check_board(definition)
        self._check_manifest()
        return Report(
            status=SOUND if self._checks.sound else NOT_SOUND,
            checks=self._checks.all(),
            not_proved=self._not_proved(),
            poll=definition.poll if definition else None,
            ph=definition.hash if definition else None,
            title=definition.title if definition else None,
            ballots=self._board.ballots,
            voters=len(self._board.counting),
            totals=self._totals,
        )

    def _not_proved(self) -> tuple[str, ...]:
        """The particular before the general."""
        particular = {
            "board-key-from-bundle": self._given.board_key is None,
            "tie-decisions": self._chair,
            "breakdown": "breakdown.json" in self._archive.names(),
        }
        return (*(code for code, holds in particular.items() if holds), *ALWAYS)

    def _read(self, name: str) -> bytes:
        content = self._archive.read(name)
        self._digests[name] = hashlib.sha256(content).hexdigest()
        return content

    def _json(self, name: str) -> dict[str, JSON] | None:
        """A file that is one JSON object in canonical form."""
        content = self._read(name)
        try:
            value = parse(content)
        except (MalformedJson, ValueError):
            value = None
        if not isinstance(value, dict) or canonical_bytes(value) != content:
            self._checks.bad("canonical", say.spelling(name))
            return None
        return value

    def _read_poll(self) -> PollDefinition | None:
        value = self._json("poll.json")
        if value is None:
            return None
        try:
            definition = PollDefinition.from_json(value)
        except FieldsRefused as refusal:
            fields = [str(name) for name in refusal.errors]
            code = "keys" if any(name.startswith("issuer") for name in fields) else "poll-entry"
            self._checks.bad(code, say.wrong(", ".join(fields)))
            return None
        if canonical_bytes(definition.to_json()) != canonical_bytes(value):
            self._checks.bad("poll-entry", say.spelling("poll.json"))
            return None
        self._checks.good("keys", say.number(len(definition.issuer)))
        return definition

    def _check_board(self, definition: PollDefinition) -> None:
        earlier, key = self._checkpoints(definition)
        self._read_entries(definition, earlier)
        self._say_breaches()
        self._check_close(definition)
        self._check_receipt(definition, key)
        issued = self._check_issued(definition)
        if issued is not None:
            self._check_result(definition, issued)

    def _checkpoints(
        self, definition: PollDefinition
    ) -> tuple[dict[int, list[tuple[str, bytes]]], Ed25519PublicKey]:
        """Every signed root by the size at which it has to hold, and the board's key."""
        own, given = load_raw(definition.board_key), self._given.board_key
        if given is None:
            self._checks.say("board-key", "skipped", say.KEY_FROM_BUNDLE)
        elif given.public_bytes_raw() == own.public_bytes_raw():
            self._checks.good("board-key")
        else:
            self._checks.bad("board-key", say.OTHER_KEY)
        key = given or own
        roots: dict[int, list[tuple[str, bytes]]] = {}
        try:
            for code, checkpoint in self._signed(definition, key):
                roots.setdefault(checkpoint.size, []).append((code, checkpoint.root))
        except (CheckpointMalformed, CheckpointNotValid) as refusal:
            self._checks.bad("checkpoint", say.wrong(refusal.sentence("en")))
        else:
            self._checks.good("checkpoint", say.number(sum(map(len, roots.values()))))
        self._add_earlier(key, roots)
        return roots, key

    def _signed(
        self, definition: PollDefinition, key: Ed25519PublicKey
    ) -> Iterator[tuple[str, Checkpoint]]:
        """The checkpoints in the bundle.  Raises CheckpointMalformed, CheckpointNotValid."""
        last = read_checkpoint(self._read("checkpoint"), public=key)
        self._origin = last.origin
        if not last.origin.endswith(f"/polls/{definition.poll}"):
            raise CheckpointNotValid()
        self._last_size = last.size
        yield "tree-root", last
        for size, name in sorted(self._archive.earlier_checkpoints().items()):
            found = read_checkpoint(self._read(name), public=key, origin=last.origin)
            if found.size != size:
                raise CheckpointNotValid()
            yield "tree-root", found

    _origin: str | None = None
    _last_size: int | None = None

    def _add_earlier(
        self, key: Ed25519PublicKey, roots: dict[int, list[tuple[str, bytes]]]
    ) -> None:
        if self._given.earlier is None:
            self._checks.say("earlier-checkpoint", "skipped", say.NO_EARLIER)
            return
        try:
            found = read_checkpoint(self._given.earlier, public=key, origin=self._origin)
        except CheckpointNotValid:
            self._checks.bad("earlier-checkpoint", say.EARLIER_FOREIGN)
            return
        roots.setdefault(found.size, []).append(("earlier-checkpoint", found.root))

    def _read_entries(
        self, definition: PollDefinition, roots: Mapping[int, list[tuple[str, bytes]]]
    ) -> None:
        """One pass: leaves, roots, ballots, and the digest of the file."""
        receipt, size, done = self._given.receipt, self._archive.size(ENTRIES), 0
        closings = Closings.of(definition.outage, definition.closes)
        self._board = Board(definition.revote, closings, receipt.leaf if receipt else None)
        poll = canonical_bytes(definition.to_json())

        def pieces() -> Iterator[bytes]:
            nonlocal done
            for piece in self._pieces(ENTRIES):
                done += len(piece)
                self._progress(done, size)
                yield piece

        self._compare_roots(roots)
        lines = _first_is(poll, blocks(pieces()), self._checks)
        for entry in judge_all(poll, lines, size=size):
            self._board.take(entry)
            self._compare_roots(roots)
        self._say_roots(roots)

    def _pieces(self, name: str) -> Iterator[bytes]:
        """A file piece by piece, and its digest behind the last."""
        sha256 = hashlib.sha256()
        for piece in self._archive.pieces(name):
            sha256.update(piece)
            yield piece
        self._digests[name] = sha256.hexdigest()

    def _compare_roots(self, roots: Mapping[int, list[tuple[str, bytes]]]) -> None:
        for code, root in roots.get(self._board.tree.size, ()):
            if self._board.tree.root() != root:
                words = say.REWRITTEN if code == "earlier-checkpoint" else say.wrong("root")
                self._checks.bad(code, words)

    def _say_roots(self, roots: Mapping[int, list[tuple[str, bytes]]]) -> None:
        size = self._board.tree.size
        for beyond in (at for at in roots if at > size):
            for code, _ in roots[beyond]:
                words = say.REWRITTEN if code == "earlier-checkpoint" else say.wrong(str(beyond))
                self._checks.bad(code, words)
        if self._last_size is not None:
            if self._last_size != size:
                self._checks.bad("tree-root", say.wrong(str(self._last_size)))
            self._checks.good("tree-root", say.number(size))
        if any(code == "earlier-checkpoint" for found in roots.values() for code, _ in found):
            self._checks.good("earlier-checkpoint", say.EXTENDS)

    def _say_breaches(self) -> None:
        board = self._board
        for code in ("canonical", *OF_BALLOTS):
            if board.broken[code]:
                self._checks.bad(code, say.entries(board.broken[code], board.breaches[code]))
            checked = board.tree.size if code == "canonical" else board.ballots
            self._checks.good(code, say.number(checked))

    def _check_close(self, definition: PollDefinition) -> None:
        board, close = self._board, self._board.close
        if board.broken["close-entry"]:
            words = say.entries(board.broken["close-entry"], board.breaches["close-entry"])
            self._checks.bad("close-entry", words)
        elif close is None:
            self._checks.bad("close-entry", say.wrong("close"))
        elif (close.ballots, close.voters) != (board.ballots, len(board.counting)):
            self._checks.bad("close-entry", say.wrong("counts"))
        elif not fits(close.apart, definition.quarantine, close.issued):
            self._checks.bad("close-entry", say.wrong("quarantine"))
        else:
            self._checks.good("close-entry")

    def _check_receipt(self, definition: PollDefinition, key: Ed25519PublicKey) -> None:
        receipt = self._given.receipt
        if receipt is None:
            self._checks.say("receipt", "skipped", say.NO_RECEIPT)
            return
        try:
            verify_receipt(receipt, board_key=key, poll=definition.poll, leaf=receipt.leaf)
        except ReceiptNotValid:
            self._checks.bad("receipt", say.RECEIPT_FORGED)
            return
        place = self._board.found_at
        words = say.receipt_broken if place is None else say.receipt_found
        self._checks.say(
            "receipt", "failed" if place is None else "passed", words(receipt.tracker, place or 0)
        )

    def _check_issued(self, definition: PollDefinition) -> int | None:
        """How many permits were issued, where the list is the one that the board committed to."""
        eligible, voters = definition.roll.eligible, len(self._board.counting)
        try:
            found = read_issued(self._pieces(ISSUED))
            self._compare_issued(found, eligible)
        except Fault as fault:
            self._checks.bad("issued-list", say.wrong(fault.field))
            if self._archive.size(ISSUED) <= MOST_HELD:
                self._json(ISSUED)
            return None
        self._checks.good("issued-list", say.number(found.issued))
        added = self._board.added
        fits = voters <= found.issued and (eligible is None or found.issued <= eligible + added)
        words = say.figures(voters, found.issued, eligible, added)
        self._checks.say("counts", "passed" if fits else "failed", words)
        return found.issued

    def _compare_issued(self, found: IssuedList, eligible: int | None) -> None:
        """As many as it says, for as many as the poll says, as committed.  Raises Fault."""
        close = self._board.close
        if found.eligible != eligible:
            raise Fault("eligible")
        if found.number != found.issued or close is None or close.issued != found.issued:
            raise Fault("issued")
        if close.issued_sha256 != found.sha256:
            raise Fault("issued_sha256")

    def _check_result(self, definition: PollDefinition, issued: int) -> None:
        claimed = self._json("result.json")
        if claimed is None:
            return
        figures = Figures(
            eligible=definition.roll.eligible,
            issued=issued,
            voters=len(self._board.counting),
            entries=self._board.ballots,
        )
        try:
            apart = self._board.apart(definition)
            found = recount(definition, self._board.grouped, figures, claimed, apart)
        except (
            Refusal,
            ArithmeticError,
            AttributeError,
            LookupError,
            TypeError,
            ValueError,
        ) as why:
            self._checks.bad("result", say.wrong(type(why).__name__))
            return
        made, self._totals, self._chair = found.document, found.totals, found.by_chair
        differs = next((key for key in made | claimed if made.get(key) != claimed.get(key)), None)
        if differs is not None or canonical_bytes(made) != canonical_bytes(claimed):
            self._checks.bad("result", say.wrong(str(differs)))
        else:
            self._checks.good("result", say.recounted(len(definition.questions)))

    def _check_manifest(self) -> None:
        """Last, when every file has been read; those that no other check reads are read here."""
        faults = self._archive.strangers()
        for name in set(self._archive.names()) - faults:
            if name not in self._digests:
                for _ in self._pieces(name):
                    pass
            if self._archive.manifest.get(name) != self._digests[name]:
                faults.add(name)
        if faults:
            self._checks.bad("manifest", say.files(sorted(faults)))
        self._checks.good("manifest", say.number(len(self._digests)))


def _first_is(poll: bytes, given: Iterator[bytes], checks: Checks) -> Iterator[bytes]:
    """Compare the first line with the definition on the way."""
    first = next(given, b"")
    ph = hashlib.sha256(poll).hexdigest()
    if not first.startswith(poll + b"\n"):
        checks.bad("poll-entry", say.wrong("poll.json"))
    checks.good("poll-entry", {"ko": ph, "en": ph})
    if first:
        yield first
    yield from given
