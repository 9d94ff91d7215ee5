"""Every size of the app's icon, made from the one SVG: ``python -m tests.phone.icons`` writes them.

A maskable icon fills the square and keeps its picture within the circle that every phone shows
(W3C Web App Manifest, "maskable": 80 % of the width); iOS rounds corners itself and shows
what is transparent as black.
"""

from pathlib import Path
from xml.etree import ElementTree

import resvg_py

from tests.require import ROOT

SOURCE = ROOT / "mvote" / "pages" / "static" / "icon.svg"
FOLDER = ROOT / "mvote" / "phone" / "icons"
SIZES = {
    "icon-192.png": (192, None),
    "icon-512.png": (512, None),
    "icon-maskable-512.png": (512, 0.8),
    "icon-180.png": (180, 0.9),
}
"""Name → pixels, and how large the picture stands in a full square; None: as it is drawn."""


def drawn(scale: float | None) -> str:
    """The SVG, its square filled to the corners where ``scale`` is given."""
    ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
    root = ElementTree.fromstring(SOURCE.read_text())
    square, picture = root
    if scale is not None:
        square.attrib.pop("rx")
        move = 16 * (1 - scale)
        picture.set("transform", f"translate({move:g} {move:g}) scale({scale})")
    return ElementTree.tostring(root, encoding="unicode")


def make() -> dict[str, bytes]:
    return {
        name: bytes(resvg_py.svg_to_bytes(svg_string=drawn(scale), width=size, height=size))
        for name, (size, scale) in SIZES.items()
    }


def write(folder: Path = FOLDER) -> None:
    folder.mkdir(exist_ok=True)
    for name, content in make().items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    write()
