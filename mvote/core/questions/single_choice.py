"""One option out of several."""

from mvote.core.questions.choosing import ChoosingType


class SingleChoice(ChoosingType):
    name = "single-choice"
    label = {"ko": "하나 고르기", "en": "Choose one"}
    widget = "radio-list"
    keyboard = {
        "ko": "화살표 키로 선택지를 옮겨 다니며, 머무는 선택지가 선택됩니다.",
        "en": "Arrow keys move through the options and choose the one they reach.",
    }
    screen_reader = {
        "ko": "질문을 제목으로 하는 라디오 단추 묶음으로, 몇 개 가운데 몇 번째인지 함께 읽습니다.",
        "en": "A group of radio buttons named by the question; each is read with its place.",
    }
