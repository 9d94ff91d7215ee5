"""An open text.  The ballot holds only its hash; the text itself travels beside the ballot."""

from dataclasses import asdict, dataclass
from typing import ClassVar

from mvote.core.answers import WrongAnswerType
from mvote.core.canonical import JSON, b64u, b64u_decode
from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.questions.question_type import QuestionType
from mvote.core.shapes import Shape, Text
from mvote.core.text import Words

HASH_LENGTH = 32
MOST_CHARACTERS = 4_000
MOST_REASON = 1_000


@dataclass(frozen=True, slots=True)
class TextLimits:
    """How many characters (Unicode code points in form NFC) the text has."""

    least: int
    most: int

    def to_json(self) -> dict[str, JSON]:
        return asdict(self)


class OpenText(QuestionType[Text]):
    """An answer is one base64url text of 32 bytes: SHA-256 of salt and text.

    config: ``least`` (1 where it is missing) and ``most`` characters (1,000 where it is
    missing).  Nobody but a moderator sees a text until a moderator has published it.
    """

    name = "open-text"
    label = {"ko": "글로 답하기", "en": "Answer in words"}
    widget = "text-area"
    keyboard = {
        "ko": "글을 입력합니다. Tab 키로 입력란을 벗어납니다.",
        "en": "The text is typed; Tab leaves the field.",
    }
    screen_reader = {
        "ko": "질문을 제목으로 하는 여러 줄 입력란으로, 쓸 수 있는 글자 수를 읽습니다.",
        "en": "A field of several lines named by the question; the characters left are read.",
    }
    form = {
        "least": {"ko": "최소 글자 수", "en": "Characters at least"},
        "most": {"ko": "최대 글자 수", "en": "Characters at most"},
    }
    shape: ClassVar[Shape] = Text
    example = '["AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"]'
    least_options = 0
    most_options = 0
    takes_reason = False

    def read_config(self, read: Reader, question: Question) -> None:
        super().read_config(read, question)
        least = read.optional_integer("least", least=1, most=MOST_CHARACTERS)
        read.optional_integer("most", least=least or 1, most=MOST_CHARACTERS)

    def limits(self, question: Question) -> TextLimits:
        least = question.config.get("least") or 1
        return TextLimits(least, question.config.get("most") or max(least, MOST_REASON))

    def describe(self, question: Question) -> Words:
        limits = self.limits(question)
        return {
            "ko": f"{limits.least:,}자에서 {limits.most:,}자까지 씁니다. "
            "글은 담당자가 검토한 뒤에만 공개됩니다.",
            "en": f"Write {limits.least:,} to {limits.most:,} characters. "
            "A text is shown only after a moderator has read it.",
        }

    def blank_answer(self) -> Text:
        return Text(None)

    def write_answer(self, answer: Text) -> list[JSON]:
        return [] if answer.sha256 is None else [b64u(bytes.fromhex(answer.sha256))]

    def read_given(self, question: Question, raw: list[JSON]) -> Text:
        return read_hash(question.id, raw)


def read_hash(name: str, raw: JSON) -> Text:
    """The hash of a text under the key ``name`` of a ballot's answers.  Raises WrongAnswerType."""
    if not isinstance(raw, list) or len(raw) != 1 or not isinstance(raw[0], str):
        raise WrongAnswerType(question=name)
    try:
        return Text(b64u_decode(raw[0], length=HASH_LENGTH).hex())
    except ValueError:
        raise WrongAnswerType(question=name) from None
