"""An open poll for faults of the ballot path."""

import pytest
from flask import Flask

from tests.votes.ballots.booth import Booth


@pytest.fixture
def booth(app: Flask) -> Booth:
    return Booth.open(app)
