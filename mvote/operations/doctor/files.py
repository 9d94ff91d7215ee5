"""Home, disk, and the files with the keys."""

import os
from collections.abc import Iterator
from pathlib import Path
from shutil import disk_usage

from mvote.keys import NAMES
from mvote.operations.credentials import secret_files
from mvote.operations.doctor.finding import Finding
from mvote.secret_files import FOR_OTHERS
from mvote.settings import Settings, Wing

OF_OTHERS = 0o022
"""Rights to a folder with which others could put a key of their own into it."""
ANYONES = 0o002


def look_at_files(settings: Settings) -> Iterator[Finding]:
    yield from _home(settings)
    yield from _disk(settings)
    if settings.key_encryption_key_file != Path() and settings.key_encryption_key_file.exists():
        yield from _loose("MVOTE_KEY_ENCRYPTION_KEY_FILE", settings.key_encryption_key_file)


def look_at_keys(settings: Settings, wing: Wing) -> Iterator[Finding]:
    folder = settings.keys(wing)
    variable = f"MVOTE_{wing.upper()}_KEYS"
    missing = [name for name in NAMES[wing] if not (folder / f"{name}.pem").is_file()]
    if missing:
        yield Finding(
            "look",
            variable,
            f"no {', '.join(missing)} in {folder}; they are made at the first start",
            "if this installation ran before, restore the folder from the backup of the keys",
        )
    loose = [one for path in secret_files(folder) for one in _loose(variable, path)]
    if folder.is_dir() and folder.stat().st_mode & OF_OTHERS:
        said = f"others may put files into {folder}"
        loose.append(Finding("bad", variable, said, f"chmod 700 {folder}"))
    yield from loose
    if not missing and not loose:
        yield Finding("good", variable, f"{folder}, read by its owner only")


def _loose(variable: str, path: Path) -> Iterator[Finding]:
    if path.stat().st_mode & FOR_OTHERS:
        said = f"{path} can be read or changed by others than its owner"
        yield Finding("bad", variable, said, f"chmod 600 {path}")


def _home(settings: Settings) -> Iterator[Finding]:
    home = settings.home.absolute()
    if not home.is_dir():
        yield Finding("look", "MVOTE_HOME", f"{home} is not there", "run `mvote db upgrade`")
    elif not os.access(home, os.W_OK):
        yield Finding(
            "bad", "MVOTE_HOME", f"{home} cannot be written", "give it to the user that runs mvote"
        )
    elif home.stat().st_mode & ANYONES:
        said = f"anyone may put files into {home}"
        yield Finding("bad", "MVOTE_HOME", said, f"chmod o-w {home}")
    else:
        yield Finding("good", "MVOTE_HOME", str(home))


def _disk(settings: Settings) -> Iterator[Finding]:
    home = settings.home.absolute()
    place = next(path for path in (home, *home.parents) if path.exists())
    free = disk_usage(place).free
    if free < settings.free_disk_bytes:
        yield Finding(
            "bad",
            "disk",
            f"{free:,} bytes are free, less than MVOTE_FREE_DISK_BYTES",
            "make room before voting day: a full disk refuses ballots",
        )
    else:
        yield Finding("good", "disk", f"{free:,} bytes are free")
