"""People born in certain years, in the bands of five years that the register keeps."""

from collections.abc import Mapping

from mvote.core.canonical import JSON
from mvote.core.eligibility.condition import (
    ASK_THE_REGISTER,
    HOPELESS,
    Condition,
    Facts,
    Unmet,
)
from mvote.core.fields import Reader
from mvote.core.text import Words

FIRST, LAST, BAND = 1900, 2099, 5


class BirthYear(Condition):
    """``from`` (the first year of a band) and ``to`` (the last of one), inclusive; null is open.

    Only whole bands can be told apart: 1990 to 2004 can, 1991 to 2003 cannot.
    """

    name = "birth-year"
    label = {"ko": "출생연도", "en": "Year of birth"}
    form = {
        "from": {"ko": "이 해부터", "en": "From"},
        "to": {"ko": "이 해까지", "en": "To"},
    }

    def read(self, read: Reader) -> None:
        super().read(read)
        first = read.optional_integer("from", least=FIRST, most=LAST)
        last = read.optional_integer("to", least=FIRST, most=LAST)
        if read.raw.get("from") is None and read.raw.get("to") is None:
            read.fault("from", "either from or to has to be given")
        if first is not None and first % BAND:
            read.fault("from", "has to be the first year of five, such as 1990 or 1995")
        if last is not None and last % BAND != BAND - 1:
            read.fault("to", "has to be the last year of five, such as 1994 or 1999")
        if first is not None and last is not None and first > last:
            read.fault("to", "has to be after from")

    def met(self, raw: Mapping[str, JSON], facts: Facts) -> bool:
        first, last, band = raw.get("from"), raw.get("to"), facts.birth_band
        if band is None:
            return False
        return (first is None or band >= first) and (last is None or band + BAND - 1 <= last)

    def describe(self, raw: Mapping[str, JSON]) -> Words:
        first, last = raw.get("from") or "", raw.get("to") or ""
        return {
            "ko": f"이 투표의 대상 출생연도: {first}~{last}.",
            "en": f"This poll is for people born in {first}–{last}.",
        }

    def whom(self, raw: Mapping[str, JSON]) -> Words:
        first, last = raw.get("from") or "", raw.get("to") or ""
        return {"ko": f"{first}~{last}년에 태어난 사람", "en": f"people born in {first}–{last}"}

    def unmet(self, raw: Mapping[str, JSON], facts: Facts) -> Unmet:
        words = self.describe(raw)
        if facts.birth_band is None:
            unknown = {
                "ko": "출생연도를 확인할 수 없습니다.",
                "en": "Your year of birth is not known.",
            }
            words = {language: f"{words[language]} {unknown[language]}" for language in words}
        effort = 3 if facts.birth_band is None else HOPELESS
        return Unmet(self.name, words, ASK_THE_REGISTER, effort)
