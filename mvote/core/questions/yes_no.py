"""Yes or no."""

from mvote.core.question import Option
from mvote.core.questions.fixed_choice import FixedChoice

YES = Option("yes", {"ko": "찬성", "en": "Yes"})
NO = Option("no", {"ko": "반대", "en": "No"})


class YesNo(FixedChoice):
    """The options are always ``yes`` and ``no``; the city may give them words of its own."""

    name = "yes-no"
    label = {"ko": "찬반", "en": "Yes or no"}
    widget = "two-buttons"
    keyboard = {
        "ko": "Tab 키로 찬성과 반대 단추를 오가고 Space 키로 선택합니다.",
        "en": "Tab moves between the two buttons, Space chooses.",
    }
    screen_reader = {
        "ko": "질문을 제목으로 하는 두 단추로, 선택했는지를 함께 읽습니다.",
        "en": "Two buttons named by the question; each is read with whether it is chosen.",
    }
    fixed = (YES, NO)
    example = '["yes"]'
