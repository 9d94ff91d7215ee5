"""Sentences of a recount, in both languages."""

from typing import Final

from mvote.core.text import Words

SHOWN: Final = 5
MOST_SHOWN: Final = 200
GOOD: Final[Words] = {"ko": "확인했습니다.", "en": "Checked."}
NOT_DONE: Final[Words] = {
    "ko": "앞의 확인이 실패하여 확인하지 못했습니다.",
    "en": "Not checked, because an earlier check failed.",
}


def number(count: int) -> Words:
    return {"ko": f"{count:,}건을 확인했습니다.", "en": f"{count:,} checked."}


def shown(what: str) -> str:
    """Words of a stranger, so that they neither fill nor steer the terminal they are shown on."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in what[:MOST_SHOWN])


def wrong(what: str) -> Words:
    what = shown(what)
    return {"ko": f"다음 항목이 맞지 않습니다: {what}", "en": f"This does not hold: {what}"}


def spelling(file: str) -> Words:
    return {
        "ko": f"{file} 파일의 표기가 올바르지 않습니다.",
        "en": f"{file} is not spelled as it has to be.",
    }


def files(names: list[str]) -> Words:
    some = shown(", ".join(names[:SHOWN]))
    return {
        "ko": f"다르거나 없거나 알 수 없는 파일: {some}",
        "en": f"Different, missing or unknown files: {some}",
    }


def entries(count: int, first: list[int]) -> Words:
    some = ", ".join(map(str, first))
    return {
        "ko": f"{count:,}건이 어긋납니다. 기록 번호: {some}",
        "en": f"{count:,} do not hold. Entries: {some}",
    }


def figures(voters: int, issued: int, eligible: int | None, added: int) -> Words:
    ko = "모름" if eligible is None else f"{eligible:,}명"
    en = "an unknown number of" if eligible is None else f"{eligible:,}"
    said = {
        "ko": f"투표자 {voters:,}명, 발급 {issued:,}건, 대상자 {ko}",
        "en": f"{voters:,} voters, {issued:,} permits, {en} eligible",
    }
    if added:
        said["ko"] += f", 공무원이 명부에 더한 사람 {added:,}명"
        said["en"] += f", {added:,} added to the roll by officials"
    return said


def recounted(questions: int) -> Words:
    return {
        "ko": f"질문 {questions}개를 모두 다시 셌습니다.",
        "en": f"All {questions} questions recounted.",
    }


def receipt_found(tracker: str, place: int) -> Words:
    return {
        "ko": f"추적 번호 {tracker}의 표가 {place:,}번 기록입니다.",
        "en": f"The ballot with tracker {tracker} is entry {place:,}.",
    }


def receipt_broken(tracker: str, _place: int) -> Words:
    return {
        "ko": f"게시판이 서명으로 약속한 표(추적 번호 {tracker})가 게시판에 없습니다. "
        "접수증이 증거입니다.",
        "en": f"The board signed a promise for the ballot with tracker {tracker}, which is not on "
        "it. The receipt proves it.",
    }


KEY_FROM_BUNDLE: Final[Words] = {
    "ko": "열쇠를 따로 받지 않아 묶음 안의 열쇠를 썼습니다.",
    "en": "No key was given; the one inside the bundle was taken.",
}
OTHER_KEY: Final = {
    "ko": "묶음의 게시판 열쇠가 따로 받은 열쇠와 다릅니다.",
    "en": "The board key in the bundle is another than the one given.",
}
NO_RECEIPT: Final = {"ko": "접수증을 넣지 않았습니다.", "en": "No receipt was given."}
RECEIPT_FORGED: Final = {
    "ko": "이 게시판이 서명한 접수증이 아닙니다. 약속의 증거가 되지 않습니다.",
    "en": "This board did not sign the receipt; it proves no promise.",
}
NO_EARLIER: Final = {
    "ko": "이전 확인점을 넣지 않았습니다.",
    "en": "No earlier checkpoint was given.",
}
EXTENDS: Final = {
    "ko": "이전 확인점까지의 기록이 그대로 남아 있습니다.",
    "en": "The entries up to the earlier checkpoint stand unchanged.",
}
REWRITTEN: Final = {
    "ko": "경보: 게시판이 이전 확인점에서 이어지지 않습니다. 서명된 두 확인점이 다시 쓴 "
    "증거입니다.",
    "en": "ALARM: the board does not extend the earlier checkpoint. Two signed checkpoints prove "
    "that it was rewritten.",
}
EARLIER_FOREIGN: Final = {
    "ko": "이 게시판이 서명한 확인점이 아닙니다.",
    "en": "This board did not sign the earlier checkpoint.",
}
