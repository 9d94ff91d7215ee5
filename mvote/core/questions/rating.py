"""Options rated on one scale: stars, from −2 to +2, from 0 to 10, or grades in words."""

from mvote.core.answers import ScoreOutOfRange
from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.questions.choosing import so_many
from mvote.core.questions.scale import check_scale, scale_of
from mvote.core.questions.scoring import ScoringLimits, ScoringType
from mvote.core.text import LANGUAGES, Words


class Rating(ScoringType):
    """config: ``scale`` (core/questions/scale.py) and ``least``, how many options to rate.

    ``least`` is 1 where it is missing.  An option that is not rated is not rated 0.
    """

    name = "rating"
    label = {"ko": "점수 매기기", "en": "Rate options"}
    widget = "rating-list"
    keyboard = {
        "ko": "Tab 키로 선택지를 옮겨 다니고 화살표 키로 점수를 올리거나 내리며, "
        "Delete 키로 지웁니다.",
        "en": "Tab moves through the options, arrow keys raise or lower the rating, "
        "Delete takes it back.",
    }
    screen_reader = {
        "ko": "선택지마다 이름, 지금 점수, 점수 범위를 차례로 읽습니다.",
        "en": "Each option is read with its rating and the scale.",
    }
    form = {
        "scale": {"ko": "점수 범위", "en": "Scale"},
        "least": {"ko": "점수를 매길 최소 선택지 수", "en": "Rate at least"},
    }
    least_options = 1
    may_cost = True

    def read_config(self, read: Reader, question: Question) -> None:
        super().read_config(read, question)
        check_scale(read)
        read.optional_integer("least", least=1, most=max(1, len(question.options)))

    def limits(self, question: Question) -> ScoringLimits:
        scale = scale_of(question)
        least = question.config.get("least") or self.least_rated(question)
        return ScoringLimits(least, len(question.options), scale.least, scale.most)

    def describe(self, question: Question) -> Words:
        scale, limits = scale_of(question), self.limits(question)
        many = so_many(limits.least, limits.most)
        low, high = scale.name_of(scale.least), scale.name_of(scale.most)
        if scale.grades:
            ko, en = (", ".join(one[language] for one in scale.grades) for language in LANGUAGES)
            return {
                "ko": f"{many['ko']} 다음 등급으로 평가합니다: {ko}.",
                "en": f"Give {many['en']} one of these grades: {en}.",
            }
        return {
            "ko": f"{many['ko']} ‘{low['ko']}’에서 ‘{high['ko']}’까지의 척도로 평가합니다.",
            "en": f"Rate {many['en']} on a scale from “{low['en']}” to “{high['en']}”.",
        }

    def least_rated(self, question: Question) -> int:  # noqa: ARG002
        """How many options have to be rated where the config does not say."""
        return 1

    def check_scores(
        self, question: Question, scores: dict[str, int], limits: ScoringLimits
    ) -> None:
        for option, score in scores.items():
            if not limits.lowest <= score <= limits.highest:
                raise ScoreOutOfRange(
                    question=question.id, option=option, least=limits.lowest, most=limits.highest
                )
