"""What is told of an act, and the groups in which an office looks for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mvote.core.text import Words

GROUPS: Final[Mapping[str, Words]] = {
    "polls": {"ko": "투표", "en": "Polls"},
    "records": {"ko": "정책 논의 기록과 답변", "en": "Records and answers"},
    "proposals": {"ko": "시민 제안", "en": "Proposals"},
    "discussion": {"ko": "토론", "en": "Discussion"},
    "pools": {"ko": "의견 모음", "en": "Opinion pools"},
    "moderation": {"ko": "게시 글 관리", "en": "Moderation"},
    "rolls": {"ko": "명부와 참여 자격", "en": "Rolls and who may vote"},
    "officials": {"ko": "담당자와 부서", "en": "Officials and departments"},
    "running": {"ko": "운영과 기록 열람", "en": "Running and logs"},
    "own": {"ko": "내 계정", "en": "My account"},
}
"""In the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Said:
    """``title`` of the form, ``help`` above it.

    ``twice``: asked again before it is done, for it cannot be undone.  ``within``: no form
    of its own, but a part of this one; ``page``: a page of its own does it.
    """

    group: str
    title: Words
    help: Words | None = None
    twice: bool = False
    within: str = ""
    page: str = ""


def said(
    group: str,
    ko: str,
    en: str,
    help_ko: str = "",
    help_en: str = "",
    *,
    twice: bool = False,
    within: str = "",
    page: str = "",
) -> Said:
    told: Words | None = {"ko": help_ko, "en": help_en} if help_ko else None
    return Said(group, {"ko": ko, "en": en}, told, twice, within, page)
