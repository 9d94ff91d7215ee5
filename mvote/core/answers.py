"""Why an answer is refused: one class for each rule that a voter's answer can break."""

from mvote.core.errors import Invalid

SHOWN = 80


class AnswerRefused(Invalid):
    """The tree of all refused answers; ``question`` is always the id of the question."""


class UnknownQuestion(AnswerRefused):
    words = {
        "ko": "이 투표에는 ‘{question}’ 질문이 없습니다.",
        "en": "This poll has no question “{question}”.",
    }


class AnswerMissing(AnswerRefused):
    words = {
        "ko": "‘{question}’ 질문에 대한 답이 없습니다.",
        "en": "There is no answer to the question “{question}”.",
    }


class WrongAnswerType(AnswerRefused):
    words = {
        "ko": "‘{question}’ 질문의 답은 선택지 식별자의 목록이어야 합니다.",
        "en": "The answer to the question “{question}” has to be a list of option ids.",
    }


class UnknownOption(AnswerRefused):
    words = {
        "ko": "‘{question}’ 질문에는 ‘{option}’ 선택지가 없습니다.",
        "en": "The question “{question}” has no option “{option}”.",
    }


class ChosenTwice(AnswerRefused):
    words = {
        "ko": "‘{question}’ 질문에서 ‘{option}’ 선택지를 두 번 골랐습니다.",
        "en": "In the question “{question}” the option “{option}” is chosen twice.",
    }


class TooFewChosen(AnswerRefused):
    words = {
        "ko": "‘{question}’ 질문에서는 {least}개 이상 골라야 합니다. 고른 수: {chosen}개.",
        "en": "The question “{question}” needs at least {least} chosen; {chosen} were.",
    }


class TooManyChosen(AnswerRefused):
    words = {
        "ko": "‘{question}’ 질문에서는 {most}개까지만 고를 수 있습니다. 고른 수: {chosen}개.",
        "en": "The question “{question}” allows at most {most} chosen; {chosen} were.",
    }


class OverBudget(AnswerRefused):
    words = {
        "ko": "‘{question}’ 질문에서 고른 사업의 비용({cost})이 한도({limit})를 넘습니다.",
        "en": "The projects chosen in “{question}” cost {cost}, over the limit of {limit}.",
    }


class BlankNotAllowed(AnswerRefused):
    words = {
        "ko": "‘{question}’ 질문은 비워 둘 수 없습니다.",
        "en": "The question “{question}” may not be left blank.",
    }
