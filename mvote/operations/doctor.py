"""``mvote doctor``: read the whole configuration, say what is wrong and what to do about it."""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import disk_usage
from typing import Literal, cast

import click
from sqlalchemy.orm import Session

from mvote.db import DatabaseFault, check_revision, database_now
from mvote.keys import NAMES, open_public_keys
from mvote.operations.database import open_engine
from mvote.operations.held_keys import check_held
from mvote.operations.issuing import check_issuing
from mvote.operations.serve import side_option
from mvote.secret_files import FOR_OTHERS
from mvote.settings import WINGS, Settings, SettingsFault, Side, Wing, wings_of

Grade = Literal["good", "look", "bad"]
OF_OTHERS = 0o022
"""Rights to a folder with which others could put a key of their own into it."""
SIGNS: dict[Grade, str] = {"good": "✓", "look": "!", "bad": "✗"}


@dataclass(frozen=True, slots=True)
class Finding:
    """``about`` is a setting or a thing; ``do`` is what an operator should do, empty if good."""

    grade: Grade
    about: str
    said: str
    do: str = ""


@click.command()
@side_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def doctor(side: str, as_json: bool) -> None:
    """Look at settings, keys, databases, disk and clock, and say what to do.

    Changes nothing.  Exit code 0 where citizens can vote (there may be things to
    look at), 1 where something is wrong, 2 where the settings cannot be read.

    \b
    Examples:
      mvote doctor
      mvote doctor --side votes --json
    """
    found = list(examine(Settings.from_env(), cast(Side, side)))
    wrong = any(one.grade == "bad" for one in found)
    if as_json:
        rows = [
            {"grade": one.grade, "about": one.about, "said": one.said, "do": one.do}
            for one in found
        ]
        click.echo(json.dumps({"good": not wrong, "findings": rows}, indent=2, ensure_ascii=False))
    else:
        for one in found:
            click.echo(f"{SIGNS[one.grade]} {one.about}: {one.said}")
            if one.do:
                click.echo(f"    → {one.do}")
    sys.exit(wrong)


def examine(settings: Settings, side: Side) -> Iterator[Finding]:
    """Everything that can be known without changing anything."""
    wings = wings_of(side)
    for look in (_address, _messages, _home, _disk):
        yield from look(settings)
    for wing in wings:
        yield from _keys(settings, wing)
        yield from _database(settings, wing)
    for wing in WINGS:
        if wing not in wings:
            yield from _other_wing(settings, wing)


def _address(settings: Settings) -> Iterator[Finding]:
    url = settings.public_url
    if url.startswith("https://"):
        yield Finding("good", "MVOTE_PUBLIC_URL", url)
        return
    yield Finding(
        "look",
        "MVOTE_PUBLIC_URL",
        f"{url} is not https: phones refuse to keep secrets there, and anyone on the way reads",
        "put a proxy with a certificate in front and set the address that citizens see",
    )


def _messages(settings: Settings) -> Iterator[Finding]:
    kind = settings.sms_gateway.partition(":")[0]
    if kind in ("http", "https"):
        yield Finding("good", "MVOTE_SMS_GATEWAY", "a provider over HTTP")
        return
    where = "the terminal" if kind == "console" else "a file"
    yield Finding(
        "look",
        "MVOTE_SMS_GATEWAY",
        f"codes go to {where}, not to phones",
        "set the address of your provider's adapter and MVOTE_SMS_SECRET",
    )


def _home(settings: Settings) -> Iterator[Finding]:
    home = settings.home.absolute()
    if not home.is_dir():
        yield Finding("look", "MVOTE_HOME", f"{home} is not there", "run `mvote db upgrade`")
    elif not os.access(home, os.W_OK):
        yield Finding(
            "bad", "MVOTE_HOME", f"{home} cannot be written", "give it to the user that runs mvote"
        )
    else:
        yield Finding("good", "MVOTE_HOME", str(home))


def _disk(settings: Settings) -> Iterator[Finding]:
    place = next(
        p for p in (settings.home.absolute(), *settings.home.absolute().parents) if p.exists()
    )
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


def _keys(settings: Settings, wing: Wing) -> Iterator[Finding]:
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
    loose = [path for path in _secrets(folder) if path.stat().st_mode & FOR_OTHERS]
    for path in loose:
        yield Finding(
            "bad", variable, f"{path} can be read by others than its owner", f"chmod 600 {path}"
        )
    if folder.is_dir() and folder.stat().st_mode & OF_OTHERS:
        loose.append(folder)
        yield Finding("bad", variable, f"others may put files into {folder}", f"chmod 700 {folder}")
    if not missing and not loose:
        yield Finding("good", variable, f"{folder}, read by its owner only")


def _secrets(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [
        path for path in sorted(folder.iterdir()) if path.is_file() and path.name != "public.json"
    ]


def _database(settings: Settings, wing: Wing) -> Iterator[Finding]:
    variable = f"MVOTE_{wing.upper()}_DATABASE_URL"
    try:
        with open_engine(settings, wing) as engine:
            check_revision(wing, engine)
            with Session(engine) as session:
                off = (database_now(session) - datetime.now(UTC)).total_seconds()
            kind = engine.dialect.name
    except DatabaseFault as fault:
        yield Finding("bad", variable, str(fault), "run `mvote db upgrade`, or mend the address")
        return
    yield from _held(settings, wing)
    if wing == "people":
        yield from _issuing(settings)
    if abs(off) > settings.clock_off_seconds:
        yield Finding(
            "bad",
            variable,
            f"its clock is {off:.0f} seconds off this one",
            "let both hosts keep time by NTP: the database's clock ends a poll",
        )
    if kind == "sqlite":
        yield Finding(
            "look",
            variable,
            "SQLite, at its newest revision: fine for trying out and for one small server",
            "for a city use PostgreSQL, one database and role for each wing",
        )
    else:
        yield Finding("good", variable, f"{kind}, at its newest revision")


def _held(settings: Settings, wing: Wing) -> Iterator[Finding]:
    try:
        check_held(settings, [wing])
    except SettingsFault as fault:
        setting, _, said = str(fault).partition(": ")
        do = "nothing is lost while they are away; put them back before anything is started"
        yield Finding("bad", setting, said, do)


def _issuing(settings: Settings) -> Iterator[Finding]:
    try:
        check_issuing(settings)
    except SettingsFault as fault:
        do = "restore the key-encryption key from its backup; nothing is lost while it is away"
        yield Finding("bad", "permits", str(fault), do)
    else:
        yield Finding("good", "permits", "can be signed, and the stored keys can be opened")


def _other_wing(settings: Settings, wing: Wing) -> Iterator[Finding]:
    variable = f"MVOTE_{wing.upper()}_PUBLIC_KEYS"
    try:
        open_public_keys(settings, wing)
    except SettingsFault as fault:
        do = f"copy public.json of the {wing} host and set {variable}"
        yield Finding("bad", variable, str(fault), do)
    else:
        yield Finding("good", variable, "read")
    if not settings.wing_url(wing):
        yield Finding(
            "bad",
            f"MVOTE_{wing.upper()}_URL",
            "is not set",
            f"set the address at which this host reaches the {wing} host",
        )
    held = [path for path in _secrets(settings.keys(wing)) if path.suffix == ".pem"]
    if getattr(settings, f"{wing}_database_url") or held:
        yield Finding(
            "bad",
            f"MVOTE_{wing.upper()}_DATABASE_URL",
            f"this host holds a credential or keys of the {wing} wing",
            "take them away: the two sides must not meet on one host",
        )
