"""What a privacy level says is what the code does at it."""

import pytest

from mvote.core.secrecy.levels import LEVELS, publishes_names, takes_pseudonyms
from mvote.core.text import words_fault


@pytest.mark.parametrize("level", LEVELS.names())
def test_a_level_has_a_name_and_one_sentence_in_both_languages(level: str) -> None:
    assert words_fault(LEVELS.get(level).label, most=20) is None
    assert words_fault(LEVELS.get(level).sentence, most=300) is None


def test_names_are_published_at_level_open_only() -> None:
    assert [level for level in LEVELS.names() if publishes_names(level)] == ["open"]


@pytest.mark.parametrize("level", ["secret", "sealed", "", "OPEN"])
def test_a_level_that_is_not_there_yet_publishes_nothing_and_takes_no_pseudonym(level: str) -> None:
    assert not publishes_names(level)
    assert not takes_pseudonyms(level)
