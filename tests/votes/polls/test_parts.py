"""What a console and a phone are told of the parts that polls are put together from."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from mvote.core.counting import METHODS
from mvote.core.questions import QUESTIONS
from mvote.core.text import LANGUAGES

SQLITE_ONLY = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)


def _items(http: FlaskClient, path: str) -> dict[str, Any]:
    answer = http.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.text
    return {one["name"]: one for one in answer.get_json()["items"]}


@SQLITE_ONLY
def test_every_question_type_says_how_it_is_answered_and_what_counts_it(http: FlaskClient) -> None:
    found = _items(http, "question-types")
    assert tuple(found) == QUESTIONS.names()
    assert found["ranking"]["example"] == ["a", ["b", "c"], "d"]
    assert set(found["ranking"]["form"]) == {"least", "most", "equal"}
    for one in found.values():
        assert one["methods"]
        for said in (one["label"], one["keyboard"], one["screen_reader"], *one["form"].values()):
            assert set(said) == set(LANGUAGES)


@SQLITE_ONLY
def test_every_counting_method_says_what_it_wants_to_know(http: FlaskClient) -> None:
    found = _items(http, "counting-methods")
    assert tuple(found) == METHODS.names()
    assert found["plurality"]["version"] == METHODS.get("plurality").version
    assert set(found["plurality"]["form"]["seats"]) == set(LANGUAGES)
