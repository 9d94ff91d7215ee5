"""Files that nobody but their owner may read, written whole and durably."""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mvote.settings import SettingsFault

FOR_OTHERS = 0o027
"""Rights to a file that neither others nor, for writing, its group may have."""


def refuse_open_to_others(setting: str, path: Path) -> None:
    """Raises SettingsFault for a file that others than its owner may read or change, OSError."""
    if path.stat().st_mode & FOR_OTHERS:
        raise SettingsFault(f"{setting}: others may read or change {path}; run chmod 600 {path}")


def make_once(path: Path, fresh: Callable[[], bytes]) -> None:
    """Make a secret file where there is none, so that of several starting processes one wins."""
    if path.exists():
        return
    part = written_beside(path, fresh())
    try:
        os.link(part, path)
        sync_folder(path.parent)
    except FileExistsError:
        pass
    finally:
        part.unlink()


def written_beside(path: Path, content: bytes) -> Path:
    """A file for the owner's eyes, whole on the disk, under a name that nobody looks for."""
    part = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return part


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Whoever else asks for the same folder waits until the block ends."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Names that were given or taken in it survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
