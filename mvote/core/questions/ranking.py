"""Options in order of preference, all of them or the best few."""

from dataclasses import asdict, dataclass
from typing import ClassVar

from mvote.core.answers import EqualRanksNotAllowed, WrongAnswerType
from mvote.core.canonical import JSON
from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.questions.choosing import (
    check_number,
    offered,
    read_ids,
    so_many,
    stands_for_none,
)
from mvote.core.questions.question_type import QuestionType
from mvote.core.shapes import Ranking as Ranked
from mvote.core.shapes import Shape
from mvote.core.text import Words


@dataclass(frozen=True, slots=True)
class RankingLimits:
    """How many options are ranked, and whether some may share a rank."""

    least: int
    most: int
    equal: bool

    def to_json(self) -> dict[str, JSON]:
        return asdict(self)


class Ranking(QuestionType[Ranked]):
    """An answer is a list, the best first: ``["a", ["b", "c"], "d"]``; a list in it shares a rank.

    config: ``least`` (1 where it is missing) and ``most`` (all where it is missing) options
    to rank, ``equal`` true where options may share a rank.
    """

    name = "ranking"
    label = {"ko": "순위 매기기", "en": "Rank options"}
    widget = "ranking-list"
    keyboard = {
        "ko": "Tab 키로 선택지를 옮겨 다니고 Space 키로 다음 순위를 줍니다. 순위를 매긴 선택지는 "
        "위아래 화살표 키로 옮기고 Delete 키로 뺍니다.",
        "en": "Tab moves through the options, Space gives one the next rank; up and down move "
        "a ranked option, Delete takes it out.",
    }
    screen_reader = {
        "ko": "순서 있는 목록으로, 옮길 때마다 선택지의 이름과 새 순위를 읽습니다.",
        "en": "An ordered list; after each move the option and its new rank are read.",
    }
    form = {
        "least": {"ko": "순위를 매길 최소 수", "en": "Rank at least"},
        "most": {"ko": "순위를 매길 최대 수", "en": "Rank at most"},
        "equal": {"ko": "같은 순위 허용", "en": "Equal ranks are allowed"},
    }
    shape: ClassVar[Shape] = Ranked
    example = '["a", ["b", "c"], "d"]'
    may_cost = True
    offers_none = True

    def read_config(self, read: Reader, question: Question) -> None:
        super().read_config(read, question)
        count = max(offered(question), 1)
        least = read.optional_integer("least", least=1, most=count)
        read.optional_integer("most", least=least or 1, most=count)
        read.flag("equal")

    def limits(self, question: Question) -> RankingLimits:
        config = question.config
        return RankingLimits(
            least=config.get("least") or 1,
            most=config.get("most") or offered(question),
            equal=bool(config.get("equal")),
        )

    def describe(self, question: Question) -> Words:
        limits = self.limits(question)
        many = so_many(limits.least, limits.most)
        equal = (
            (" 같은 순위를 줄 수 있습니다.", " Ranks may be shared.") if limits.equal else ("", "")
        )
        return {
            "ko": f"가장 좋은 것부터 {many['ko']} 순위를 매깁니다.{equal[0]}",
            "en": f"Rank {many['en']}, the best first.{equal[1]}",
        }

    def blank_answer(self) -> Ranked:
        return Ranked(())

    def write_answer(self, answer: Ranked) -> list[JSON]:
        return [group[0] if len(group) == 1 else list(group) for group in answer.groups]

    def read_given(self, question: Question, raw: list[JSON]) -> Ranked:
        limits = self.limits(question)
        if set(map(type, raw)) == {str}:  # no rank is shared: quick, as most answers are so
            ids = read_ids(question, raw)
            if not stands_for_none(question, ids):
                check_number(question, len(ids), least=limits.least, most=limits.most)
            return Ranked.of(ids)
        groups = [one if isinstance(one, list) else [one] for one in raw]
        if any(isinstance(one, list) and len(one) < 2 for one in raw):
            raise WrongAnswerType(question=question.id)
        ids = read_ids(question, [option for group in groups for option in group])
        if len(groups) < len(ids) and not limits.equal:
            raise EqualRanksNotAllowed(question=question.id)
        if not stands_for_none(question, ids):
            check_number(question, len(ids), least=limits.least, most=limits.most)
        return Ranked.of(groups)
