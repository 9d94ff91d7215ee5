"""Several items on one scale, answered as a table."""

from mvote.core.question import Question
from mvote.core.questions.rating import Rating


class Matrix(Rating):
    """The options are the items.  config as for ``rating``, but without ``least`` every item."""

    name = "matrix"
    label = {"ko": "항목별 평가표", "en": "Several items on one scale"}
    widget = "matrix-table"
    keyboard = {
        "ko": "위아래 화살표 키로 항목을, 좌우 화살표 키로 점수를 옮겨 다니고 "
        "Space 키로 선택합니다.",
        "en": "Up and down move between items, left and right between the ratings, Space chooses.",
    }
    screen_reader = {
        "ko": "머리글이 있는 표로, 칸마다 항목과 점수의 이름을 함께 읽습니다.",
        "en": "A table with headings; each cell is read with its item and its rating.",
    }
    may_cost = False

    def least_rated(self, question: Question) -> int:
        return len(question.options)
