"""Every act that officials may do has a form with words in both languages."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import marshmallow as ma
from flask import Flask
from werkzeug.datastructures import MultiDict

from mvote.core.fields import Faults, Reader
from mvote.core.text import LANGUAGES, Words
from mvote.pages.office.acts import find_acts
from mvote.pages.office.binding import Reading
from mvote.pages.office.controls import Drawing
from mvote.pages.office.fields import fields_of, leaves
from mvote.pages.office.words.acts import ACTS
from mvote.pages.office.words.choices import choice_words
from mvote.pages.office.words.faults import fault_words, is_known
from mvote.pages.office.words.fields import HELP, LABELS, label_of
from mvote.pages.office.words.said import GROUPS
from mvote.web.fields import Body
from mvote.web.matrix import MATRIX
from tests.pages.office.desk import Desk

REFRESHED_BY_ITSELF = {"refresh_tokens"}


def _whole(words: Words | None) -> bool:
    return words is not None and all(words.get(language) for language in LANGUAGES)


def test_every_route_for_officials_has_group_title_and_labelled_fields(city: Flask) -> None:
    found = find_acts(city)
    open_to = {n for n, access in MATRIX.items() if access.name in ("official", "signed-in")}
    assert set(found) == open_to - REFRESHED_BY_ITSELF
    assert set(found) == set(ACTS), "a route without words, or words without a route"
    with city.app_context():
        for name, act in found.items():
            assert ACTS[name].group in GROUPS, name
            assert _whole(ACTS[name].title), name
            for one in [each for several in fields_of(act).values() for each in leaves(several)]:
                assert not one.path or _whole(label_of(name, one.path)), f"{name}: {one.path}"
                for value in () if one.fixed else one.choices:
                    said = choice_words(f"{name}.{one.path}", value)
                    assert _whole(said), f"{name}: {one.path}: {value}"


def test_what_is_no_form_of_its_own_is_part_of_one() -> None:
    for name, said in ACTS.items():
        assert not said.within or said.within in ACTS, name
        assert said.help is None or _whole(said.help), name
    for table in (LABELS, HELP, GROUPS):
        assert all(_whole(words) for words in table.values())


def test_every_form_is_drawn(city: Flask, desk: Desk) -> None:
    """A form that asks for what the official may not read says so, and nothing breaks."""
    for place, (name, said) in enumerate(ACTS.items()):
        desk.lang = language = LANGUAGES[place % 2]
        if said.within or said.page:
            continue
        answer = desk.get(f"/office/do/{name}")
        allowed = {200} if MATRIX[name].name == "official" and _may(name) else {200, 403}
        assert answer.status_code in allowed, name
        assert said.title[language] in answer.text.replace("&#39;", "'"), name


def _may(name: str) -> bool:
    duties = {"drafter", "approver", "answerer", "moderator", "administrator"}
    return not MATRIX[name].duties or bool(duties & set(MATRIX[name].duties))


def test_the_core_and_the_schemas_are_understood_in_korean() -> None:
    """What a form can be refused for most often is told in Korean and not in English."""
    faults = Faults()
    reader = Reader({"a": "x", "t": "then", "w": {"ko": "", "en": "x"}, "o": 1}, faults)
    reader.only("a")
    reader.integer("a", least=1, most=5)
    reader.boolean("a")
    reader.one_of("a", ("b", "c"))
    reader.items("a", least=1, most=2)
    reader.object("a")
    reader.time("t")
    reader.words("w", most=10)
    reader.integer("missing")
    said = [one for several in faults.errors.values() for one in several]
    assert len(said) > 8
    assert [one for one in said if not is_known(one)] == []
    assert all(not one.isascii() for one in (fault_words(each)["ko"] for each in said))
    assert fault_words("a new fault")["ko"].endswith("a new fault")


def test_an_unknown_kind_of_field_falls_back_to_json_and_is_still_drawn(city: Flask) -> None:
    class Odd(Body):
        audiences = ma.fields.Raw(required=True)

    with city.test_request_context("/office"):
        act = replace(find_acts(city)["count_audience"], schemas={"json": Odd()})
        [control] = Drawing(act.name, _nothing()).all(fields_of(act)["b"], "b")
        assert control.kind == "json"
        for typed in ("{", "[" * 100_000):
            reading = Reading(MultiDict({"b.audiences": typed}), ZoneInfo("UTC"))
            assert reading.body(fields_of(act)["b"], "b") == {}
            assert fault_words(reading.faults["b.audiences"][0])["ko"] == "JSON 형식이 아닙니다."


def _nothing() -> MultiDict[str, str]:
    return MultiDict()
