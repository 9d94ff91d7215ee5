"""What the running process has been given: its settings, its wings, their keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask, current_app

from mvote.keys import Keys, all_of, open_keys, open_public_keys
from mvote.settings import WINGS, Settings, Wing


@dataclass(frozen=True, slots=True)
class Installation:
    """``keys`` holds private keys of the wings served here only; ``public`` those of both."""

    settings: Settings
    wings: tuple[Wing, ...]
    keys: Mapping[Wing, Keys]
    public: Mapping[Wing, Mapping[str, Ed25519PublicKey]]

    def exchange_keys(self, wing: Wing) -> tuple[Ed25519PublicKey, ...]:
        """The keys with which a wing signs what it says to the other, the current one first.

        Those that were replaced are among them, for what they signed may not be taken yet.
        """
        return all_of(self.public[wing], "exchange")


def install(app: Flask, settings: Settings, wings: tuple[Wing, ...]) -> Installation:
    """Open the keys and keep everything on the app.  Raises SettingsFault."""
    keys = {wing: open_keys(settings, wing) for wing in wings}
    public = {wing: open_public_keys(settings, wing) for wing in WINGS}
    made = Installation(settings, wings, keys, public)
    app.extensions["mvote"] = made
    return made


def installation() -> Installation:
    """The installation of the current app."""
    return cast(Installation, current_app.extensions["mvote"])


def city_zone() -> ZoneInfo:
    """The zone of the city's clocks."""
    return ZoneInfo(installation().settings.time_zone)


def city_day(now: datetime) -> date:
    """The day it is in the city."""
    return now.astimezone(city_zone()).date()
