"""Auditors read each wing's log, in pages, by what it happened to and by kind."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mvote.audit.rules import Happening
from mvote.audit.service import record
from mvote.core.official import Official
from mvote.db import transaction
from mvote.settings import WINGS
from tests.votes import carrying

AUDITOR = Official("auditor-1", "city", frozenset({"auditor"}))


class SomethingDone(Happening):
    """For this test."""


class SomethingElseDone(Happening):
    """For this test."""


@pytest.fixture
def read(app: Flask, http: FlaskClient) -> Callable[[str], Any]:
    with app.app_context():
        auditor = carrying.bearer(AUDITOR)
        now: datetime = carrying.now()
        for wing in WINGS:
            with transaction(wing) as session:
                for subject in ("one", "two"):
                    for kind in (SomethingDone, SomethingElseDone):
                        record(session, wing, kind(f"{wing}-{subject}"), now=now)
    return lambda path: http.get(f"/api/v1/{path}", headers=auditor).get_json()


@pytest.mark.parametrize("wing", WINGS)
def test_an_auditor_reads_the_log_of_each_wing_by_itself(
    read: Callable[[str], Any], wing: str
) -> None:
    whole = read(f"{wing}/audit")
    assert [(one["subject"], one["kind"]) for one in whole["items"]] == [
        (f"{wing}-{subject}", kind)
        for subject in ("one", "two")
        for kind in ("SomethingDone", "SomethingElseDone")
    ]
    assert whole["next"] is None
    assert set(whole["items"][0]) == {"id", "at", "kind", "subject", "body"}
    first = read(f"{wing}/audit?limit=3")
    rest = read(f"{wing}/audit?after={first['next']}")
    assert first["items"] + rest["items"] == whole["items"]
    of_one = read(f"{wing}/audit?subject={wing}-one")["items"]
    assert of_one == whole["items"][:2]
    both = read(f"{wing}/audit?subject={wing}-one&kind=SomethingElseDone")["items"]
    assert both == whole["items"][1:2]
    assert read(f"{wing}/audit?kind=Nothing")["items"] == []
    assert read(f"{wing}/audit?after=x")["code"] == "fields-refused"
