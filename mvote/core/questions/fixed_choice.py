"""What question types have in common whose options are always the same."""

from typing import ClassVar

from mvote.core.fields import Faults
from mvote.core.question import Option, Question, QuestionRefused
from mvote.core.questions.choosing import ChoosingType
from mvote.core.questions.question_type import NONE


class FixedChoice(ChoosingType):
    """The options are always those ``fixed``; the city may give them words of its own."""

    fixed: ClassVar[tuple[Option, ...]]

    def complete(self, question: Question) -> Question:
        whole = question if question.options else question.with_options(self.fixed)
        return super().complete(whole)

    def check_config(self, question: Question) -> None:
        faults = Faults()
        whole = self.fixed + ((NONE,) if question.none and self.offers_none else ())
        if [option.id for option in question.options] != [option.id for option in whole]:
            names = ", ".join(option.id for option in self.fixed)
            faults.add("options", f"has to hold {names}, in this order, or nothing")
        faults.refuse(QuestionRefused)
        super().check_config(question)
