"""One option out of several."""

from mvote.core.question import Question
from mvote.core.questions.choosing import ChoosingType, Limits


class SingleChoice(ChoosingType):
    name = "single-choice"
    label = {"ko": "하나 고르기", "en": "Choose one"}
    widget = "radio-list"

    def limits(self, question: Question) -> Limits:  # noqa: ARG002
        return Limits(1, 1)
