"""What this host holds that belongs to the other side only: nobody may have both."""

from pathlib import Path

from mvote.settings import WINGS, Settings, SettingsFault, Wing

PUBLIC = "public.json"


def held_of(settings: Settings, wing: Wing) -> list[str]:
    """Variables and files of this host with which the wing's secrets could be read."""
    held = settings.credentials_of(wing)
    held += [str(path) for path in secret_files(settings.keys(wing))]
    database = settings.home / f"{wing}.db"
    return held + [str(database)] * database.exists()


def secret_files(folder: Path) -> list[Path]:
    """What lies in a wing's folder of keys and is not for everyone."""
    if not folder.is_dir():
        return []
    return [path for path in sorted(folder.iterdir()) if path.is_file() and path.name != PUBLIC]


def check_apart(settings: Settings, wings: tuple[Wing, ...]) -> None:
    """Whether one side alone holds nothing of the other.  Raises SettingsFault."""
    if settings.both_sides_here == "yes":
        return
    for wing in WINGS:
        held = [] if wing in wings else held_of(settings, wing)
        if held:
            raise SettingsFault(
                f"this host serves the {wings[0]} side alone and holds credentials of the {wing}"
                f" side: {', '.join(held)}; take them away, or set MVOTE_BOTH_SIDES_HERE=yes"
            )
