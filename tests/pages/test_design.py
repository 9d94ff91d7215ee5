"""The design system's promises that can be computed: contrast in every scheme, tokens, rem."""

import re
from collections.abc import Mapping

import pytest

from mvote.pages.public.routes import FOLDER

CSS = re.sub(r"/\*.*?\*/", "", (FOLDER / "static" / "design.css").read_text(), flags=re.DOTALL)
BLOCK = re.compile(r"(?:@media ([^{]+?) \{\s*)?:root \{([^}]*)\}")
COLOUR = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")
DARK, MORE = "(prefers-color-scheme: dark)", "(prefers-contrast: more)"
SCHEMES = {
    "light": ("",),
    "dark": ("", DARK),
    "more contrast": ("", MORE),
    "dark, more contrast": ("", DARK, MORE, f"{MORE} and {DARK}"),
    "print": ("", "print"),
}
Tokens = Mapping[str, str]

ON_SURFACES = ("ink", "quiet", "accent", "accent-strong", "good", "warn", "bad")
SURFACES = ("paper", "shade")
TEXTS = (
    [(text, surface) for text in ON_SURFACES for surface in SURFACES]
    + [(text, "accent-shade") for text in ("ink", "quiet", "accent", "accent-strong")]
    + [
        (text, f"{mood}-shade")
        for mood in ("good", "warn", "bad")
        for text in ("ink", "quiet", mood)
    ]
    + [("accent-ink", "accent"), ("accent-ink", "accent-strong"), ("bad-ink", "bad")]
)
"""Text and what it stands on."""
SHAPES = [
    (shape, surface)
    for shape in ("edge", "focus", "accent", "bar")
    for surface in (*SURFACES, "accent-shade")
] + [("bar-rest", "paper"), ("good", "paper"), ("warn", "paper"), ("bad", "paper")]
"""Borders of controls, bars and the ring around the focus."""


def tokens_of(scheme: str) -> Tokens:
    blocks = {media: dict(COLOUR.findall(inner)) for media, inner in BLOCK.findall(CSS)}
    return {name: value for media in SCHEMES[scheme] for name, value in blocks[media].items()}


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_pair_of_tokens_keeps_the_contrast_of_wcag(scheme: str) -> None:
    tokens = tokens_of(scheme)
    text, shape = (7, 3) if "contrast" in scheme else (4.5, 3)
    low = [
        (one, other, round(contrast(tokens[one], tokens[other]), 2))
        for pairs, least in ((TEXTS, text), (SHAPES, shape))
        for one, other in pairs
        if contrast(tokens[one], tokens[other]) < least
    ]
    assert low == []


def test_contrast_is_computed_as_wcag_has_it() -> None:
    assert round(contrast("#000000", "#ffffff"), 6) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


def test_a_dark_scheme_gives_every_colour_anew() -> None:
    blocks = {media: dict(COLOUR.findall(inner)) for media, inner in BLOCK.findall(CSS)}
    assert set(blocks) == {"", DARK, MORE, f"{MORE} and {DARK}", "print"}
    assert set(blocks[DARK]) == set(blocks[""])
    changed_in_light = set(blocks[MORE])
    assert set(blocks[f"{MORE} and {DARK}"]) >= changed_in_light


def test_nothing_but_a_token_names_a_colour_and_type_is_never_in_pixels() -> None:
    rules = BLOCK.sub("", CSS)
    named = re.findall(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\(", rules)
    assert named == ["#fff"]  # behind a QR code, which needs it
    assert re.findall(r"font-size: [^;]*px", CSS) == []
    used = set(re.findall(r"var\(--([a-z0-9-]+)", CSS))
    assert used <= set(re.findall(r"--([a-z0-9-]+):", CSS))
