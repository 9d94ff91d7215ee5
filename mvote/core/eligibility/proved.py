"""Everyone who proved who they are as the poll asks, by whatever its roll key is."""

from collections.abc import Mapping

from mvote.core.canonical import JSON
from mvote.core.eligibility.condition import Condition, Facts, Unmet
from mvote.core.text import Words


class Proved(Condition):
    """For polls whose voters need no number, such as those of a sign-in at a provider."""

    name = "proved"
    label = {
        "ko": "이 투표에서 받는 방법으로 본인 확인을 한 사람",
        "en": "Everyone who proved who they are in a way that this poll takes",
    }
    targets = False

    def met(self, raw: Mapping[str, JSON], facts: Facts) -> bool:  # noqa: ARG002
        return facts.proved

    def describe(self, raw: Mapping[str, JSON]) -> Words:  # noqa: ARG002
        return self.label

    def whom(self, raw: Mapping[str, JSON]) -> Words:  # noqa: ARG002
        return {"ko": self.label["ko"], "en": "everyone who proved who they are"}

    def unmet(self, raw: Mapping[str, JSON], facts: Facts) -> Unmet:  # noqa: ARG002
        return Unmet(
            self.name,
            {"ko": "본인 확인이 되지 않았습니다.", "en": "You have not proved who you are."},
            {
                "ko": "이 투표에서 받는 방법 가운데 하나로 본인 확인을 해 주십시오.",
                "en": "Please prove who you are in one of the ways that this poll takes.",
            },
            effort=1,
        )
