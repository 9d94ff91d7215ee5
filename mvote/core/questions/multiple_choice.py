"""Several options, at least so many and at most so many."""

from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.questions.choosing import ChoosingLimits, ChoosingType, offered, so_many
from mvote.core.text import Words


class MultipleChoice(ChoosingType):
    """config: ``least`` (1 where it is missing) and ``most`` (all where it is missing)."""

    name = "multiple-choice"
    label = {"ko": "여러 개 고르기", "en": "Choose several"}
    widget = "check-list"
    example = '["a", "c"]'
    keyboard = {
        "ko": "Tab 키로 선택지를 옮겨 다니고 Space 키로 선택하거나 해제합니다.",
        "en": "Tab moves through the options, Space chooses one or takes it back.",
    }
    screen_reader = {
        "ko": "체크 상자 묶음으로, 선택할 때마다 고른 수와 고를 수 있는 수를 읽습니다.",
        "en": "Checkboxes; after each choice the number chosen and the number allowed are read.",
    }
    form = {
        "least": {"ko": "최소 선택 수", "en": "At least"},
        "most": {"ko": "최대 선택 수", "en": "At most"},
    }

    def read_config(self, read: Reader, question: Question) -> None:
        super().read_config(read, question)
        count = max(offered(question), 1)
        least = read.optional_integer("least", least=1, most=count)
        read.optional_integer("most", least=least or 1, most=count)

    def describe(self, question: Question) -> Words:
        limits = self.limits(question)
        many = so_many(limits.least, limits.most)
        return {"ko": f"{many['ko']} 고릅니다.", "en": f"Choose {many['en']}."}

    def limits(self, question: Question) -> ChoosingLimits:
        config = question.config
        return ChoosingLimits(config.get("least") or 1, config.get("most") or offered(question))
