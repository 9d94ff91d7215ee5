"""What a reader is told of a question before voting: how it is answered, and when it is asked."""

from collections.abc import Mapping

from mvote.core.question import OnlyIf, Question
from mvote.core.questions import QUESTIONS
from mvote.core.text import Words

BLANK: Words = {"ko": "비워 둘 수 있습니다.", "en": "It may be left blank."}
NOT_BLANK: Words = {"ko": "비워 둘 수 없습니다.", "en": "It may not be left blank."}
NONE: Words = {
    "ko": "마지막 선택지는 다른 선택지와 함께 고를 수 없습니다.",
    "en": "The last option excludes every other.",
}
REASON: Words = {
    "ko": "답의 이유를 덧붙일 수 있습니다. 이유는 담당자가 검토한 뒤에만 공개됩니다.",
    "en": "A reason may be added; it is shown only after a moderator has read it.",
}
SHUFFLE: Words = {
    "ko": "선택지는 휴대전화마다 다른 순서로 보입니다.",
    "en": "Every phone shows the options in an order of its own.",
}


def describe(question: Question, by_id: Mapping[str, Question]) -> tuple[Words, ...]:
    """Sentences about one question; ``by_id`` holds the questions of its poll."""
    said = [QUESTIONS.get(question.type).describe(question)]
    said += [NONE] * question.none
    said.append(BLANK if question.blank else NOT_BLANK)
    said += [REASON] * question.reason + [SHUFFLE] * question.shuffle
    if question.only_if is not None:
        said.insert(0, _condition(question.only_if, by_id[question.only_if.question]))
    return tuple(said)


def _condition(only_if: OnlyIf, earlier: Question) -> Words:
    options = [earlier.by_id[one].title for one in only_if.any_of]
    ko = ", ".join(f"‘{title['ko']}’" for title in options)
    en = " or ".join(f"“{title['en']}”" for title in options)
    return {
        "ko": f"‘{earlier.title['ko']}’ 질문에서 다음 가운데 하나를 고른 분께만 묻습니다: {ko}.",
        "en": f"Asked only of those who chose {en} in “{earlier.title['en']}”.",
    }
