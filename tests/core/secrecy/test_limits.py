"""The sentences about what a vote proves hold for every level and are filled from settings."""

import pytest

from mvote.core.secrecy.levels import LEVELS, publishes_ballots, takes_pseudonyms
from mvote.core.secrecy.limits import (
    NOT_PROVED,
    PROVED,
    TOLD,
    figures_of,
    not_proved,
    privacy_sentence,
    proved,
    readme_section,
)
from mvote.core.text import LANGUAGES
from mvote.settings import Settings

FIGURES = figures_of(Settings(batch_ballots=31))


def test_every_statement_is_true_at_levels_that_there_are() -> None:
    names = set(LEVELS.names())
    for one in (*TOLD, *PROVED, *NOT_PROVED):
        assert one.levels
        assert set(one.levels) <= names


@pytest.mark.parametrize("level", LEVELS.names())
def test_each_level_says_what_it_does_not_prove(level: str) -> None:
    titles = {one.title["en"] for one in not_proved(level, FIGURES)}
    assert {"No outside review", "A voter can prove a vote", "Dropped ballots"} <= titles
    assert ("The pseudonym" in titles) == takes_pseudonyms(level)
    assert ("The count" in {one.title["en"] for one in proved(level, FIGURES)}) == (
        publishes_ballots(level)
    )


def test_sentences_follow_the_settings_of_the_city() -> None:
    for language in LANGUAGES:
        assert "31" in privacy_sentence("secret", FIGURES)[language]
        assert any("31" in one.text[language] for one in not_proved("secret", FIGURES))
    assert "31" in readme_section(FIGURES)
    assert "{" not in readme_section(FIGURES)
