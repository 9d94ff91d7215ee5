"""Read a bundle that may be hostile: nothing is unpacked onto the disk, nothing read twice.

A bundle is a ZIP file whose ``manifest.json`` names every other file in it with its SHA-256.
"""

import io
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Final

from mvote.core.canonical import JSON, MalformedJson, parse
from mvote.core.secrecy import exact

MANIFEST: Final = "manifest.json"
ENTRIES: Final = "entries.jsonl"
ISSUED: Final = "issued.json"
NEEDED: Final = ("poll.json", ENTRIES, "checkpoint", ISSUED, "result.json")
LONG: Final = frozenset({ENTRIES, ISSUED})
"""Read piece by piece, never held as a whole."""
MOST_FILES: Final = 10_000
MOST_BYTES: Final = 16 * 2**30
"""Of all files together, unpacked."""
MOST_HELD: Final = 64 * 2**20
"""Of a file that is not among the long ones."""
MOST_RATIO: Final = 200
MOST_RATIO_OF_LONG: Final = 20
"""Signatures and hashes hardly shrink: a sound file stays below 4."""
SLACK: Final = 2**20
MOST_LINE: Final = 8 * 2**20
MOST_READ: Final = 2 * 2**20
"""In one go; the directory of as many files as may be is shorter."""
_PIECE: Final = 2**18
_HEADER: Final = 30
_END: Final = b"PK\x05\x06"
_END_LENGTH: Final = 22
_KNOWN: Final = re.compile(
    r"poll\.json|entries\.jsonl|checkpoint|checkpoints/[1-9][0-9]{0,15}|issued\.json"
    r"|result\.json|breakdown\.json|VERIFY\.md"
)
_PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What ``zipfile`` raises for files that are not as they should be."""


class Unreadable(Exception):
    """What was given is no bundle, or may not be opened; ``code`` says which part."""

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(code, what)
        self.code = code
        self.what = what


class Archive:
    """An opened bundle.  ``manifest`` has the SHA-256 by name, as the bundle says."""

    def __init__(self, path: Path) -> None:
        """Raises Unreadable."""
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                raise Unreadable("unreadable-zip", "no file")
            self._file = _Shortly(path)
        except OSError as error:
            raise Unreadable("unreadable-zip", error.strerror or "not read") from None
        try:
            self._open()
        except BaseException:
            self._file.close()
            raise

    def _open(self) -> None:
        """Raises Unreadable."""
        try:
            self._zip = zipfile.ZipFile(self._file)
            _check_ends(self._zip, self._file)
        except OSError as error:
            raise Unreadable("unreadable-zip", error.strerror or "not read") from None
        except _BROKEN:
            raise Unreadable("unreadable-zip", "no ZIP file, or cut off") from None
        self._members = _members(self._zip, self._file.length)
        for name in (MANIFEST, *NEEDED):
            if name not in self._members:
                raise Unreadable("file-missing", name)
        self.manifest = _read_manifest(self.read(MANIFEST))

    def close(self) -> None:
        self._zip.close()
        self._file.close()

    def names(self) -> list[str]:
        """The names of the files beside the manifest."""
        return [name for name in self._members if name != MANIFEST]

    def size(self, name: str) -> int:
        return self._members[name].file_size

    def read(self, name: str) -> bytes:
        """A file that is small enough to hold.  Raises Unreadable."""
        if self.size(name) > MOST_HELD:
            raise Unreadable("unreadable-zip", f"{name} is too large")
        return b"".join(self.pieces(name))

    def pieces(self, name: str) -> Iterator[bytes]:
        """A file piece by piece, never more than it was said to hold.  Raises Unreadable."""
        member, left = self._members[name], self._members[name].file_size
        try:
            with self._zip.open(member) as file:
                while piece := file.read(_PIECE):
                    left -= len(piece)
                    if left < 0:
                        raise Unreadable("unreadable-zip", f"{name} holds more than it says")
                    yield piece
        except (*_BROKEN, OSError):
            raise Unreadable("unreadable-zip", f"{name} is damaged") from None
        if left:
            raise Unreadable("unreadable-zip", f"{name} is cut off")

    def strangers(self) -> set[str]:
        """Names that the manifest and the files do not share, and those no bundle has."""
        listed, there = set(self.manifest), set(self.names())
        return (listed ^ there) | {name for name in listed | there if not _KNOWN.fullmatch(name)}

    def earlier_checkpoints(self) -> dict[int, str]:
        """File names by the size that they say."""
        found = [name for name in self.names() if name.startswith("checkpoints/")]
        return {
            int(name.removeprefix("checkpoints/")): name for name in found if _KNOWN.fullmatch(name)
        }


class _Shortly(io.FileIO):
    """A file that never gives much at once, whatever length a hostile directory claims."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.length = os.fstat(self.fileno()).st_size

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = self.length - self.tell() if size is None or size < 0 else size
        if wanted > MOST_READ:
            raise Unreadable("unreadable-zip", "its directory is too large")
        return super().read(size) or b""


def _check_ends(archive: zipfile.ZipFile, file: _Shortly) -> None:
    """Nothing stands before the first file or behind the end: readers differ about such files."""
    first = min((one.header_offset for one in archive.infolist()), default=0)
    comment = len(archive.comment)
    file.seek(-min(_END_LENGTH + comment, file.length), os.SEEK_END)
    end = file.read(_END_LENGTH)
    if first or end[:4] != _END or int.from_bytes(end[-2:], "little") != comment:
        raise Unreadable("unreadable-zip", "more than a ZIP file, or cut off")


def _members(archive: zipfile.ZipFile, length: int) -> dict[str, zipfile.ZipInfo]:
    found = archive.infolist()
    if len(found) > MOST_FILES:
        raise Unreadable("unreadable-zip", "too many files")
    if len({one.filename for one in found}) != len(found):
        raise Unreadable("unreadable-zip", "a name stands twice")
    for one in found:
        _check_member(one)
    places = sorted((one.header_offset, one.compress_size) for one in found)
    places.append((archive.start_dir, 0))
    if any(at + _HEADER + size > behind for (at, size), (behind, _) in pairwise(places)):
        raise Unreadable("unreadable-zip", "files that overlap")
    total = sum(one.file_size for one in found)
    if total > min(MOST_BYTES, MOST_RATIO * length + SLACK):
        raise Unreadable("unreadable-zip", "too large")
    return {one.filename: one for one in found if not one.is_dir()}


def _check_member(member: zipfile.ZipInfo) -> None:
    name = member.filename.removesuffix("/")
    kind = stat.S_IFMT(member.external_attr >> 16)
    if not _PLAIN_NAME.fullmatch(name) or member.orig_filename != member.filename:
        raise Unreadable("unreadable-zip", "the name of a file")
    if member.flag_bits & 1:
        raise Unreadable("unreadable-zip", "encrypted")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Unreadable("unreadable-zip", "packed in an unknown way")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Unreadable("unreadable-zip", "something that is no file")
    ratio = MOST_RATIO_OF_LONG if name in LONG else MOST_RATIO
    if member.file_size > ratio * member.compress_size + SLACK:
        raise Unreadable("unreadable-zip", f"{name} is too large for what is packed")


def _read_manifest(raw: bytes) -> Mapping[str, str]:
    try:
        fields = exact.record(parse(raw), MANIFEST, frozenset({"v", "files"}))
        exact.version(fields)
        listed: JSON = fields["files"]
        if not isinstance(listed, dict):
            raise exact.Fault("files")
        return {name: exact.matching(listed, name, exact.SHA256_HEX) for name in listed}
    except (MalformedJson, exact.Fault):
        raise Unreadable("manifest") from None


def blocks(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Whole lines with their ends, many at once; the last line may lack its own.

    Raises Unreadable.
    """
    left = b""
    for piece in pieces:
        cut = piece.rfind(b"\n") + 1
        if cut:
            yield left + piece[:cut]
            left = piece[cut:]
        else:
            left += piece
        if len(left) > MOST_LINE:
            raise Unreadable("unreadable-zip", f"{ENTRIES} has a line that never ends")
    if left:
        yield left
