"""Requests that schemathesis makes up from the specification, good and bad, against the app."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import ignored_auth, positive_data_acceptance

from mvote.app import create_app
from mvote.db import engines
from mvote.operations.sms_file import SmsFile
from mvote.settings import Settings
from mvote.worker import Worker
from tests.makers import make_poll_draft
from tests.require import ROOT
from tests.town import APPROVER, DRAFTER, PASSWORD, settle_in

EXAMPLES = 30
NUMBER = "+821020000001"
SPEC = json.loads((ROOT / "mobile_api_spec" / "openapi.json").read_text())
OPERATIONS = {
    operation["operationId"]: (method, path)
    for path, methods in SPEC["paths"].items()
    for method, operation in methods.items()
    if method in ("get", "post", "put", "delete")
}


EXCLUDED = [positive_data_acceptance, ignored_auth]
"""Well-formed content may be refused; a token that schemathesis did not make is not seen by it."""


@dataclass
class City:
    """The app in this process with one open poll and its record."""

    app: Flask
    http: FlaskClient
    sms: SmsFile
    ids: dict[str, str]

    def post(self, path: str, body: Any, token: str | None = None, **headers: str) -> Any:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        answer = self.http.post(f"/api/v1{path}", json=body, headers=headers)
        assert answer.status_code < 300, answer.text
        return answer.json

    def official(self, login: str) -> Any:
        return self.post("/officials/tokens", {"login": login, "password": PASSWORD})

    def citizen(self) -> Any:
        asked = {"number": NUMBER, "language": "ko"}
        check = self.post("/phone-checks", asked)["check"]
        code = self.sms.code_of(NUMBER)
        return self.post(f"/phone-checks/{check}/tokens", {"code": code})

    def open_poll(self) -> dict[str, str]:
        drafter, approver = self.official(DRAFTER)["access"], self.official(APPROVER)["access"]
        poll = self.post("/polls", make_poll_draft(), drafter)["id"]
        self.post(f"/polls/{poll}/approve", {}, approver, If_Match='"1"')
        Worker(self.app).settle(datetime.now(UTC))
        self.post(f"/polls/{poll}/open", {}, approver)
        Worker(self.app).settle(datetime.now(UTC))
        record = self.http.get(f"/api/v1/polls/{poll}").json["record"]
        return {"poll_id": poll, "record_id": record, "code": "roads"}


@pytest.fixture(scope="module")
def city(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    home = tmp_path_factory.mktemp("schemathesis")
    for wing in ("people", "votes"):
        shutil.copy(sqlite_template / f"{wing}.db", home)
    many = 1_000_000
    limits = {"codes_per_number_hour": many, "code_resend_seconds": 0, "sign_in_tries": many}
    limits |= {"official_passwords": "yes"}
    app = create_app("both", Settings(home=home, sms_gateway=f"file:{home / 'sms'}", **limits))
    settle_in(app)
    made = City(app, app.test_client(), SmsFile(home / "sms"), {})
    made.ids = made.open_poll()
    yield made
    with app.app_context():
        for engine in engines.engines.values():
            engine.dispose()


def token_for(city: City, operation: dict[str, Any]) -> str | None:
    """The token of somebody who may, so that more than the guard is tried."""
    schemes = {name for one in operation["security"] for name in one}
    if "refreshToken" in schemes:
        return str(city.citizen()["refresh"])
    if "identityToken" not in schemes:
        return None
    if operation["x-open-to"] == "official":
        return str(city.official(DRAFTER)["access"])
    return str(city.citizen()["access"])


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_no_request_is_answered_with_what_the_specification_does_not_say(
    city: City, name: str
) -> None:
    method, path = OPERATIONS[name]
    schema = schemathesis.openapi.from_dict(SPEC)
    schema.app = city.app
    operation = schema[path][method]
    token = token_for(city, SPEC["paths"][path][method])
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    seen: list[int] = []

    @given(case=good_and_bad(operation))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any) -> None:
        if len(seen) % 2:  # every other one about things that are there
            case.path_parameters = {**(case.path_parameters or {}), **known(case, city)}
        answer = case.call(headers=headers)
        seen.append(answer.status_code)
        case.validate_response(answer, excluded_checks=EXCLUDED)

    ask()
    assert seen


def good_and_bad(operation: Any) -> st.SearchStrategy[Any]:
    """What the specification allows, and, where there is something to break, what it does not."""
    good = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if not (operation.body or operation.query or operation.path_parameters):
        return good  # type: ignore[no-any-return]
    return st.one_of(good, operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))


def known(case: Any, city: City) -> dict[str, str]:
    names = case.path_parameters or {}
    return {name: city.ids[name] for name in names if name in city.ids}
