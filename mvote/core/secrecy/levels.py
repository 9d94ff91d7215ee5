"""The privacy levels: one name and one sentence each, shown before anyone votes."""

from dataclasses import dataclass
from typing import Final

from mvote.core.registry import Registry
from mvote.core.text import Words

PSEUDONYM: Final = "pseudonym"
BLIND: Final = "blind"


@dataclass(frozen=True, slots=True)
class Level:
    """``sentence`` may promise only what the code does; secrecy is never more than that.

    ``permit`` is the kind of permit that a ballot spends; ``named``: choices are published
    under the name that the voter chose; ``ballots_published``: after the end every ballot is
    public without a name, so that anyone can recount.
    """

    name: str
    label: Words
    sentence: Words
    permit: str = PSEUDONYM
    named: bool = False
    ballots_published: bool = False


LEVELS: Final[Registry[Level]] = Registry(
    "privacy level",
    Level(
        "open",
        {"ko": "실명", "en": "Open"},
        {
            "ko": "공개에 동의한 이름으로 누가 무엇을 골랐는지 결과와 함께 공개됩니다.",
            "en": "After the result, your choice is public under the name that you agreed to show.",
        },
        named=True,
    ),
    Level(
        "confidential",
        {"ko": "비공개", "en": "Confidential"},
        {
            "ko": "표는 가명으로 보관되며 합계만 공개됩니다. 시스템을 운영하는 쪽은 "
            "이의 제기 기간이 끝나 연결 정보를 지울 때까지 표와 사람을 이어 볼 수 있습니다.",
            "en": "Your ballot is kept under a pseudonym and only totals are published. Whoever "
            "runs the system can link ballot and person until the link is erased after the "
            "dispute window.",
        },
    ),
    Level(
        "secret",
        {"ko": "비밀", "en": "Secret"},
        {
            "ko": "표와 사람을 잇는 정보를 저장하지 않습니다. 마감 뒤에는 모든 표를 이름 없이 "
            "공개하여 누구나 다시 셀 수 있습니다. 다만 시스템을 운영하는 쪽이 접속 주소와 시각을 "
            "따로 적어 두면 표와 사람을 이어 볼 수 있고, 마감 전에도 집계를 볼 수 있습니다.",
            "en": "Nothing that links ballot and person is stored. After the end every ballot is "
            "published without a name, so anyone can recount. Whoever runs the system could "
            "still link them by noting addresses and times, and sees the count early.",
        },
        permit=BLIND,
        ballots_published=True,
    ),
)


_PSEUDONYMOUS: Final = frozenset(one.name for one in LEVELS if one.permit == PSEUDONYM)
_BLINDLY: Final = frozenset(one.name for one in LEVELS if one.permit == BLIND)
_RECOUNTED: Final = frozenset(one.name for one in LEVELS if one.ballots_published)
_NAMED: Final = frozenset(one.name for one in LEVELS if one.named)


def takes_pseudonyms(level: str) -> bool:
    """Whether ballots at this level spend pseudonym permits; false for a level that is none."""
    return level in _PSEUDONYMOUS


def takes_blind(level: str) -> bool:
    """Whether ballots at this level spend blind permits; false for a level that is none."""
    return level in _BLINDLY


def publishes_ballots(level: str) -> bool:
    """Whether every ballot is published after the end; false for a level that is none."""
    return level in _RECOUNTED


def publishes_names(level: str) -> bool:
    """Whether choices at this level are published under names; false for a level that is none."""
    return level in _NAMED
