"""Threshold sets that come with the program, each with its source, and how a city's is read.

The sources say what so many supports lead to.  Where they name no time for the answer, the 30
days are ours; a city writes a set of its own where it promises another time.
"""

import re
from collections.abc import Mapping
from typing import Final

from mvote.core.canonical import JSON
from mvote.core.fields import Faults, Reader
from mvote.core.text import Words, text_fault
from mvote.core.working_time import DAYS, MOST_AMOUNT, UNITS, WORKING_DAYS, Within
from mvote.votes.proposals.errors import ThresholdsRefused
from mvote.votes.proposals.rules import Stage, ThresholdSet

NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
NAME_WORDS: Final = "1 to 40 small letters, digits or hyphens, the first no hyphen"
DUE_KINDS: Final = ("first-reply", "interim", "answer")
MOST_SUPPORTS: Final = 1_000_000_000
MOST_DAYS: Final = 3_660
MOST_TITLE: Final = 100
MOST_SOURCE: Final = 500

_ANSWER: Final = ("answer", Within(30, DAYS))
_FORUM: Final = ("first-reply", Within(14, WORKING_DAYS))
_DEPARTMENT: Final[Words] = {"ko": "담당 부서가 답변", "en": "The department answers"}
_DEBATE: Final[Words] = {"ko": "공론장 개설", "en": "A public forum opens"}
_MAYOR: Final[Words] = {"ko": "시장이 답변", "en": "The mayor answers"}
_SEOUL: Final = "opengov.seoul.go.kr/mediahub/19826458 (2020): "


def _seoul(name: str, title: Words, source: str, *supports: int) -> ThresholdSet:
    department, forum, mayor = supports
    stages = (
        Stage("answer", department, _DEPARTMENT, _ANSWER),
        Stage("forum", forum, _DEBATE, _FORUM),
        Stage("mayor", mayor, _MAYOR, _ANSWER),
    )
    return ThresholdSet(name, title, source, 30, stages, shipped=True)


SHIPPED: Final[Mapping[str, ThresholdSet]] = {
    one.name: one
    for one in (
        _seoul(
            "seoul-2017",
            {"ko": "서울 2017 (50 · 500 · 5,000)", "en": "Seoul 2017 (50 · 500 · 5,000)"},
            f"{_SEOUL}민주주의 서울, 2017-10 – 2020-02; 5,000 were participants of the forum",
            *(50, 500, 5_000),
        ),
        _seoul(
            "seoul-2020",
            {"ko": "서울 2020 (50 · 100 · 1,000)", "en": "Seoul 2020 (50 · 100 · 1,000)"},
            f"{_SEOUL}민주주의 서울 from 2020-03; 1,000 were participants of the forum",
            *(50, 100, 1_000),
        ),
        ThresholdSet(
            "taiwan-join",
            {"ko": "대만 Join (60일 안에 5,000)", "en": "Taiwan Join (5,000 in 60 days)"},
            "Executive Yuan, Directions for Implementing Online Participation in Public Policy"
            " (2018): 5,000 within 60 days; the authority answers within two months",
            60,
            (Stage("answer", 5_000, _DEPARTMENT, ("answer", Within(60, DAYS))),),
            shipped=True,
        ),
        ThresholdSet(
            "uk",
            {"ko": "영국 의회 청원 (10,000 · 100,000)", "en": "UK Parliament (10,000 · 100,000)"},
            "petition.parliament.uk: open for six months (here 182 days); 10,000 get a response,"
            " 100,000 are considered for debate",
            182,
            (
                Stage(
                    "answer",
                    10_000,
                    {"ko": "정부가 답변", "en": "The government responds"},
                    _ANSWER,
                ),
                Stage(
                    "debate",
                    100_000,
                    {"ko": "의회 토론 검토", "en": "Considered for debate"},
                    _FORUM,
                ),
            ),
            shipped=True,
        ),
        ThresholdSet(
            "wishes",
            {"ko": "기준 없음 (30일 동안 공감)", "en": "No threshold (supports for 30 days)"},
            "mvote: for calls that choose their winners otherwise",
            30,
            (),
            shipped=True,
        ),
    )
}


def read_thresholds(raw: JSON, *, most_stages: int) -> ThresholdSet:
    """A city's own set, strictly.  Raises ThresholdsRefused."""
    faults = Faults()
    read = Reader(raw, faults)
    read.only("v", "name", "title", "source", "days", "stages")
    made = ThresholdSet(
        name=read.matching("name", NAME, NAME_WORDS),
        title=read.words("title", most=MOST_TITLE),
        source=_source(read),
        days=read.integer("days", least=1, most=MOST_DAYS),
        stages=_stages(read, most_stages),
    )
    faults.refuse(ThresholdsRefused)
    return made


def _source(read: Reader) -> str:
    given = read.raw.get("source")
    if not isinstance(given, str) or text_fault(given, most=MOST_SOURCE):
        read.fault("source", f"has to be a text of 1 to {MOST_SOURCE} characters")
        return ""
    return given


def _stages(read: Reader, most: int) -> tuple[Stage, ...]:
    """Each needs more supports than the one before it."""
    found: list[Stage] = []
    for place, raw in enumerate(read.items("stages", least=0, most=most)):
        inner = Reader(raw, read.faults, f"stages[{place}]")
        inner.only("id", "supports", "name", "due")
        stage = Stage(
            id=inner.matching("id", NAME, NAME_WORDS),
            supports=inner.integer("supports", least=1, most=MOST_SUPPORTS),
            name=inner.words("name", most=MOST_TITLE),
            due=_due(inner),
        )
        if found and stage.supports <= found[-1].supports:
            inner.fault("supports", "has to be more than at the stage before")
        if stage.id in {one.id for one in found}:
            inner.fault("id", "stands twice")
        found.append(stage)
    return tuple(found)


def _due(read: Reader) -> tuple[str, Within] | None:
    if read.raw.get("due") is None:
        return None
    inner = Reader(read.object("due"), read.faults, read.name("due"))
    inner.only("kind", "amount", "unit")
    kind = inner.one_of("kind", DUE_KINDS)
    amount = inner.integer("amount", least=1, most=MOST_AMOUNT)
    unit = inner.one_of("unit", UNITS)
    return (kind, Within(amount, unit)) if kind and unit else None
