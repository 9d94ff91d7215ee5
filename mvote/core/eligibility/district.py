"""Residents of certain districts, as the register knows them."""

from collections.abc import Mapping

from mvote.core.canonical import JSON
from mvote.core.eligibility.condition import (
    ASK_THE_REGISTER,
    HOPELESS,
    Condition,
    Facts,
    Unmet,
    read_codes,
)
from mvote.core.fields import Reader
from mvote.core.text import Words


class District(Condition):
    """``any_of``: codes of districts."""

    name = "district"
    label = {"ko": "거주 자치구", "en": "District of residence"}
    form = {"any_of": {"ko": "자치구", "en": "Districts"}}

    def read(self, read: Reader) -> None:
        super().read(read)
        read_codes(read, "any_of")

    def met(self, raw: Mapping[str, JSON], facts: Facts) -> bool:
        return facts.district in raw["any_of"]

    def describe(self, raw: Mapping[str, JSON]) -> Words:
        districts = ", ".join(raw["any_of"])
        return {
            "ko": f"이 투표의 대상 자치구: {districts}.",
            "en": f"This poll is for residents of: {districts}.",
        }

    def whom(self, raw: Mapping[str, JSON]) -> Words:
        districts = ", ".join(raw["any_of"])
        return {"ko": f"{districts} 주민", "en": f"residents of {districts}"}

    def unmet(self, raw: Mapping[str, JSON], facts: Facts) -> Unmet:
        words = self.describe(raw)
        if facts.district is None:
            unknown = {
                "ko": "거주 자치구를 확인할 수 없습니다.",
                "en": "Your district is not known.",
            }
            words = {language: f"{words[language]} {unknown[language]}" for language in words}
        effort = 3 if facts.district is None else HOPELESS
        return Unmet(self.name, words, ASK_THE_REGISTER, effort)
