"""Names made of words, under which citizens appear within one record.

Trees, flowers, birds, waters and the sky: nothing that praises, ranks or takes sides.
"""

import hashlib

from mvote.core.text import Words


def _pairs(spelled: str) -> tuple[list[str], ...]:
    return tuple(pair.split("=") for pair in spelled.split())


FIRST = _pairs("""
푸른=Blue 하얀=White 붉은=Red 노란=Yellow 초록=Green 보랏빛=Violet 은빛=Silver
금빛=Golden 맑은=Clear 고요한=Quiet 따뜻한=Warm 시원한=Cool 밝은=Bright
잔잔한=Calm 넓은=Wide 깊은=Deep 높은=High 작은=Small 커다란=Large 둥근=Round
반짝이는=Shining 가벼운=Light 단단한=Firm 부드러운=Soft 싱그러운=Fresh
오래된=Old 새로운=New 봄날=Spring 여름=Summer 가을=Autumn 겨울=Winter
아침=Morning
""")
SECOND = _pairs("""
소나무=Pine 은행나무=Ginkgo 느티나무=Zelkova 단풍나무=Maple 버드나무=Willow
대나무=Bamboo 자작나무=Birch 감나무=Persimmon 매화=Plum 벚꽃=Cherry
진달래=Azalea 개나리=Forsythia 무궁화=Hibiscus 해바라기=Sunflower
민들레=Dandelion 연꽃=Lotus 국화=Daisy 까치=Magpie 두루미=Crane 제비=Swallow
참새=Sparrow 부엉이=Owl 기러기=Goose 갈매기=Gull 오리=Duck 고래=Whale
거북=Turtle 잉어=Carp 연어=Salmon 나비=Butterfly 잠자리=Dragonfly 반딧불=Firefly
호수=Lake 시내=Stream 바다=Sea 바위=Rock 구름=Cloud 바람=Wind 달=Moon 별=Star
""")
LEAST, MOST = 1000, 9999
LABELS = len(FIRST) * len(SECOND) * (MOST - LEAST + 1)
ID_DIGITS = 16


def label_number(record: str, holder: str, turn: int) -> int:
    """Which label a holder takes in a record at the ``turn``-th try; the first that is free.

    Somebody who tries keys until a label comes out that another has already gets the next one.
    """
    parts = (b"mvote-label-v1", record.encode(), holder.encode(), str(turn).encode())
    return int.from_bytes(hashlib.sha256(b"\0".join(parts)).digest(), "big") % LABELS


def spell_label(number: int) -> Words:
    """The words of a label."""
    rest, tail = divmod(number, MOST - LEAST + 1)
    second, first = divmod(rest, len(FIRST))
    return {
        language: f"{FIRST[first][place]} {SECOND[second][place]} {tail + LEAST}"
        for place, language in enumerate(("ko", "en"))
    }


def author_id(record: str, holder: str) -> str:
    """What tells two authors of a record apart without words."""
    parts = (b"mvote-author-v1", record.encode(), holder.encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:ID_DIGITS]
