"""The file of keys that belongs to a copy and is kept apart from it.

It holds the files of the keys folders, the key-encryption key where that lies in a file, and
what polls have of their own.  With a copy it opens who took which permit; so it has to be
destroyed by its date, on every disk, and the copy alone may be kept longer.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from mvote.core.canonical import b64u, b64u_decode
from mvote.core.times import iso, parse_iso
from mvote.keys import KID_SHOWN, KeyEncryption, held_keys, read_signing_key
from mvote.operations.copies import CopyUnsound, Manifest
from mvote.people.permits.service import PollKeys
from mvote.secret_files import sync_folder, written_beside
from mvote.settings import WINGS, Settings, SettingsFault, Wing

VERSION: Final = 1
PEPPER: Final = "pepper"


@dataclass(frozen=True, slots=True)
class KeyFile:
    """``since`` is when the file was made, in seconds since 1970."""

    content: bytes
    since: float


@dataclass(frozen=True, slots=True)
class CopiedKeys:
    """``encryption`` is the key-encryption key; empty where it was given by its setting."""

    id: str
    made_at: datetime
    destroy_by: datetime | None
    files: Mapping[Wing, Mapping[str, KeyFile]]
    encryption: str
    polls: Sequence[PollKeys]


def collect_keys(
    settings: Settings, manifest: Manifest, polls: Sequence[PollKeys], *, wings: Iterable[Wing]
) -> CopiedKeys:
    """What is to be written.  Raises SettingsFault, OSError."""
    files = {wing: _files_of(settings, wing) for wing in wings}
    encryption = KeyEncryption.of(settings)
    spelled = ""
    if "people" in files and encryption.is_replaced():
        raise SettingsFault(
            f"{encryption.setting} is half replaced; run `mvote keys rotate key-encryption-key`"
            " again before a copy is made"
        )
    if "people" in files and not encryption.given and encryption.path.exists():
        spelled = encryption.spelled()
    until = min((one.destroy_by for one in polls), default=None)
    return CopiedKeys(manifest.id, manifest.made_at, until, files, spelled, polls)


def _files_of(settings: Settings, wing: Wing) -> dict[str, KeyFile]:
    folder = settings.keys(wing)
    paths = sorted(folder.glob("*.pem")) + [folder / PEPPER] * (wing == "people")
    return {
        path.name: KeyFile(path.read_bytes(), path.stat().st_mtime)
        for path in paths
        if path.is_file() and not path.name.startswith(".")
    }


def spell_keys(keys: CopiedKeys) -> bytes:
    """The file's content."""
    until = None if keys.destroy_by is None else iso(keys.destroy_by)
    told = {
        "v": VERSION,
        "id": keys.id,
        "made_at": iso(keys.made_at),
        "destroy_by": until,
        "files": {
            wing: {
                name: {"content": b64u(file.content), "since": file.since}
                for name, file in files.items()
            }
            for wing, files in keys.files.items()
        },
        "key_encryption_key": keys.encryption,
        "polls": [
            {
                "poll": one.poll,
                "pepper": b64u(one.pepper),
                "sealed": {kid: b64u(sealed) for kid, sealed in one.sealed.items()},
                "destroy_by": iso(one.destroy_by),
            }
            for one in keys.polls
        ],
    }
    return json.dumps(told, indent=1).encode() + b"\n"


def read_keys(path: Path, manifest: Manifest) -> CopiedKeys:
    """Read the file that belongs to a copy.  Raises CopyUnsound."""
    try:
        spelled = path.read_bytes()
    except OSError as error:
        raise CopyUnsound(f"{path} cannot be read: {error.strerror}") from None
    if hashlib.sha256(spelled).hexdigest() != manifest.keys_sha256:
        raise CopyUnsound(f"{path} is not the file of keys that belongs to this copy")
    try:
        return _parse(json.loads(spelled))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        raise CopyUnsound(f"{path} cannot be read as keys") from None


def _parse(told: Mapping[str, Any]) -> CopiedKeys:
    until = told["destroy_by"]
    return CopiedKeys(
        told["id"],
        parse_iso(told["made_at"]),
        None if until is None else parse_iso(until),
        {
            WINGS[WINGS.index(wing)]: {
                _checked_name(name): KeyFile(b64u_decode(file["content"]), _seconds(file["since"]))
                for name, file in files.items()
            }
            for wing, files in told["files"].items()
        },
        str.strip(told["key_encryption_key"]),
        [
            PollKeys(
                one["poll"],
                b64u_decode(one["pepper"]),
                {kid: b64u_decode(sealed) for kid, sealed in one["sealed"].items()},
                parse_iso(one["destroy_by"]),
            )
            for one in told["polls"]
        ],
    )


def _checked_name(name: str) -> str:
    """It becomes a file of the keys folder, and must not lead out of it.  Raises ValueError."""
    named = name == PEPPER or (name.endswith(".pem") and not name.startswith("."))
    if not named or "\0" in name or Path(name).name != name:
        raise ValueError("no name of a file of keys")
    return name


def _seconds(since: float) -> float:
    """Raises ValueError, OverflowError for what is no time."""
    datetime.fromtimestamp(since, UTC)
    return since


def check_pepper(settings: Settings, keys: CopiedKeys) -> None:
    """Another pepper is another city: nobody in the copy would be known here.

    Raises SettingsFault.
    """
    copied = keys.files.get("people", {}).get(PEPPER)
    here = settings.keys("people") / PEPPER
    if copied is not None and here.exists() and here.read_bytes() != copied.content:
        raise SettingsFault(
            f"MVOTE_PEOPLE_KEYS: {here} is not the pepper of this copy; it belongs to another"
            " installation"
        )


def put_back_files(settings: Settings, keys: CopiedKeys, *, wings: Iterable[Wing]) -> None:
    """Put the key files where none is; a key that is here already stays, and theirs beside it.

    No key is ever replaced or removed, so that it may be done before anything else.  Raises
    OSError, SettingsFault.
    """
    for wing in wings:
        folder = settings.keys(wing)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, file in keys.files.get(wing, {}).items():
            _put_back(settings, wing, folder / name, file)
        sync_folder(folder)
    encryption = KeyEncryption.of(settings)
    if "people" in wings and keys.encryption and not encryption.given:
        encryption.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _link_once(encryption.path, keys.encryption.encode() + b"\n")


def _put_back(settings: Settings, wing: Wing, path: Path, file: KeyFile) -> None:
    if path.exists():
        if path.read_bytes() == file.content or path.suffix != ".pem":
            return
        kid = read_signing_key(path, file.content).kid
        if any(key.kid == kid for key in held_keys(settings, wing).values()):
            return
        path = path.with_name(f"{path.stem.partition('-')[0]}-{kid[:KID_SHOWN]}.pem")
    if _link_once(path, file.content):
        os.utime(path, (file.since, file.since))


def _link_once(path: Path, content: bytes) -> bool:
    """Whether it was not there yet."""
    part = written_beside(path, content)
    try:
        with suppress(FileExistsError):
            os.link(part, path)
            return True
    finally:
        part.unlink()
    return False
