"""People on a list that the city uploaded."""

from collections.abc import Mapping

from mvote.core.canonical import JSON
from mvote.core.eligibility.condition import CODE, CODE_WORDS, Condition, Facts, Unmet
from mvote.core.fields import Reader
from mvote.core.text import Words


class OnList(Condition):
    """``list``: the name of the list."""

    name = "list"
    label = {"ko": "대상자 명단", "en": "A list of people"}
    form = {"list": {"ko": "명단 이름", "en": "Name of the list"}}

    def read(self, read: Reader) -> None:
        super().read(read)
        read.matching("list", CODE, CODE_WORDS)

    def met(self, raw: Mapping[str, JSON], facts: Facts) -> bool:
        return raw["list"] in facts.lists

    def describe(self, raw: Mapping[str, JSON]) -> Words:
        return {
            "ko": f"이 투표의 대상: ‘{raw['list']}’ 명단에 있는 사람.",
            "en": f"This poll is for people on the list “{raw['list']}”.",
        }

    def whom(self, raw: Mapping[str, JSON]) -> Words:
        return {
            "ko": f"‘{raw['list']}’ 명단에 있는 사람",
            "en": f"people on the list “{raw['list']}”",
        }

    def unmet(self, raw: Mapping[str, JSON], facts: Facts) -> Unmet:  # noqa: ARG002
        return Unmet(
            self.name,
            {
                "ko": f"이 투표의 대상자 명단(‘{raw['list']}’)에 이 휴대전화 번호가 없습니다.",
                "en": f"Your phone number is not on the list of this poll (“{raw['list']}”).",
            },
            {
                "ko": "명단에 있어야 한다면 이 투표를 맡은 부서에 문의해 주십시오.",
                "en": "If it should be, ask the department that holds this poll.",
            },
            effort=4,
        )
