"""What a privacy level says is what the code does at it."""

import pytest

from mvote.core.secrecy.levels import (
    LEVELS,
    publishes_ballots,
    publishes_names,
    takes_blind,
    takes_pseudonyms,
)
from mvote.core.text import words_fault


@pytest.mark.parametrize("level", LEVELS.names())
def test_a_level_has_a_name_and_one_sentence_in_both_languages(level: str) -> None:
    assert words_fault(LEVELS.get(level).label, most=20) is None
    assert words_fault(LEVELS.get(level).sentence, most=300) is None


def test_names_are_published_at_level_open_only() -> None:
    assert [level for level in LEVELS.names() if publishes_names(level)] == ["open"]


def test_ballots_are_published_and_permits_blind_at_level_secret_only() -> None:
    assert [level for level in LEVELS.names() if publishes_ballots(level)] == ["secret"]
    assert [level for level in LEVELS.names() if takes_blind(level)] == ["secret"]
    assert [level for level in LEVELS.names() if takes_pseudonyms(level)] == [
        "open",
        "confidential",
    ]


@pytest.mark.parametrize("level", ["sealed", "", "OPEN"])
def test_a_level_that_is_not_there_yet_publishes_nothing_and_takes_no_permit(level: str) -> None:
    assert not publishes_names(level)
    assert not publishes_ballots(level)
    assert not takes_pseudonyms(level)
    assert not takes_blind(level)


def test_secrecy_is_not_promised_beyond_what_is_done() -> None:
    sentence = LEVELS.get("secret").sentence
    assert "could" in sentence["en"]
    assert "이어 볼 수 있고" in sentence["ko"]
