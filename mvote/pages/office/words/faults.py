"""What is wrong with a field, in the reader's language.

Schemas and the core say it in English; the sentences that an office is likely to meet are
spelled here in Korean.  One that is not here is told in English behind a Korean beginning.
"""

import re
from collections.abc import Sequence
from typing import Final

from mvote.core.text import Words

_PATTERNS: Final[Sequence[tuple[str, str]]] = (
    (r"Missing data for required field\.?", "꼭 적어 주십시오."),
    (r"is missing", "꼭 적어 주십시오."),
    (r"Field may not be null\.?", "비워 둘 수 없습니다."),
    (r"Unknown field\.?", "여기에서 쓰지 않는 항목입니다."),
    (r"is not known here", "여기에서 쓰지 않는 항목입니다."),
    (r"Not a valid integer\.?", "정수로 적어 주십시오."),
    (r"Not a valid number\.?", "숫자로 적어 주십시오."),
    (r"Not a valid string\.?", "글로 적어 주십시오."),
    (r"Not a valid boolean\.?", "‘예’나 ‘아니요’를 골라 주십시오."),
    (r"Not a valid (date|datetime|time)\.?", "날짜를 올바르게 적어 주십시오."),
    (r"Not a valid list\.?", "목록이어야 합니다."),
    (r"Not a valid mapping type\.?", "올바른 형식이 아닙니다."),
    (r"Not a valid (URL|email address)\.?", "주소를 올바르게 적어 주십시오."),
    (r"Invalid input type\.?", "올바른 형식이 아닙니다."),
    (r"String does not match expected pattern\.?", "올바른 모양이 아닙니다."),
    (r"Must be one of: .+", "보기 가운데에서 골라 주십시오."),
    (r"Must be equal to (.+?)\.?", "{0}이어야 합니다."),
    (
        r"Must be greater than or equal to (\S+) and less than or equal to (\S+?)\.?",
        "{0}에서 {1}까지 적을 수 있습니다.",
    ),
    (r"Must be greater than or equal to (\S+?)\.?", "{0} 이상이어야 합니다."),
    (r"Must be less than or equal to (\S+?)\.?", "{0} 이하여야 합니다."),
    (r"Length must be between (\d+) and (\d+)\.?", "길이는 {0}에서 {1}까지여야 합니다."),
    (r"Length must be (\d+)\.?", "길이는 {0}이어야 합니다."),
    (r"Shorter than minimum length (\d+)\.?", "적어도 {0}이어야 합니다."),
    (r"Longer than maximum length (\d+)\.?", "{0}을(를) 넘을 수 없습니다."),
    (r"has to hold exactly ko and en", "한국어와 영어를 모두 적어 주십시오."),
    (r"ko: blank", "한국어 글을 적어 주십시오."),
    (r"en: blank", "영어 글을 적어 주십시오."),
    (r"blank", "비워 둘 수 없습니다."),
    (r"ko: longer than (\d+) characters", "한국어 글이 {0}자를 넘습니다."),
    (r"en: longer than (\d+) characters", "영어 글이 {0}자를 넘습니다."),
    (r"longer than (\d+) characters", "{0}자를 넘습니다."),
    (r"(?:(?:ko|en): )?holds a control character", "줄 바꿈이나 보이지 않는 글자가 있습니다."),
    (r"(?:(?:ko|en): )?not in Unicode form NFC", "글자의 형식이 다릅니다(유니코드 NFC)."),
    (r"(?:ko|en): not a text", "글로 적어 주십시오."),
    (r"a time has to look like .+|.*looks? like \d{4}-.*", "날짜와 시각을 올바르게 적어 주십시오."),
    (r"is not JSON", "JSON 형식이 아닙니다."),
    (r"has to be a whole number from (\S+) to (\S+)", "{0}에서 {1}까지의 정수를 적어 주십시오."),
    (r"has to be true or false", "‘예’나 ‘아니요’를 골라 주십시오."),
    (r"has to be one of: .+", "보기 가운데에서 골라 주십시오."),
    (r"has to be a list of (\S+) to (\S+)", "{0}개에서 {1}개까지 적어 주십시오."),
    (r"has to be a list of at least (\S+)", "적어도 {0}개를 적어 주십시오."),
    (r"has to be a list of at most (\S+)", "{0}개까지 적을 수 있습니다."),
    (r"has to be an object", "올바른 형식이 아닙니다."),
    (r"has to be a time", "날짜와 시각을 적어 주십시오."),
    (r"has to be after opens", "시작보다 뒤여야 합니다."),
    (r"has to lie in the years (\d+) to (\d+)", "{0}년에서 {1}년 사이여야 합니다."),
    (r"stands twice", "두 번 적혀 있습니다."),
    (r"needs options", "안이 있어야 합니다."),
    (r"a statistic poll has exactly one question", "한 문항 조사에는 질문이 하나만 있어야 합니다."),
    (r"a budget poll has a budget question", "주민참여예산에는 예산 질문이 있어야 합니다."),
    (
        r"cannot count the answers to this type of question",
        "이 종류의 질문은 이 방법으로 셀 수 없습니다.",
    ),
    (r"needs a question whose options have costs", "안에 사업비가 있어야 셀 수 있습니다."),
    (r"needs a question with one choice a voter", "하나만 고르는 질문이어야 셀 수 있습니다."),
    (
        r"is needed where the option is not adopted, or only in part",
        "채택하지 않거나 일부만 채택하는 안에는 까닭을 꼭 적어 주십시오.",
    ),
    (
        r"waits: moderators have not read a reason that many gave",
        "많은 시민이 적은 까닭을 담당자가 공개하거나 숨긴 뒤에 답변하실 수 있습니다.",
    ),
    (r"is needed: it answers the reason .+", "뽑히지 않은 쪽의 가장 큰 까닭에 답해 주십시오."),
    (r"answers a reason, and this poll has none to answer", "이 투표에는 답할 까닭이 없습니다."),
    (r"is not the reason to answer, .+", "답해야 할 까닭이 아닙니다."),
    (
        r"says nothing of (\S+), which came second in (\S+)",
        "다음으로 표가 많은 안 ‘{0}’(질문 {1})에 대한 답이 없습니다.",
    ),
    (r"is not an option of this poll", "이 투표에 없는 안입니다."),
    (r"says nothing of (\S+), which won in (\S+)", "이긴 안 ‘{0}’(질문 {1})에 대한 답이 없습니다."),
    (
        r"has to be 1 to (\d+) letters, digits, dots, underscores or hyphens",
        "글자, 숫자, 점, 밑줄, 붙임표로 {0}자까지 적어 주십시오.",
    ),
    (r"has to be the number of a room, (\d+) digits", "방 번호 {0}자리를 적어 주십시오."),
    (r"either from or to has to be given", "첫 해와 마지막 해 가운데 하나는 적어 주십시오."),
    (
        r"has to be the first year of five, such as (\d+) or (\d+)",
        "{0}이나 {1}처럼 다섯 해 묶음의 첫 해여야 합니다.",
    ),
    (
        r"has to be the last year of five, such as (\d+) or (\d+)",
        "{0}나 {1}처럼 다섯 해 묶음의 마지막 해여야 합니다.",
    ),
    (r"has to be after from", "첫 해보다 뒤여야 합니다."),
    (r"groups may stand (\d+) inside each other", "묶음은 {0}겹까지 둘 수 있습니다."),
    (r"there may be (\d+) conditions in all", "조건은 모두 {0}개까지 둘 수 있습니다."),
    (r"has to be (an? id|1 to .+)", "올바른 모양이 아닙니다: {0}"),
    (r"names an option twice", "같은 안이 두 번 적혀 있습니다."),
    (r"has to be an earlier question of the poll", "앞선 질문이어야 합니다."),
)
_KNOWN: Final = [(re.compile(pattern, re.S), korean) for pattern, korean in _PATTERNS]
_ELSE: Final = "올바르지 않습니다: "


def fault_words(fault: str) -> Words:
    """A fault in both languages."""
    return {"ko": _korean(fault), "en": _english(fault)}


def is_known(fault: str) -> bool:
    """Whether there is a Korean sentence for it."""
    return any(pattern.fullmatch(fault) for pattern, _ in _KNOWN)


def _korean(fault: str) -> str:
    for pattern, korean in _KNOWN:
        if found := pattern.fullmatch(fault):
            return korean.format(*found.groups())
    return fault if re.search(r"[가-힣]", fault) else _ELSE + fault


def _english(fault: str) -> str:
    for sign, name in (("ko: ", "Korean: "), ("en: ", "English: ")):
        fault = name + fault.removeprefix(sign) if fault.startswith(sign) else fault
    said = fault[:1].upper() + fault[1:]
    return said if said.endswith((".", "?", "!")) else said + "."
