"""People of certain genders, as the register knows them."""

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

GENDERS: dict[str, Words] = {
    "f": {"ko": "여성", "en": "women"},
    "m": {"ko": "남성", "en": "men"},
    "x": {"ko": "그 밖의 성별", "en": "people of another gender"},
}


class Gender(Condition):
    """``any_of``: ``f``, ``m``, ``x``."""

    name = "gender"
    label = {"ko": "성별", "en": "Gender"}
    form = {"any_of": {"ko": "성별", "en": "Genders"}}

    def read(self, read: Reader) -> None:
        super().read(read)
        read_codes(read, "any_of", tuple(GENDERS))

    def met(self, raw: Mapping[str, JSON], facts: Facts) -> bool:
        return facts.gender in raw["any_of"]

    def whom(self, raw: Mapping[str, JSON]) -> Words:
        return {
            language: ", ".join(GENDERS[one][language] for one in raw["any_of"])
            for language in ("ko", "en")
        }

    def describe(self, raw: Mapping[str, JSON]) -> Words:
        who = self.whom(raw)
        return {
            "ko": f"이 투표의 대상: {who['ko']}.",
            "en": f"This poll is for: {who['en']}.",
        }

    def unmet(self, raw: Mapping[str, JSON], facts: Facts) -> Unmet:
        words = self.describe(raw)
        if facts.gender is None:
            unknown = {"ko": "성별을 확인할 수 없습니다.", "en": "Your gender is not known."}
            words = {language: f"{words[language]} {unknown[language]}" for language in words}
        effort = 3 if facts.gender is None else HOPELESS
        return Unmet(self.name, words, ASK_THE_REGISTER, effort)
