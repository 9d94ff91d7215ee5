"""The recount bundle: all that a stranger needs to count a secret poll again, in one file.

It is streamed into a zip whose bytes depend on the poll alone, kept in the folder
``bundles`` of the installation's home, and made anew where it is missing.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from mvote.core.canonical import canonical_bytes
from mvote.core.poll import PollDefinition
from mvote.core.secrecy.ballot import leaf_of_bytes
from mvote.core.secrecy.levels import publishes_ballots
from mvote.core.secrecy.limits import figures_of
from mvote.core.secrecy.merkle import root_of
from mvote.installation import installation
from mvote.votes.ballots import service as ballots
from mvote.votes.ballots.errors import BallotsNotPublished
from mvote.votes.polls import service as polls
from mvote.votes.results.rules import RESULT_JSON
from mvote.votes.results.service.reading import get_file
from mvote.votes.results.service.verify_text import verify_text

BEGINNING_OF_TIME = (1980, 1, 1, 0, 0, 0)
"""The first that a zip can say; a real one would make other bytes of the same bundle."""
HASHES_A_WRITE = 1000


class BundleUnsound(Exception):
    """What the database holds is not what the board signed."""


def get_bundle(poll_id: str) -> Path:
    """The file of a bundle.

    Raises PollUnknown, BallotsNotPublished, ResultNotPublished, BoardBehindCheckpoint.
    """
    polls.get_public_poll(poll_id)
    if not publishes_ballots(polls.definition_of(poll_id).level):
        raise BallotsNotPublished()
    get_file(poll_id, RESULT_JSON)
    path = _path(poll_id)
    if not path.exists():
        make_bundle(poll_id)
    return path


def make_bundle(poll_id: str) -> None:
    """Write the bundle of a published poll beside its place, then put it there whole.

    Raises what ``get_bundle`` raises, and BundleUnsound: then there is no file.
    """
    path = _path(poll_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with part.open("wb") as file:
            with ZipFile(file, "w", ZIP_DEFLATED) as archive:
                _fill(_Members(archive), poll_id)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


class _Members:
    """The files of an archive, each written in pieces, and the manifest over them."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._digests: dict[str, str] = {}

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        digest = hashlib.sha256()
        info = ZipInfo(name, BEGINNING_OF_TIME)
        info.compress_type, info.create_system = ZIP_DEFLATED, 3
        info.external_attr = 0o644 << 16
        with self._archive.open(info, "w", force_zip64=True) as member:
            for piece in pieces:
                digest.update(piece)
                member.write(piece)
        self._digests[name] = digest.hexdigest()

    def add_manifest(self) -> None:
        self.add("manifest.json", [canonical_bytes({"v": 1, "files": dict(self._digests)})])


def _fill(members: _Members, poll_id: str) -> None:
    """Every file of secrecy.md section 5, the manifest last.  Raises BundleUnsound."""
    definition = polls.definition_of(poll_id)
    *earlier, last = ballots.list_trees(poll_id)
    if root_of(map(leaf_of_bytes, _entries(poll_id))) != last.root:
        raise BundleUnsound(f"the entries of poll {poll_id} are not what its board signed")
    members.add("poll.json", [polls.definition_text_of(poll_id).encode()])
    members.add("entries.jsonl", (entry + b"\n" for entry in _entries(poll_id)))
    members.add("checkpoint", [last.checkpoint.encode()])
    for tree in earlier:
        members.add(f"checkpoints/{tree.size}", [tree.checkpoint.encode()])
    members.add("issued.json", _issued(poll_id, definition))
    members.add("result.json", [get_file(poll_id, RESULT_JSON).content])
    page = verify_text(definition, figures_of(installation().settings))
    members.add("VERIFY.md", [page.encode()])
    members.add_manifest()


def _entries(poll_id: str) -> Iterator[bytes]:
    return (body.encode() for body in ballots.iter_entries(poll_id))


def _issued(poll_id: str, definition: PollDefinition) -> Iterator[bytes]:
    """JCS by hand, for a big city's list need not lie in memory whole."""
    issued = polls.get_poll(poll_id).issued
    yield b'{"eligible":' + json.dumps(definition.roll.eligible).encode() + b',"hashes":['
    comma, pieces = b"", []
    for one in polls.iter_issued(poll_id):
        pieces.append(comma + b'"' + one.encode() + b'"')
        comma = b","
        if len(pieces) == HASHES_A_WRITE:
            yield b"".join(pieces)
            pieces.clear()
    yield b"".join(pieces) + b'],"issued":' + json.dumps(issued).encode() + b"}"


def _path(poll_id: str) -> Path:
    """Absolute: who sends a file takes a relative path for one below the program."""
    return installation().settings.home.absolute() / "bundles" / f"{poll_id}.zip"
