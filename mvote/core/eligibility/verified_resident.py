"""Everyone in the city's register, by whatever roll key they were found there."""

from collections.abc import Mapping

from mvote.core.canonical import JSON
from mvote.core.eligibility.condition import ASK_THE_REGISTER, Condition, Facts, Unmet
from mvote.core.text import Words


class VerifiedResident(Condition):
    name = "verified-resident"
    label = {"ko": "주민 명부에 있는 사람", "en": "Everyone in the city's register"}

    def met(self, raw: Mapping[str, JSON], facts: Facts) -> bool:  # noqa: ARG002
        return facts.resident

    def describe(self, raw: Mapping[str, JSON]) -> Words:  # noqa: ARG002
        return {
            "ko": "이 투표의 대상: 주민 명부에 있는 사람.",
            "en": "This poll is for everyone in the city's register.",
        }

    def whom(self, raw: Mapping[str, JSON]) -> Words:  # noqa: ARG002
        return {"ko": "주민 명부에 있는 사람", "en": "people in the city's register"}

    def unmet(self, raw: Mapping[str, JSON], facts: Facts) -> Unmet:  # noqa: ARG002
        return Unmet(
            self.name,
            {
                "ko": "주민 명부에서 확인되지 않았습니다.",
                "en": "You were not found in the city's register.",
            },
            ASK_THE_REGISTER,
            effort=3,
        )
