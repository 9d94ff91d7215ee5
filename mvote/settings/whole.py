"""All settings of an installation, read from the environment.

The environment variable of a setting is its name in capitals behind ``MVOTE_``.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, get_type_hints

from mvote.contradictions import SettingsFault, check_settings
from mvote.settings.answering import Answering
from mvote.settings.following import Following
from mvote.settings.people import OfPeople
from mvote.settings.running import Running
from mvote.settings.setting import Side, Wing
from mvote.settings.taking_part import TakingPart
from mvote.settings.voting import Voting


@dataclass(frozen=True)
class Settings(Following, TakingPart, Answering, Voting, OfPeople, Running):
    """Each part is a table: a line for a setting, with its default and what it means."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ, **given: Any) -> "Settings":
        """Read every ``MVOTE_*`` variable; ``given`` wins over it.  Raises SettingsFault."""
        kinds = get_type_hints(cls)
        known = {f"MVOTE_{f.name.upper()}": f.name for f in fields(cls)}
        values: dict[str, Any] = {}
        for variable, name in known.items():
            if variable in environ:
                values[name] = _read(variable, environ[variable], kinds[name])
        values.update(given)
        made = cls(**values)
        made.check()
        return made

    def check(self) -> None:
        """Refuse values that contradict.  Raises SettingsFault."""
        check_settings(self)

    def trusted_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks of the proxies that are believed.  Raises SettingsFault."""
        named = [one.strip() for one in self.trusted_proxies.split(",") if one.strip()]
        try:
            found = tuple(ip_network(one) for one in named)
        except ValueError as error:
            raise SettingsFault(f"MVOTE_TRUSTED_PROXIES: {error}") from None
        if any(one.prefixlen == 0 for one in found):
            raise SettingsFault("MVOTE_TRUSTED_PROXIES would believe everybody")
        return found

    def credentials_of(self, wing: Wing) -> list[str]:
        """The variables that are set here and are a credential of this wing only."""
        return [
            f"MVOTE_{f.name.upper()}"
            for f in fields(self)
            if f.metadata["only"] == wing and getattr(self, f.name) != f.default
        ]

    def database_url(self, wing: Wing) -> str:
        """The SQLAlchemy address of a wing's database."""
        url: str = getattr(self, f"{wing}_database_url")
        if not url:
            return f"sqlite:///{(self.home / wing).absolute()}.db"
        for short in ("postgresql://", "postgres://"):
            if url.startswith(short):
                return "postgresql+psycopg://" + url.removeprefix(short)
        return url

    def keys(self, wing: Wing) -> Path:
        """The folder of a wing's private keys."""
        folder: Path = getattr(self, f"{wing}_keys")
        return folder if folder != Path() else self.home / f"{wing}-keys"

    def public_keys(self, wing: Wing) -> Path:
        """The file with a wing's public keys, which the other wing reads."""
        path: Path = getattr(self, f"{wing}_public_keys")
        return path if path != Path() else self.keys(wing) / "public.json"

    def wing_url(self, wing: Wing) -> str:
        """Where the other wing reaches this one over HTTP; empty when both run in one process."""
        url: str = getattr(self, f"{wing}_url")
        return url.rstrip("/")


def _read(variable: str, text: str, kind: Any) -> Any:
    try:
        return kind(text)
    except ValueError:
        what = {int: "whole number", float: "number"}.get(kind, "path")
        raise SettingsFault(f"{variable} has to be a {what}, not {text!r}") from None


def at_people() -> Side:
    """The side of this host on which the people wing's commands work."""
    return "people" if Settings.from_env().votes_url else "both"


def at_votes() -> Side:
    """The side of this host on which the votes wing's commands work."""
    return "votes" if Settings.from_env().people_url else "both"
