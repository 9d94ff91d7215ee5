"""A mobile number checked by an SMS code."""

from collections.abc import Mapping

from mvote.core.canonical import JSON
from mvote.core.eligibility.condition import Condition, Facts, Unmet
from mvote.core.text import Words


class VerifiedNumber(Condition):
    name = "verified-number"
    label = {"ko": "휴대전화 번호를 인증한 사람", "en": "Everyone with a verified mobile number"}
    targets = False

    def met(self, raw: Mapping[str, JSON], facts: Facts) -> bool:  # noqa: ARG002
        return facts.number_verified

    def describe(self, raw: Mapping[str, JSON]) -> Words:  # noqa: ARG002
        return self.label

    def whom(self, raw: Mapping[str, JSON]) -> Words:  # noqa: ARG002
        return {"ko": self.label["ko"], "en": "everyone with a verified mobile number"}

    def unmet(self, raw: Mapping[str, JSON], facts: Facts) -> Unmet:  # noqa: ARG002
        return Unmet(
            self.name,
            {
                "ko": "휴대전화 번호가 인증되지 않았습니다.",
                "en": "Your mobile number is not verified.",
            },
            {
                "ko": "문자로 받은 인증번호를 입력해 번호를 인증해 주십시오.",
                "en": "Verify your number with the code sent to it by SMS.",
            },
            effort=1,
        )
