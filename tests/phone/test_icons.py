"""The app's icons: all there, of their size, and drawn from the one SVG as it stands."""

import json
import struct

import png
import pytest

from tests.phone.icons import FOLDER, SIZES, make
from tests.require import ROOT

PHONE = ROOT / "mvote" / "phone"


def test_the_icons_are_those_that_the_svg_makes_now() -> None:
    """If this fails, run ``python -m tests.phone.icons``."""
    made = make()
    assert {path.name: path.read_bytes() for path in FOLDER.iterdir()} == made
    assert sum(map(len, made.values())) < 40_000


def test_the_manifest_names_icons_of_the_sizes_that_android_and_ios_ask_for() -> None:
    manifest = json.loads((PHONE / "manifest.webmanifest").read_text())
    named = {icon["src"].rpartition("/")[2]: icon for icon in manifest["icons"]}
    for name in ("icon-192.png", "icon-512.png", "icon-maskable-512.png"):
        size = SIZES[name][0]
        assert named[name]["sizes"] == f"{size}x{size}"
        head = (FOLDER / name).read_bytes()[16:24]
        assert struct.unpack(">II", head) == (size, size)
    assert named["icon-maskable-512.png"]["purpose"] == "maskable"
    assert (
        'rel="apple-touch-icon" href="/app/icons/icon-180.png"'
        in (PHONE / "index.html").read_text()
    )


@pytest.mark.parametrize("name", ["icon-maskable-512.png", "icon-180.png"])
def test_an_icon_that_phones_cut_themselves_is_opaque_to_the_corner(name: str) -> None:
    width, _, rows, _ = png.Reader(bytes=(FOLDER / name).read_bytes()).asRGBA8()
    first = next(iter(rows))
    assert tuple(first[:4]) == (0x0B, 0x5D, 0x52, 0xFF)
    assert tuple(first[4 * (width - 1) :]) == (0x0B, 0x5D, 0x52, 0xFF)
