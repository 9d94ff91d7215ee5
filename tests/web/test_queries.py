"""What stands behind an address is read as strictly as a body."""

import pytest
from flask.testing import FlaskClient

pytestmark = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)


def test_what_a_route_does_not_know_is_refused_but_for_the_readers_language(
    http: FlaskClient,
) -> None:
    unknown = http.get("/api/v1/polls?afer=x")
    assert (unknown.status_code, unknown.get_json()["code"]) == (422, "fields-refused")
    assert set(unknown.get_json()["errors"]) == {"afer"}
    assert http.get("/api/v1/polls?lang=en&limit=5").status_code == 200
    assert http.get("/api/v1/polls?limit=5&lang=en&limit=6").status_code == 200
