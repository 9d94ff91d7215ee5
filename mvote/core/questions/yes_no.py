"""Yes or no."""

from mvote.core.fields import Faults
from mvote.core.question import Option, Question, QuestionRefused
from mvote.core.questions.choosing import ChoosingType, Limits

YES = Option("yes", {"ko": "찬성", "en": "Yes"})
NO = Option("no", {"ko": "반대", "en": "No"})


class YesNo(ChoosingType):
    """The options are always ``yes`` and ``no``; the city may give them words of its own."""

    name = "yes-no"
    label = {"ko": "찬반", "en": "Yes or no"}
    widget = "two-buttons"

    def complete(self, question: Question) -> Question:
        return question if question.options else question.with_options((YES, NO))

    def check_config(self, question: Question) -> None:
        faults = Faults()
        if [option.id for option in question.options] != [YES.id, NO.id]:
            faults.add("options", "has to hold yes and no, in this order, or nothing")
        faults.refuse(QuestionRefused)
        super().check_config(question)

    def limits(self, question: Question) -> Limits:  # noqa: ARG002
        return Limits(1, 1)
