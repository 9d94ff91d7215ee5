"""Points to distribute over options or over projects."""

from mvote.core.answers import PointsLeft, ScoreOutOfRange, TooManyPoints
from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.questions.scoring import ScoringLimits, ScoringType
from mvote.core.text import Words

MOST_POINTS = 1_000_000


class Points(ScoringType):
    """config: ``points`` to distribute, ``most`` on one option (all where it is missing).

    ``all`` true: every point has to be spent.  Options may be projects with costs.  An
    option without points does not stand in the answer.
    """

    name = "points"
    label = {"ko": "점수 나누어 주기", "en": "Distribute points"}
    widget = "points-list"
    keyboard = {
        "ko": "Tab 키로 선택지를 옮겨 다니고 화살표 키로 점수를 더하거나 빼며, "
        "숫자를 바로 넣을 수도 있습니다.",
        "en": "Tab moves through the options, arrow keys add or take points, "
        "or the number is typed.",
    }
    screen_reader = {
        "ko": "선택지마다 준 점수를 읽고, 바꿀 때마다 남은 점수를 읽습니다.",
        "en": "Each option is read with its points; after each change the points left.",
    }
    form = {
        "points": {"ko": "나누어 줄 점수", "en": "Points to distribute"},
        "most": {"ko": "선택지 하나의 최대 점수", "en": "At most on one option"},
        "all": {"ko": "모두 나누어 주어야 함", "en": "All have to be spent"},
    }
    least_options = 1
    may_cost = True

    def read_config(self, read: Reader, question: Question) -> None:
        super().read_config(read, question)
        points = read.integer("points", least=1, most=MOST_POINTS)
        most = read.optional_integer("most", least=1, most=points)
        if read.flag("all") and (most or points) * len(question.options) < points:
            read.fault("most", f"is too little to spend all {points} points")

    def limits(self, question: Question) -> ScoringLimits:
        points = question.config["points"]
        return ScoringLimits(
            least=1,
            most=min(points, len(question.options)),
            lowest=1,
            highest=question.config.get("most") or points,
            together=points,
            spend_all=bool(question.config.get("all")),
        )

    def describe(self, question: Question) -> Words:
        limits, points = self.limits(question), question.config["points"]
        each = (
            f" 선택지 하나에 {limits.highest:,}점까지 줄 수 있습니다.",
            f" One option may get at most {limits.highest:,}.",
        )
        spent = (" 모두 나누어 주어야 합니다.", " All have to be given.")
        said = [each] * (limits.highest < points) + [spent] * limits.spend_all
        return {
            "ko": f"{points:,}점을 나누어 줍니다." + "".join(one for one, _ in said),
            "en": f"Distribute {points:,} points." + "".join(one for _, one in said),
        }

    def check_scores(
        self, question: Question, scores: dict[str, int], limits: ScoringLimits
    ) -> None:
        for option, score in scores.items():
            if not limits.lowest <= score <= limits.highest:
                raise ScoreOutOfRange(
                    question=question.id, option=option, least=limits.lowest, most=limits.highest
                )
        given, points = sum(scores.values()), question.config["points"]
        if given > points:
            raise TooManyPoints(question=question.id, points=points, given=given)
        if limits.spend_all and given < points:
            raise PointsLeft(question=question.id, points=points, given=given)
