"""The Korean words of the pages are whole, and what is compiled is what is written."""

from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import mvote

PACKAGE = Path(mvote.__file__).parent
FOLDER = PACKAGE / "translations" / "ko" / "LC_MESSAGES"
TEMPLATES = [("**/templates/**.html", "jinja2")]


def catalogue():  # type: ignore[no-untyped-def]
    with (FOLDER / "messages.po").open("rb") as file:
        return read_po(file, locale="ko")


def test_every_sentence_of_the_templates_is_translated_and_no_other_stands_there() -> None:
    used = {message for _, _, message, _, _ in extract_from_dir(PACKAGE, TEMPLATES)}
    written = {one.id: one.string for one in catalogue() if one.id}
    assert used == set(written)
    assert all(all(text) if isinstance(text, tuple) else text for text in written.values())
    assert not any(one.fuzzy for one in catalogue())


def test_placeholders_survive_the_translation() -> None:
    for one in catalogue():
        if one.id:
            assert not list(one.check()), one.id


def test_the_compiled_catalogue_is_fresh() -> None:
    made = BytesIO()
    write_mo(made, catalogue())
    assert made.getvalue() == (FOLDER / "messages.mo").read_bytes()
