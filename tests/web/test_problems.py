"""How a refusal looks on the wire."""

import pytest

from mvote.web.problems import by_field


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ({"title": ["blank"]}, {"title": ["blank"]}),
        ({"options": {0: {"title": ["blank", "long"]}}}, {"options[0].title": ["blank", "long"]}),
        ({"options": {"_schema": ["no list"]}}, {"options": ["no list"]}),
        ({"_schema": ["no object"]}, {"body": ["no object"]}),
        ({"ans": {"q1": {"value": ["wrong"]}}}, {"ans.q1.value": ["wrong"]}),
    ],
)
def test_the_faults_of_a_body_are_told_by_their_field(
    found: object, told: dict[str, list[str]]
) -> None:
    assert by_field(found) == told
