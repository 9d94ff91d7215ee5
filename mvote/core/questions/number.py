"""A number within a range: an amount of money, a year, a share, a length."""

from dataclasses import asdict, dataclass
from typing import ClassVar

from mvote.core.answers import NumberOutOfRange, WrongAnswerType
from mvote.core.canonical import JSON, MAX_SAFE_INTEGER
from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.questions.question_type import QuestionType
from mvote.core.shapes import Amount, Shape
from mvote.core.text import Words

MOST_DECIMALS = 6
MOST_UNIT = 40


@dataclass(frozen=True, slots=True)
class NumberLimits:
    """From ``least`` to ``most``, both in smallest units: with 2 ``decimals`` 150 is 1.50."""

    least: int
    most: int
    decimals: int

    def to_json(self) -> dict[str, JSON]:
        return asdict(self)


class Number(QuestionType[Amount]):
    """An answer is one whole number of smallest units: ``[150]``.

    config: ``least`` and ``most`` in smallest units, ``decimals`` (0 where it is missing)
    and ``unit``, the words behind the number.
    """

    name = "number"
    label = {"ko": "숫자로 답하기", "en": "Answer with a number"}
    widget = "number-field"
    keyboard = {
        "ko": "숫자를 넣습니다. 위아래 화살표 키로 하나씩 올리거나 내릴 수 있습니다.",
        "en": "The number is typed; up and down change it step by step.",
    }
    screen_reader = {
        "ko": "질문, 단위, 범위를 읽는 숫자 입력란입니다.",
        "en": "A number field that is read with the question, the unit and the range.",
    }
    form = {
        "least": {"ko": "최솟값", "en": "Least"},
        "most": {"ko": "최댓값", "en": "Most"},
        "decimals": {"ko": "소수 자릿수", "en": "Decimal places"},
        "unit": {"ko": "단위", "en": "Unit"},
    }
    shape: ClassVar[Shape] = Amount
    example = "[150]"
    least_options = 0
    most_options = 0

    def read_config(self, read: Reader, question: Question) -> None:
        super().read_config(read, question)
        least = read.integer("least", least=-MAX_SAFE_INTEGER, most=MAX_SAFE_INTEGER - 1)
        read.integer("most", least=least + 1)
        read.optional_integer("decimals", most=MOST_DECIMALS)
        if read.raw.get("unit") is not None:
            read.words("unit", most=MOST_UNIT)

    def limits(self, question: Question) -> NumberLimits:
        config = question.config
        return NumberLimits(config["least"], config["most"], config.get("decimals") or 0)

    def describe(self, question: Question) -> Words:
        limits, unit = self.limits(question), question.config.get("unit")
        least, most = (spell(one, limits.decimals) for one in (limits.least, limits.most))
        behind = (f" (단위: {unit['ko']})", f" ({unit['en']})") if unit else ("", "")
        return {
            "ko": f"{least}부터 {most}까지의 수로 답합니다{behind[0]}.",
            "en": f"Answer with a number from {least} to {most}{behind[1]}.",
        }

    def blank_answer(self) -> Amount:
        return Amount(None)

    def write_answer(self, answer: Amount) -> list[JSON]:
        return [] if answer.value is None else [answer.value]

    def read_given(self, question: Question, raw: list[JSON]) -> Amount:
        if len(raw) != 1 or type(raw[0]) is not int:
            raise WrongAnswerType(question=question.id)
        limits = self.limits(question)
        if not limits.least <= raw[0] <= limits.most:
            least, most = (spell(one, limits.decimals) for one in (limits.least, limits.most))
            raise NumberOutOfRange(question=question.id, least=least, most=most)
        return Amount(raw[0])


def spell(value: int, decimals: int) -> str:
    """A whole number of smallest units as a decimal number: 150 with 2 decimals is ``1.50``."""
    digits = f"{abs(value):0{decimals + 1}d}"
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else f"{sign}{digits}"
