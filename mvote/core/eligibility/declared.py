"""What citizens say of themselves, where the register is silent and the poll takes their word."""

from collections.abc import Mapping

from mvote.core.canonical import JSON
from mvote.core.eligibility.birth_year import BirthYear
from mvote.core.eligibility.condition import HOPELESS, Condition, Facts, Unmet
from mvote.core.eligibility.district import District
from mvote.core.eligibility.gender import Gender
from mvote.core.fields import Reader
from mvote.core.registry import Registry
from mvote.core.text import Words

DECLARABLE: Registry[Condition] = Registry("condition", District(), BirthYear(), Gender())
_FACT = {District.name: "district", BirthYear.name: "birth_band", Gender.name: "gender"}


class Declared(Condition):
    """``of``: a condition of district, year of birth or gender.

    What the register knows of a person counts; what was declared never stands against it.
    """

    name = "declared"
    label = {"ko": "본인이 밝힌 정보", "en": "By one's own word"}
    form = {"of": {"ko": "밝힌 정보의 조건", "en": "The condition that was declared to be met"}}
    targets = False

    def read(self, read: Reader) -> None:
        super().read(read)
        inner = Reader(read.object("of"), read.faults, read.name("of"))
        name = inner.one_of("condition", DECLARABLE.names())
        if name:
            DECLARABLE.get(name).read(inner)

    def met(self, raw: Mapping[str, JSON], facts: Facts) -> bool:
        if facts.declared is None or self._is_registered(raw, facts):
            return False
        return DECLARABLE.get(raw["of"]["condition"]).met(raw["of"], facts.declared)

    def describe(self, raw: Mapping[str, JSON]) -> Words:
        words = DECLARABLE.get(raw["of"]["condition"]).describe(raw["of"])
        return {
            "ko": f"{words['ko']} 명부에 없으면 본인이 밝힌 정보로 확인합니다.",
            "en": f"{words['en']} Where the register knows nothing, your own word counts.",
        }

    def whom(self, raw: Mapping[str, JSON]) -> Words:
        whom = DECLARABLE.get(raw["of"]["condition"]).whom(raw["of"])
        return {"ko": f"{whom['ko']}(본인이 밝힌 정보)", "en": f"{whom['en']} (by their own word)"}

    def unmet(self, raw: Mapping[str, JSON], facts: Facts) -> Unmet:
        if self._is_registered(raw, facts):
            known = DECLARABLE.get(raw["of"]["condition"]).unmet(raw["of"], facts)
            return Unmet(self.name, known.words, known.what_to_do, known.effort)
        told = facts.declared is not None and getattr(facts.declared, self._fact(raw)) is not None
        return Unmet(
            self.name,
            self.describe(raw),
            {
                "ko": "내 정보에서 자치구, 출생연도, 성별을 적으실 수 있습니다.",
                "en": "You can state your district, year of birth and gender with your own data.",
            },
            HOPELESS if told else 1,
        )

    def _is_registered(self, raw: Mapping[str, JSON], facts: Facts) -> bool:
        return getattr(facts, self._fact(raw)) is not None

    def _fact(self, raw: Mapping[str, JSON]) -> str:
        return _FACT[raw["of"]["condition"]]
