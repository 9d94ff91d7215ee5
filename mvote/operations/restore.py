"""``mvote restore``: put a copy back, all of it or nothing.

Both databases are filled and brought forward beside what is there, and only then take its
place.  Polls that are not over stand still afterwards, until two officials decide.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import SQLAlchemyError

from mvote.core.times import iso
from mvote.db import DatabaseFault
from mvote.operations.copied_keys import CopiedKeys, check_pepper, put_back_files, read_keys
from mvote.operations.copies import (
    FOLDERS,
    CopyUnsound,
    Manifest,
    check_files,
    keys_beside,
    read_manifest,
)
from mvote.operations.database import knows_revision, restoring_mark
from mvote.operations.restored import Restored, Target, is_filled, prepare, require_unused
from mvote.operations.serve import side_option
from mvote.secret_files import sync_folder, written_beside
from mvote.settings import WINGS, Settings, SettingsFault, Wing, wings_of


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@side_option
@click.option(
    "--keys",
    "keys_file",
    type=click.Path(path_type=Path),
    help="The file of keys.  [default: FOLDER-keys.json, where it is there]",
)
@click.option("--without-keys", is_flag=True, help="Do without the file of keys.")
@click.option("--replace", "replacing", is_flag=True, help="Replace a database that holds rows.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def restore(
    *,
    folder: Path,
    side: str,
    keys_file: Path | None,
    without_keys: bool,
    replacing: bool,
    as_json: bool,
) -> None:
    """Put back the copy in FOLDER, all of it or nothing; mvote has to be stopped.

    A copy of an older revision is brought forward.  Polls that were not over take no
    ballot and give no permit until two officials let them go on.  In proposals, opinion pools
    and records nobody new takes part until a roll keeper allows it, for all of them at once;
    who takes part already goes on.  What was published or
    given out since the copy was made stays known: the files in boards/ and permits/ are
    never put back to an older state, and no key is replaced.

    \b
    Examples:
      mvote restore /backup/2026-06-01 --keys /safe/2026-06-01.json
      mvote restore /backup/2026-06-01 --replace
      mvote restore /backup/2026-06-01 --side votes
    """
    settings, wings = Settings.from_env(), wings_of(side)
    beside = keys_beside(folder)
    found = keys_file or (beside if beside.exists() else None)
    manifest, keys = _read(folder, None if without_keys else found, wings)
    if keys is None and not without_keys:
        raise SettingsFault(
            f"the keys of {folder} are in a file apart; name it by --keys, or say --without-keys:"
            f" then {_without(manifest)}"
        )
    told = put_back(settings, folder, manifest, keys, wings=wings, replacing=replacing)
    click.echo(json.dumps(told, indent=2, ensure_ascii=False) if as_json else _said(told))


def _without(manifest: Manifest) -> str:
    return (
        f"no permit can be issued for {len(manifest.polls)} polls"
        if manifest.polls
        else "the keys of this installation have to be here already"
    )


def _said(told: dict[str, Any]) -> str:
    lines = [f"{wing}: the state of {told['made_at']} is back" for wing in told["wings"]]
    if told["held"]:
        lines.append(f"{len(told['held'])} polls stand still until two officials let them go on")
    if told["damaged"]:
        lines.append(
            f"the issuer keys of these polls cannot be opened: {', '.join(told['damaged'])}"
        )
    return "\n".join([*lines, "start `mvote serve` again"])


def _read(
    folder: Path, keys_file: Path | None, wings: Sequence[Wing]
) -> tuple[Manifest, CopiedKeys | None]:
    """Everything that can be known of a copy by reading it.  Raises CopyUnsound."""
    manifest = read_manifest(folder)
    for wing in wings:
        if wing not in manifest.wings:
            raise CopyUnsound(f"{folder} holds nothing of the {wing} wing; name the other --side")
        revision = manifest.wings[wing].revision
        if not knows_revision(wing, revision):
            raise CopyUnsound(
                f"{folder} was made at revision {revision} of the {wing} database, by mvote"
                f" {manifest.program}; this program does not know it, so use one as new"
            )
    check_files(folder, manifest)
    return manifest, None if keys_file is None else read_keys(keys_file, manifest)


def check_copy(
    settings: Settings, folder: Path, keys_file: Path | None, *, wings: Sequence[Wing]
) -> dict[str, Any]:
    """Put a copy back into a place of its own and compare; nothing of it stays.

    Raises CopyUnsound, DatabaseFault.
    """
    manifest, keys = _read(folder, keys_file, wings)
    with tempfile.TemporaryDirectory(prefix="mvote-check-", dir=_roomy(settings)) as place:
        apart = _settings_apart(settings, Path(place))
        if keys is not None:
            put_back_files(apart, keys, wings=wings)
        restored = []
        for wing in wings:
            target = Target.to_check(settings, wing, manifest.wings[wing], Path(place))
            with _told(wing), prepare(apart, folder, manifest, keys, target) as one:
                restored.append(one)
    return _report(manifest, restored)


def _roomy(settings: Settings) -> Path | None:
    return settings.home if settings.home.is_dir() else None


def _settings_apart(settings: Settings, place: Path) -> Settings:
    """Keys lie in a folder of their own; a key-encryption key given by its setting stays."""
    return replace(
        settings,
        home=place,
        people_keys=Path(),
        votes_keys=Path(),
        key_encryption_key_file=Path(),
    )


def put_back(
    settings: Settings,
    folder: Path,
    manifest: Manifest,
    keys: CopiedKeys | None,
    *,
    wings: Sequence[Wing],
    replacing: bool,
) -> dict[str, Any]:
    """All or nothing.  Raises SettingsFault, DatabaseFault, CopyUnsound."""
    settings.home.mkdir(parents=True, exist_ok=True)
    mark = restoring_mark(settings)
    again = mark.exists()  # one that was interrupted left a part of itself
    if again and mark.read_text().split() == [*WINGS] != [*wings]:
        raise SettingsFault(f"{mark}: a restore of both wings was interrupted; put both back")
    targets = [Target.of(settings, wing, manifest.wings[wing]) for wing in wings]
    filled = [] if replacing or again else [one.wing for one in targets if is_filled(one)]
    if filled:
        raise SettingsFault(
            f"MVOTE_{filled[0].upper()}_DATABASE_URL: the {filled[0]} database holds rows; say"
            " --replace to lose them, and make a copy of them before"
        )
    if keys is not None:
        check_pepper(settings, keys)
    for target in targets:
        require_unused(target)
    try:
        with ExitStack() as stack:
            if keys is not None:
                put_back_files(settings, keys, wings=wings)
            restored = []
            for target in targets:
                with _told(target.wing):
                    ready = prepare(settings, folder, manifest, keys, target)
                    restored.append(stack.enter_context(ready))
            for wing in wings:
                _merge_beside(folder / wing / FOLDERS[wing], settings.home / FOLDERS[wing], wing)
            written_beside(mark, " ".join(wings).encode()).replace(mark)
            sync_folder(settings.home)
            _require_still_unused(targets, mark, again=again)
            for one in restored:
                with _told(one.wing):
                    one.take_place()
            mark.unlink()
    except OSError as error:
        raise SettingsFault(f"{error.filename or settings.home}: {error.strerror}") from None
    return _report(manifest, restored)


def _require_still_unused(targets: Sequence[Target], mark: Path, *, again: bool) -> None:
    """Nobody started meanwhile, and by now the mark keeps everybody from it."""
    try:
        for target in targets:
            require_unused(target)
    except SettingsFault:
        if not again:
            mark.unlink()
        raise


@contextmanager
def _told(wing: Wing) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise DatabaseFault(
            f"MVOTE_{wing.upper()}_DATABASE_URL: nothing was put back: {cause}"
        ) from None


def _report(manifest: Manifest, restored: Sequence[Restored]) -> dict[str, Any]:
    return {
        "made_at": iso(manifest.made_at),
        "at": iso(datetime.now(UTC)),
        "wings": {one.wing: {"revision": one.revision} for one in restored},
        "held": sorted({poll for one in restored for poll in one.held}),
        "damaged": sorted({poll for one in restored for poll in one.damaged}),
    }


def _merge_beside(copied: Path, here: Path, wing: Wing) -> None:
    """What lies here already is newer and stays: a board may not be told to be shorter."""
    for path in sorted(copied.glob("*")) if copied.is_dir() else ():
        there = here / path.name
        if there.exists() and _reach(there, wing) >= _reach(path, wing):
            continue
        here.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = here / f".{path.name}.part"
        shutil.copyfile(path, part)
        part.replace(there)
    if here.is_dir():
        sync_folder(here)


def _reach(path: Path, wing: Wing) -> int:
    """How far a board had grown, or how many permits were given; unreadable is furthest."""
    if wing == "people":
        return path.stat().st_size
    try:
        return int(path.read_text().split("\n")[1])
    except (ValueError, IndexError):
        return 2**63
