"""Templates that come with the program, and what of a draft goes into one.

A template has neither dates nor department nor record: each poll has its own.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from mvote.core.canonical import JSON
from mvote.core.text import Words
from mvote.votes.polls.rules import Template

OWN: Final = ("record", "department", "opens", "closes")
"""Fields that every poll has of its own."""
LASTS: Final = timedelta(days=14)
"""How long a poll from a template is open where nothing else is said."""

_EVERYONE: Final[JSON] = {"all": [{"condition": "verified-number"}]}
_PLURALITY: Final[JSON] = {"method": "plurality", "options": {}}


def _draft(
    kind: str, *, title: Words, summary: Words, level: str, question: JSON, **decision: JSON
) -> dict[str, JSON]:
    rule = {
        "weight_percent": 100,
        "quorum": {"kind": "none"},
        "threshold": None,
        "ties": "listed",
        "results": "after-close",
    }
    return {
        "v": 1,
        "kind": kind,
        "title": title,
        "summary": summary,
        "level": level,
        "proof": "sms",
        "roll_key": "number",
        "audience": _EVERYONE,
        "questions": [question],
        "decision": {**rule, **decision},
        "grace_seconds": 3600,
        "revote": True,
        "answer_days": 30,
        "dispute_days": 14,
        "turnout_step": 50,
        "outage": {"extend": True, "most_seconds": 24 * 3600},
    }


_YES_NO: Final = _draft(
    "city",
    title={"ko": "○○ 사업을 추진할까요?", "en": "Shall the city go ahead with …?"},
    summary={
        "ko": "무엇을 결정하는지, 찬성과 반대의 결과가 각각 무엇인지 적어 주십시오.",
        "en": "Say what is decided, and what follows from a yes and from a no.",
    },
    level="secret",
    question={
        "id": "q1",
        "type": "yes-no",
        "title": {"ko": "○○ 사업을 추진할까요?", "en": "Shall the city go ahead with …?"},
        "options": [],
        "config": {},
        "counting": _PLURALITY,
        "blank": True,
    },
    quorum={"kind": "voters", "least": 1_000},
    threshold={"numerator": 1, "denominator": 2},
)
_STATISTIC: Final = _draft(
    "statistic",
    title={"ko": "○○에 대한 의견 조사", "en": "What do you think about …?"},
    summary={
        "ko": "응답을 어디에 쓰는지 적어 주십시오. 이 조사는 결정을 구속하지 않습니다.",
        "en": "Say what the answers are used for. This survey binds no decision.",
    },
    level="confidential",
    question={
        "id": "q1",
        "type": "single-choice",
        "title": {"ko": "다음 중 하나를 골라 주십시오.", "en": "Please choose one."},
        "options": [
            {"id": "a", "title": {"ko": "첫째 안", "en": "The first"}},
            {"id": "b", "title": {"ko": "둘째 안", "en": "The second"}},
            {"id": "c", "title": {"ko": "셋째 안", "en": "The third"}},
        ],
        "config": {},
        "counting": _PLURALITY,
        "blank": True,
    },
    weight_percent=0,
)
_BUDGET: Final = _draft(
    "budget",
    title={"ko": "○○구 주민참여예산", "en": "Citizens' budget of …"},
    summary={
        "ko": "주민이 예산을 쓸 사업을 고릅니다. 예산 총액과 고르는 방법을 적어 주십시오.",
        "en": "Residents choose what the money goes to. Say how much there is, and how it is "
        "chosen.",
    },
    level="secret",
    question={
        "id": "projects",
        "type": "budget",
        "title": {"ko": "어떤 사업에 예산을 쓸까요?", "en": "What shall the money go to?"},
        "options": [
            {"id": "p1", "cost": 100_000_000, "title": {"ko": "첫째 사업", "en": "One project"}},
            {"id": "p2", "cost": 200_000_000, "title": {"ko": "둘째 사업", "en": "Another one"}},
        ],
        "config": {"limit": 200_000_000},
        "counting": {"method": "budget-greedy", "options": {"budget": 200_000_000}},
        "blank": False,
    },
)
_RATING: Final = _draft(
    "statistic",
    title={"ko": "○○ 만족도 조사", "en": "How satisfied are you with …?"},
    summary={
        "ko": "어떤 서비스에 대한 조사인지, 결과를 어디에 쓰는지 적어 주십시오.",
        "en": "Say which service this is about, and what the answers are used for.",
    },
    level="confidential",
    question={
        "id": "q1",
        "type": "rating",
        "title": {"ko": "얼마나 만족하십니까?", "en": "How satisfied are you?"},
        "options": [{"id": "service", "title": {"ko": "서비스", "en": "The service"}}],
        "config": {"scale": "stars"},
        "counting": {"method": "score-mean", "options": {}},
        "blank": True,
    },
    weight_percent=0,
)


def _shipped(name: str, ko: str, en: str, content: Mapping[str, JSON]) -> Template:
    return Template(name, None, {"ko": ko, "en": en}, content, shipped=True)


SHIPPED: Final[Mapping[str, Template]] = {
    one.id: one
    for one in (
        _shipped("yes-no", "시민투표: 찬반", "City poll: yes or no", _YES_NO),
        _shipped("single-choice", "통계: 하나 고르기", "Statistic: choose one", _STATISTIC),
        _shipped("budget", "주민참여예산", "Participatory budget", _BUDGET),
        _shipped("satisfaction", "통계: 만족도", "Statistic: satisfaction", _RATING),
    )
}


def template_of(draft: Mapping[str, JSON]) -> dict[str, JSON]:
    """What of a draft goes into a template."""
    return {key: value for key, value in draft.items() if key not in OWN}
