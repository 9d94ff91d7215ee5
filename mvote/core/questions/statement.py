"""A statement that one agrees with, disagrees with or passes on."""

from mvote.core.question import Option
from mvote.core.questions.fixed_choice import FixedChoice

AGREE = Option("agree", {"ko": "동의", "en": "Agree"})
DISAGREE = Option("disagree", {"ko": "비동의", "en": "Disagree"})
PASS = Option("pass", {"ko": "넘어가기", "en": "Pass"})


class Statement(FixedChoice):
    """The question's title is the statement; to pass is an answer and counts as one."""

    name = "statement"
    label = {"ko": "의견에 동의 여부 밝히기", "en": "Agree or disagree with a statement"}
    widget = "statement-card"
    keyboard = {
        "ko": "Tab 키로 동의, 비동의, 넘어가기 단추를 오가고 Space 키로 선택합니다.",
        "en": "Tab moves between agree, disagree and pass, Space chooses.",
    }
    screen_reader = {
        "ko": "의견 문장을 읽은 다음 세 단추와 각각의 선택 여부를 읽습니다.",
        "en": "The statement is read, then three buttons, each with whether it is chosen.",
    }
    fixed = (AGREE, DISAGREE, PASS)
    example = '["agree"]'
    offers_none = False
