"""The city in which proposals are made."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.votes.proposals.calling import Hall


@pytest.fixture
def hall(app: Flask, http: FlaskClient) -> Iterator[Hall]:
    with app.app_context():
        yield Hall(app, http)
