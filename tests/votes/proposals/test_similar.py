"""Similar proposals are found by what they mean to say, in Korean as in English."""

import unicodedata

from mvote.votes.proposals.rules import most_supported
from mvote.votes.proposals.rules_similar import likeness, rank, sift, sketch_of, trigrams
from mvote.votes.proposals.rules_thresholds import SHIPPED, read_thresholds

KNOWN = {
    "a": ("청계천 자전거길을 넓혀 주세요", "좁아서 위험합니다."),
    "b": ("놀이터에 지붕을 만들어 주세요", "비가 오면 놀 수 없습니다."),
    "c": ("A wider cycle path along the stream", "It is too narrow."),
    "d": ("Shade at bus stops", "자전거 보관대도 필요합니다."),
}


def found(asked: str) -> list[str]:
    kept = [(name, sketch_of(*texts)) for name, texts in KNOWN.items()]
    best = sift(asked, kept, most=3)
    ranked = rank(asked, [(name, *KNOWN[name]) for name in best], least=35, most=5)
    return [name for name, _ in ranked]


def test_endings_spaces_case_and_forms_of_letters_do_not_hide_what_is_alike() -> None:
    assert found("청계천 자전거 길 확장")[0] == "a"
    assert found("놀이터 지붕")[0] == "b"
    assert found("WIDER CYCLE-PATHS!")[0] == "c"
    assert found("자전거") == ["a", "d"]
    assert found("수영장") == found("?!") == found("") == []
    apart = unicodedata.normalize("NFD", "자전거길")
    assert trigrams(apart) == trigrams("자전거길")
    assert likeness("Shade at bus stops", *KNOWN["d"]) == 100


def test_the_shipped_sets_are_what_their_sources_say() -> None:
    numbers = {
        name: (one.days, tuple(stage.supports for stage in one.stages))
        for name, one in SHIPPED.items()
    }
    assert numbers == {
        "seoul-2017": (30, (50, 500, 5_000)),
        "seoul-2020": (30, (50, 100, 1_000)),
        "taiwan-join": (60, (5_000,)),
        "uk": (182, (10_000, 100_000)),
        "wishes": (30, ()),
    }
    for one in SHIPPED.values():
        assert read_thresholds(one.to_json(), most_stages=10).digest == one.digest
        assert one.source


def test_a_tie_for_the_last_place_lets_all_in_and_nobody_wins_without_a_support() -> None:
    assert most_supported({"a": 3, "b": 2, "c": 2, "d": 1}, 2) == ("a", "b", "c")
    assert most_supported({"a": 3, "b": 0}, 2) == ("a",)
    assert most_supported({"a": 0}, 1) == most_supported({}, 1) == ()
