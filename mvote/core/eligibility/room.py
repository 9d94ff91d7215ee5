"""People who were let into a private room, by its number and password."""

import re
from collections.abc import Mapping

from mvote.core.canonical import JSON
from mvote.core.eligibility.condition import Condition, Facts, Unmet
from mvote.core.fields import Reader
from mvote.core.text import Words

ROOM_DIGITS = 8
ROOM = re.compile(rf"[0-9]{{{ROOM_DIGITS}}}")
ROOM_WORDS = f"the number of a room, {ROOM_DIGITS} digits"


class InRoom(Condition):
    """``room``: its number.  How many know the password, nobody can know."""

    name = "room"
    label = {"ko": "비공개 방에 들어온 사람", "en": "People in a private room"}
    form = {"room": {"ko": "방 번호", "en": "Number of the room"}}
    targets = False

    def read(self, read: Reader) -> None:
        super().read(read)
        read.matching("room", ROOM, ROOM_WORDS)

    def met(self, raw: Mapping[str, JSON], facts: Facts) -> bool:
        return raw["room"] in facts.rooms

    def describe(self, raw: Mapping[str, JSON]) -> Words:
        return {
            "ko": f"이 투표의 대상: 비공개 방 {raw['room']}에 들어온 사람.",
            "en": f"This poll is for people in the private room {raw['room']}.",
        }

    def whom(self, raw: Mapping[str, JSON]) -> Words:
        return {
            "ko": f"비공개 방 {raw['room']}에 들어온 사람",
            "en": f"people in the private room {raw['room']}",
        }

    def unmet(self, raw: Mapping[str, JSON], facts: Facts) -> Unmet:  # noqa: ARG002
        return Unmet(
            self.name,
            {
                "ko": f"비공개 방 {raw['room']}에 들어오지 않으셨습니다.",
                "en": f"You have not entered the private room {raw['room']}.",
            },
            {
                "ko": "받으신 비밀번호로 방에 들어온 다음 다시 시도해 주십시오.",
                "en": "Enter the room with the password that you were given, then try again.",
            },
            effort=2,
        )
