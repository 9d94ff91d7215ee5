"""What a copy of an installation is: a folder with a manifest, and a file of keys apart.

::

    manifest.json                  what belongs to it, with sizes and SHA-256; no other file may
    <wing>/database.db             SQLite, written anew row by row in the order of the keys
    <wing>/tables/<table>.copy     PostgreSQL, COPY in text form in the order of the keys
    votes/boards/<poll>.checkpoint people/permits/<poll>
                                   what was published and given out, beside the databases

Nothing in it tells in which order rows came: no page of the original is copied.  The
peppers and issuer keys of polls are left out; they stand in the file of keys, which has to
be destroyed by its own date.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from mvote.core.times import iso, parse_iso
from mvote.secret_files import sync_folder
from mvote.settings import SettingsFault, Wing

MANIFEST: Final = "manifest.json"
VERSION: Final = 1
CHUNK: Final = 1 << 20
FOLDERS: Final[Mapping[Wing, str]] = {"people": "permits", "votes": "boards"}
"""What of the home belongs to a wing's database and may never be older than it."""


class CopyUnsound(SettingsFault):
    """A copy is half, altered, or not for this program; the sentence says which file."""


@dataclass(frozen=True, slots=True)
class Table:
    """``columns`` in the order of a COPY file."""

    columns: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class CopiedWing:
    """``engine`` is ``sqlite`` or ``postgresql``."""

    engine: str
    revision: str
    tables: Mapping[str, Table]


@dataclass(frozen=True, slots=True)
class CopiedFile:
    sha256: str
    bytes: int


@dataclass(slots=True)
class Manifest:
    """``id`` names copy and keys together.

    ``keys_destroy_by`` is when the keys have to be gone, where they open a link at all;
    ``polls`` are those whose keys are among them.
    """

    id: str
    made_at: datetime
    program: str
    wings: dict[Wing, CopiedWing] = field(default_factory=dict)
    files: dict[str, CopiedFile] = field(default_factory=dict)
    keys_sha256: str = ""
    keys_destroy_by: datetime | None = None
    polls: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        until = self.keys_destroy_by
        return {
            "v": VERSION,
            "id": self.id,
            "made_at": iso(self.made_at),
            "program": self.program,
            "wings": {wing: asdict(copied) for wing, copied in self.wings.items()},
            "files": {name: asdict(file) for name, file in sorted(self.files.items())},
            "keys": {
                "sha256": self.keys_sha256,
                "destroy_by": None if until is None else iso(until),
                "polls": sorted(self.polls),
            },
        }


def keys_beside(folder: Path) -> Path:
    """Where the file of keys lies unless it is named.  Raises SettingsFault."""
    place = Path(os.path.abspath(folder))
    if not place.name:
        raise SettingsFault(f"{place} can be no copy")
    return place.with_name(f"{place.name}-keys.json")


def read_manifest(folder: Path) -> Manifest:
    """What a copy says that it is; nothing is checked yet.  Raises CopyUnsound."""
    path = folder / MANIFEST
    try:
        told = json.loads(path.read_text("utf-8"))
        version = told["v"]
        if version != VERSION:
            raise CopyUnsound(f"{path} is of form {version}; a newer mvote made it")
        until = told["keys"]["destroy_by"]
        return Manifest(
            told["id"],
            parse_iso(told["made_at"]),
            told["program"],
            {wing: _read_wing(copied) for wing, copied in told["wings"].items()},
            {name: CopiedFile(**file) for name, file in told["files"].items()},
            told["keys"]["sha256"],
            None if until is None else parse_iso(until),
            tuple(told["keys"]["polls"]),
        )
    except OSError as error:
        raise CopyUnsound(f"{path} cannot be read: {error.strerror}; it is no whole copy") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CopyUnsound(f"{path} is no manifest of a copy") from None


def _read_wing(told: Mapping[str, Any]) -> CopiedWing:
    tables = {
        name: Table(tuple(table["columns"]), int(table["rows"]))
        for name, table in told["tables"].items()
    }
    return CopiedWing(told["engine"], told["revision"], tables)


def check_files(folder: Path, manifest: Manifest) -> None:
    """Every file is there, whole and as it was, and no other.  Raises CopyUnsound."""
    paths = list(folder.rglob("*"))
    for path in paths:
        if path.is_symlink():  # nobody measures what lies behind it
            raise CopyUnsound(f"{path} is a link")
    there = {path.relative_to(folder).as_posix() for path in paths if not path.is_dir()}
    missing = sorted(manifest.files.keys() - there)
    if missing:
        raise CopyUnsound(f"{folder / missing[0]} is missing; the copy is not whole")
    foreign = sorted(there - manifest.files.keys() - {MANIFEST})
    if foreign:
        raise CopyUnsound(f"{folder / foreign[0]} does not belong to the copy")
    for name, file in manifest.files.items():
        if measure(folder / name) != file:
            raise CopyUnsound(f"{folder / name} is not what was copied; it was cut or altered")


def measure(path: Path) -> CopiedFile:
    """Size and digest of a file."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
            size += len(piece)
    return CopiedFile(digest.hexdigest(), size)


def finish(folder: Path, manifest: Manifest) -> None:
    """Measure every file, write the manifest, and see that all of it is on the disk."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in paths:
        manifest.files[path.relative_to(folder).as_posix()] = measure(path)
    text = json.dumps(manifest.to_json(), indent=1, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", "utf-8")
    for path in (*paths, folder / MANIFEST):
        sync_file(path)
    for inside in sorted(path for path in folder.rglob("*") if path.is_dir()):
        sync_folder(inside)
    sync_folder(folder)


def sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def copy_beside(source: Path, target: Path) -> None:
    """Copy the files of a folder beside a database, where there are any."""
    names: Sequence[str] = sorted(path.name for path in source.glob("*") if path.is_file())
    for name in names:
        if not name.startswith(".") and not name.endswith((".lock", ".part")):
            target.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, target / name)
