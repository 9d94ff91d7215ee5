"""The fictional city of the demo: its departments, districts, citizens, and what it asks.

Every name and number here is made up.
"""

import csv
import io
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mvote.core.canonical import JSON
from mvote.core.text import Words
from mvote.core.times import iso

DEPARTMENTS: Mapping[str, Words] = {
    "parks": {"ko": "푸른도시과", "en": "Parks and Green City"},
    "mobility": {"ko": "교통정책과", "en": "Mobility Policy"},
}
DISTRICTS: Mapping[str, Words] = {
    "garam": {"ko": "가람구", "en": "Garam District"},
    "narae": {"ko": "나래구", "en": "Narae District"},
    "dasom": {"ko": "다솜구", "en": "Dasom District"},
    "raon": {"ko": "라온구", "en": "Raon District"},
}
ASKED_DISTRICTS = ("garam", "narae")
BUDGET_QUESTION, YES_NO_QUESTION = "projects", "night-bus"
BALLOT_LIMIT = 700_000_000
MONEY = 1_500_000_000
FIRST_NUMBER, LAST_NUMBER = 20_000_000, 49_000_000
MANWON = 10_000

PROJECTS: Sequence[tuple[str, int, Words, Words]] = (
    (
        "stream-path",
        420_000_000,
        {"ko": "가람천 산책로 잇기", "en": "Join up the Garam stream path"},
        {"ko": "끊긴 1.2km 구간을 이어 하천을 따라 걷게 합니다.", "en": "Closes a gap of 1.2 km."},
    ),
    (
        "shade",
        180_000_000,
        {"ko": "횡단보도 그늘나무", "en": "Shade trees at crossings"},
        {
            "ko": "그늘이 없는 횡단보도 60곳에 나무를 심습니다.",
            "en": "Trees at 60 crossings without shade.",
        },
    ),
    (
        "play",
        350_000_000,
        {"ko": "모두의 놀이터", "en": "A playground for everyone"},
        {
            "ko": "휠체어를 탄 어린이도 함께 노는 놀이터를 만듭니다.",
            "en": "Children in wheelchairs can play along.",
        },
    ),
    (
        "benches",
        90_000_000,
        {"ko": "언덕길 쉼터 의자", "en": "Benches on the steep streets"},
        {"ko": "언덕길 100m마다 의자를 놓습니다.", "en": "A bench every 100 metres."},
    ),
    (
        "library-roof",
        510_000_000,
        {"ko": "나래도서관 옥상 정원", "en": "Roof garden of Narae Library"},
        {"ko": "옥상을 열린 정원으로 바꿉니다.", "en": "Opens the roof as a garden."},
    ),
    (
        "dog-run",
        120_000_000,
        {"ko": "반려견 놀이터", "en": "A dog run"},
        {"ko": "나래공원에 반려견 놀이터를 만듭니다.", "en": "In Narae Park."},
    ),
    (
        "lights",
        260_000_000,
        {"ko": "골목길 안심 조명", "en": "Lights in the alleys"},
        {"ko": "어두운 골목 35곳에 조명을 답니다.", "en": "Lamps in 35 dark alleys."},
    ),
    (
        "wetland",
        640_000_000,
        {"ko": "작은 습지 되살리기", "en": "Bring the small wetland back"},
        {"ko": "복개된 습지를 되살립니다.", "en": "Uncovers a wetland that was paved over."},
    ),
)


@dataclass(frozen=True, slots=True)
class Resident:
    """A line of the register; ``number`` in E.164."""

    number: str
    district: str
    birth_year: int
    gender: str


def residents(count: int, chance: random.Random) -> list[Resident]:
    """Citizens nobody has seen before: each run of the demo draws numbers of its own."""
    first = chance.randrange(FIRST_NUMBER, LAST_NUMBER)
    districts = list(DISTRICTS)
    return [
        Resident(
            number=f"+8210{first + place:08d}",
            district=districts[place % len(districts)],
            birth_year=chance.randrange(1940, 2009),
            gender=chance.choice("fm"),
        )
        for place in range(count)
    ]


def register_of(people: Sequence[Resident]) -> str:
    """The register file, CSV."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["number", "district", "birth_year", "gender"])
    for one in people:
        writer.writerow([one.number, one.district, one.birth_year, one.gender])
    return out.getvalue()


def budget_draft() -> dict[str, JSON]:
    """For residents of two districts: projects whose costs stay under a sum."""
    places = " · ".join(DISTRICTS[one]["ko"] for one in ASKED_DISTRICTS)
    options = [
        {"id": code, "cost": cost, "title": title, "text": text}
        for code, cost, title, text in PROJECTS
    ]
    question = {
        "id": BUDGET_QUESTION,
        "type": "budget",
        "title": {
            "ko": "어떤 사업에 예산을 쓸까요? "
            f"비용을 합해 {BALLOT_LIMIT // MANWON:,}만 원까지 고를 수 있습니다.",
            "en": f"What shall the money go to? Choose up to {BALLOT_LIMIT:,} won together.",
        },
        "options": options,
        "config": {"limit": BALLOT_LIMIT},
        "counting": {"method": "budget-greedy", "options": {"budget": MONEY}},
        "blank": False,
    }
    return _draft(
        "budget",
        department="parks",
        title={"ko": "가람·나래 주민참여예산", "en": "Citizens' budget for Garam and Narae"},
        summary={
            "ko": f"{places} 주민이 {MONEY // MANWON:,}만 원을 쓸 곳을 정합니다.",
            "en": f"Residents of Garam and Narae decide about {MONEY:,} won.",
        },
        audience=[
            {"condition": "verified-number"},
            {"condition": "district", "any_of": list(ASKED_DISTRICTS)},
        ],
        question=question,
        decision={"quorum": {"kind": "percent-of-eligible", "least": 1}},
        revote=False,
    )


def yes_no_draft() -> dict[str, JSON]:
    """For everyone with a verified number: yes or no."""
    question = {
        "id": YES_NO_QUESTION,
        "type": "yes-no",
        "title": {
            "ko": "주말에 심야버스를 운행할까요?",
            "en": "Shall night buses run at the weekend?",
        },
        "options": [],
        "config": {},
        "counting": {"method": "plurality", "options": {}},
        "blank": True,
    }
    return _draft(
        "city",
        department="mobility",
        title={"ko": "주말 심야버스", "en": "Night buses at the weekend"},
        summary={
            "ko": "금요일과 토요일 밤에 버스 4개 노선을 30분마다 운행하는 안입니다.",
            "en": "Four lines would run every half hour in the nights after Friday and Saturday.",
        },
        audience=[{"condition": "verified-number"}],
        question=question,
        decision={
            "quorum": {"kind": "voters", "least": 10},
            "threshold": {"numerator": 1, "denominator": 2},
        },
        revote=True,
    )


def _draft(
    kind: str,
    *,
    department: str,
    title: Words,
    summary: Words,
    audience: list[JSON],
    question: JSON,
    decision: Mapping[str, JSON],
    revote: bool,
) -> dict[str, JSON]:
    rule = {"weight_percent": 100, "threshold": None, "ties": "drawn", "results": "after-close"}
    return {
        "v": 1,
        "kind": kind,
        "title": title,
        "summary": summary,
        "department": department,
        "level": "secret" if kind == "city" else "confidential",
        "proof": "sms",
        "roll_key": "number",
        "audience": {"all": audience},
        "questions": [question],
        "decision": {**rule, **decision},
        "opens": None,
        "closes": iso(datetime.now(UTC) + timedelta(days=7)),
        "grace_seconds": 3600,
        "revote": revote,
        "answer_days": 30,
        "dispute_days": 7,
        "turnout_step": 50,
    }


SUSPENDED_BECAUSE: Words = {
    "ko": "설명 자료의 오류를 바로잡는 동안 잠시 멈춥니다.",
    "en": "Paused while a mistake in the leaflet is put right.",
}
INTERIM_ANSWER: Words = {
    "ko": "선정된 사업의 설계비를 검토하고 있습니다. 다음 주에 답변하겠습니다.",
    "en": "We are looking at the cost of planning what was chosen and answer next week.",
}
BUDGET_ANSWER: Words = {
    "ko": "선정된 사업을 모두 내년도 예산에 반영합니다.",
    "en": "Everything that was chosen goes into next year's budget.",
}
YES_NO_ANSWER: Words = {
    "ko": "투표 결과에 따라 처리합니다. 운수 회사와 협의해 시행 시기를 정하겠습니다.",
    "en": "We follow the result and agree on the date with the bus companies.",
}
STEP: Words = {
    "ko": "운수 회사 네 곳과 첫 회의를 열었습니다.",
    "en": "A first meeting with the four bus companies took place.",
}
CLOSING_REPORT: Words = {
    "ko": "결과에 따른 조치를 마쳤으므로 이 기록을 종결합니다.",
    "en": "What followed from the result is done; this record is closed.",
}
RUNNER_UP_REASON: Words = {
    "ko": "많은 분이 원하셨지만 이번에는 선정되지 않았습니다. 다음 공모에 다시 올립니다.",
    "en": "Many wanted it, and it was not chosen this time. It stands again in the next round.",
}
PROMISE: Words = {
    "ko": "선정된 사업을 내년 안에 마칩니다.",
    "en": "What was chosen is finished within the next year.",
}
PROMISED_STEPS: Sequence[tuple[Words, int]] = (
    ({"ko": "설계 용역 발주", "en": "Order the plans"}, 14),
    ({"ko": "공사 시작", "en": "Begin to build"}, 120),
)
"""Each with the days that it takes."""
STEP_SHOWN: Words = {
    "ko": "설계 용역을 발주했습니다.",
    "en": "The plans were ordered.",
}
EVIDENCE_LINK = "https://example.org/plans"
