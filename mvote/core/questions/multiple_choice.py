"""Several options, at least so many and at most so many."""

from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.questions.choosing import ChoosingType, Limits


class MultipleChoice(ChoosingType):
    """config: ``least`` (1 where it is missing) and ``most`` (all where it is missing)."""

    name = "multiple-choice"
    label = {"ko": "여러 개 고르기", "en": "Choose several"}
    widget = "check-list"
    form = {
        "least": {"ko": "최소 선택 수", "en": "At least"},
        "most": {"ko": "최대 선택 수", "en": "At most"},
    }

    def read_config(self, read: Reader, question: Question) -> None:
        super().read_config(read, question)
        count = max(len(question.options), 1)
        least = read.optional_integer("least", least=1, most=count)
        read.optional_integer("most", least=least or 1, most=count)

    def limits(self, question: Question) -> Limits:
        return Limits(
            question.config.get("least") or 1, question.config.get("most") or len(question.options)
        )
