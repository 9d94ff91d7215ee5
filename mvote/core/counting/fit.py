"""Whether a question is whole: its type, its config and its counting method fit together."""

from mvote.core.counting import METHODS
from mvote.core.fields import Faults
from mvote.core.question import Question, QuestionRefused
from mvote.core.questions import QUESTIONS


def check_question(question: Question) -> Question:
    """Give the question with what its type fills in.  Raises QuestionRefused."""
    faults = Faults()
    if question.type not in QUESTIONS.names():
        faults.add("type", f"has to be one of: {', '.join(QUESTIONS.names())}")
    if question.counting.method not in METHODS.names():
        faults.add("counting.method", f"has to be one of: {', '.join(METHODS.names())}")
    faults.refuse(QuestionRefused)
    kind, method = QUESTIONS.get(question.type), METHODS.get(question.counting.method)
    whole = kind.complete(question)
    kind.check_config(whole)
    if method.shape is not kind.shape:
        faults.add("counting.method", "cannot count the answers to this type of question")
    if method.costs and not whole.has_costs:
        faults.add("counting.method", "needs a question whose options have costs")
    faults.refuse(QuestionRefused)
    method.check_options(whole)
    return whole
