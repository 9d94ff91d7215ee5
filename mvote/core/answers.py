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


class AnswerNotAsked(AnswerRefused):
    words = {
        "ko": "앞 질문의 답에 따라 ‘{question}’ 항목은 묻지 않으므로 답할 수 없습니다.",
        "en": "By the answers before it “{question}” is not asked, so it cannot be answered.",
    }


class WrongAnswerType(AnswerRefused):
    words = {
        "ko": "‘{question}’ 질문의 답이 이 질문 유형의 형식이 아닙니다.",
        "en": "The answer to the question “{question}” is not in the form of its type.",
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


class NoneStandsAlone(AnswerRefused):
    words = {
        "ko": "‘{question}’ 질문에서 ‘해당 없음’은 다른 선택지와 함께 고를 수 없습니다.",
        "en": "In the question “{question}” “none of these” excludes every other option.",
    }


class EqualRanksNotAllowed(AnswerRefused):
    words = {
        "ko": "‘{question}’ 질문에서는 같은 순위를 줄 수 없습니다.",
        "en": "The question “{question}” does not allow equal ranks.",
    }


class ScoreOutOfRange(AnswerRefused):
    words = {
        "ko": "‘{question}’ 질문의 ‘{option}’에는 {least}부터 {most}까지 줄 수 있습니다.",
        "en": "In the question “{question}” “{option}” takes numbers from {least} to {most}.",
    }


class TooManyPoints(AnswerRefused):
    words = {
        "ko": "‘{question}’ 질문에서 나눌 수 있는 점수는 {points}점입니다. 준 점수: {given}점.",
        "en": "The question “{question}” has {points} points to distribute; {given} were given.",
    }


class PointsLeft(AnswerRefused):
    words = {
        "ko": "‘{question}’ 질문에서는 {points}점을 모두 나누어야 합니다. 준 점수: {given}점.",
        "en": "In the question “{question}” all {points} points have to be given; {given} were.",
    }


class NumberOutOfRange(AnswerRefused):
    words = {
        "ko": "‘{question}’ 질문에는 {least}부터 {most}까지의 수로 답할 수 있습니다.",
        "en": "The question “{question}” takes a number from {least} to {most}.",
    }


class TextMalformed(AnswerRefused):
    words = {
        "ko": "‘{question}’ 항목의 글을 읽을 수 없습니다. salt와 text가 있어야 합니다.",
        "en": "The text of “{question}” cannot be read. It has to hold salt and text.",
    }


class TextNotInBallot(AnswerRefused):
    words = {
        "ko": "‘{question}’ 항목의 글이 표에 적힌 해시값과 맞지 않습니다.",
        "en": "The text of “{question}” is not the one whose hash stands in the ballot.",
    }


class TextTooShort(AnswerRefused):
    words = {
        "ko": "‘{question}’ 항목의 글은 {least}자 이상이어야 합니다. 쓴 글자 수: {length}자.",
        "en": "The text of “{question}” needs at least {least} characters; it has {length}.",
    }


class TextTooLong(AnswerRefused):
    words = {
        "ko": "‘{question}’ 항목의 글은 {most}자까지 쓸 수 있습니다. 쓴 글자 수: {length}자.",
        "en": "The text of “{question}” takes at most {most} characters; it has {length}.",
    }


class TextNotPlain(AnswerRefused):
    words = {
        "ko": "‘{question}’ 항목의 글에 쓸 수 없는 문자가 있거나 보이는 글자가 없습니다.",
        "en": "The text of “{question}” holds characters that are not allowed, or shows nothing.",
    }


ANSWER_REFUSALS = (
    UnknownQuestion,
    AnswerMissing,
    AnswerNotAsked,
    WrongAnswerType,
    BlankNotAllowed,
    UnknownOption,
    ChosenTwice,
    TooFewChosen,
    TooManyChosen,
    NoneStandsAlone,
    OverBudget,
    EqualRanksNotAllowed,
    ScoreOutOfRange,
    TooManyPoints,
    PointsLeft,
    NumberOutOfRange,
)
"""All that can be wrong with the answers of a ballot."""

TEXT_REFUSALS = (TextMalformed, TextNotInBallot, TextTooShort, TextTooLong, TextNotPlain)
"""All that can be wrong with the texts beside a ballot."""
