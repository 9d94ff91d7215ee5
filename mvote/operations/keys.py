"""``mvote keys``: which keys there are, and replacing one without breaking what it signed."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click
from sqlalchemy.orm import Session

from mvote.core.secrecy import blind
from mvote.core.secrecy.keys import ALGORITHM
from mvote.db import DatabaseFault
from mvote.keys import (
    NEXT,
    KeyEncryption,
    announce_key,
    held_keys,
    held_pepper,
    pepper_mark,
    switch_key,
)
from mvote.operations.database import check_revisions, open_engine
from mvote.operations.held_keys import PEPPER, check_held, note_held
from mvote.operations.serve import side_option
from mvote.people.permits.service import list_own_keys, replace_encryption_key
from mvote.settings import Settings, SettingsFault, Wing, wings_of

ENCRYPTION: Final = "key-encryption-key"
USES: Final = {
    "identity": "signs identity tokens",
    "issuer": "signs permits of polls that are not secret",
    "board": "signs receipts, checkpoints and complaints",
    "exchange": "signs what is said to the other wing",
    PEPPER: "hides phone numbers and logins; cannot be replaced",
    ENCRYPTION: "encrypts the issuer keys of secret polls",
}
KNOWN_TO_OTHERS: Final = ("identity", "exchange")
"""Keys whose signatures the other wing checks, so that it has to know them first."""
CURRENT, COMING, KEPT = "current", "to come", "kept for what it signed"


@dataclass(frozen=True, slots=True)
class ListedKey:
    """``since`` is when its file was made, where it lies in one."""

    wing: Wing
    name: str
    kid: str
    algorithm: str
    since: str | None
    use: str
    state: str


@click.group()
def keys() -> None:
    """List the keys of this installation, and replace one."""


@keys.command("list")
@side_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_(side: str, as_json: bool) -> None:
    """Say which keys there are and what each is for; no secret is shown.

    \b
    Examples:
      mvote keys list
      mvote keys list --side votes --json
    """
    settings = Settings.from_env()
    found = [key for wing in wings_of(side) for key in _listed(settings, wing)]
    if as_json:
        click.echo(json.dumps({"keys": [asdict(key) for key in found]}, indent=2))
        return
    for key in found:
        since = key.since or "-"
        click.echo(f"{key.wing}  {key.name:<18} {key.kid:<32}  {since:<20}  {key.state}: {key.use}")


@keys.command()
@click.argument("name", type=click.Choice([*USES]), metavar="NAME")
@side_option
@click.option(
    "--now",
    "at_once",
    is_flag=True,
    help="Sign with the new key from the next start on, also where another host checks it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def rotate(name: str, side: str, at_once: bool, as_json: bool) -> None:
    """Replace a key: identity, issuer, exchange, board or key-encryption-key.

    What the old key signed stays good: tokens until they expire, documents until they
    are taken, and a poll goes on with the keys that it was frozen with.  To end the trust
    in a key that was stolen, remove the old key's file too, and copy public.json.

    Where the other wing runs on another host and checks what the key signs, the new key
    is only announced at first: copy public.json there, start that side again, then call
    this with --now.  Start this side again after every replacement.

    \b
    Examples:
      mvote keys rotate board
      mvote keys rotate identity --side people
      mvote keys rotate identity --side people --now
      mvote keys rotate key-encryption-key
    """
    settings = Settings.from_env()
    if name == PEPPER:
        raise click.UsageError(
            "the pepper cannot be replaced: of phone numbers only what it makes of them is"
            " stored, so that under another one every citizen would be a stranger"
        )
    wings = [wing for wing in wings_of(side) if name in _names(wing)]
    if not wings:
        raise click.UsageError(f"the {side} side has no key named {name}")
    check_revisions(settings, wings)
    check_held(settings, wings)
    try:
        done = [_rotate(settings, wing, name, at_once=at_once) for wing in wings]
    except OSError as error:
        raise SettingsFault(f"{error.filename}: {error.strerror}") from None
    if as_json:
        click.echo(json.dumps({"rotated": done}, indent=2))
    else:
        click.echo("\n".join(str(one["said"]) for one in done))


def _names(wing: Wing) -> tuple[str, ...]:
    return (
        ("identity", "issuer", "exchange", ENCRYPTION)
        if wing == "people"
        else (
            "board",
            "exchange",
        )
    )


def _rotate(settings: Settings, wing: Wing, name: str, *, at_once: bool) -> dict[str, str]:
    if name == ENCRYPTION:
        return _rotate_encryption(settings)
    other: Wing = "votes" if wing == "people" else "people"
    if settings.wing_url(other) and name in KNOWN_TO_OTHERS and not at_once:
        return _announce(settings, wing, name)
    made = switch_key(settings, wing, name)
    note_held(settings, made)
    said = f"{wing}: {name} is now {made[name].kid}; start `mvote serve` again, at once"
    if settings.wing_url(other) and name in KNOWN_TO_OTHERS:
        said += f"; the {other} host needs {settings.keys(wing) / 'public.json'}"
    return {"wing": wing, "name": name, "kid": made[name].kid, "state": CURRENT, "said": said}


def _announce(settings: Settings, wing: Wing, name: str) -> dict[str, str]:
    following = announce_key(settings, wing, name)
    path = settings.keys(wing) / "public.json"
    said = (
        f"{wing}: {name} will be {following.kid}; nothing is signed with it yet.\n"
        f"  1. copy {path} to the other host and start that side again\n"
        f"  2. mvote keys rotate {name} --side {wing} --now\n"
        "  3. start this side again"
    )
    return {"wing": wing, "name": name, "kid": following.kid, "state": COMING, "said": said}


def _rotate_encryption(settings: Settings) -> dict[str, str]:
    # The app knows how to write on the database; other commands of this file need none.
    from mvote.headless import create_headless_app

    encryption = KeyEncryption.of(settings)
    with create_headless_app("people", settings).app_context():
        count = replace_encryption_key(encryption)
    said = f"people: {count} issuer keys are encrypted with the new {ENCRYPTION}"
    if encryption.given:
        said += "; take MVOTE_KEY_ENCRYPTION_KEY_BEFORE away and start `mvote serve` again"
    return {"wing": "people", "name": ENCRYPTION, "kid": "", "state": CURRENT, "said": said}


def _listed(settings: Settings, wing: Wing) -> Iterator[ListedKey]:
    folder = settings.keys(wing)
    for stem, key in held_keys(settings, wing).items():
        name, _, rest = stem.partition("-")
        state = CURRENT if not rest else COMING if rest == NEXT else KEPT
        since = _since(folder / f"{stem}.pem")
        yield ListedKey(wing, name, key.kid, ALGORITHM, since, USES[name], state)
    if wing == "people":
        yield from _listed_of_people(settings)


def _listed_of_people(settings: Settings) -> Iterator[ListedKey]:
    path, pepper = settings.keys("people") / "pepper", held_pepper(settings)
    if pepper:
        mark, since = pepper_mark(pepper), _since(path)
        yield ListedKey("people", PEPPER, mark, "HMAC-SHA256", since, USES[PEPPER], CURRENT)
    encryption = KeyEncryption.of(settings)
    if encryption.given or encryption.path.exists():
        made = None if encryption.given else _since(encryption.path)
        yield ListedKey("people", ENCRYPTION, "", "AES-256-GCM", made, USES[ENCRYPTION], CURRENT)
    for of, name, kid in _own_keys(settings):
        use = f"signs blind permits of {of} {name} until it ends"
        yield ListedKey("people", of, kid, blind.ALGORITHM, None, use, CURRENT)


def _own_keys(settings: Settings) -> list[tuple[str, str, str]]:
    """Nothing where the database is not there yet; a list of keys is wanted all the more then."""
    try:
        check_revisions(settings, ["people"])
        with open_engine(settings, "people") as engine, Session(engine) as session:
            return list(list_own_keys(session))
    except DatabaseFault as fault:
        click.echo(f"mvote: {fault}", err=True)
        return []


def _since(path: Path) -> str:
    made = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return f"{made:%Y-%m-%dT%H:%M:%SZ}"
