"""An open poll for every test of the ballot path."""

import pytest
from flask import Flask

from tests.votes.ballots.booth import Booth


@pytest.fixture
def booth(app: Flask) -> Booth:
    """A yes/no poll at level confidential in which a ballot can be changed."""
    return Booth.open(app)
