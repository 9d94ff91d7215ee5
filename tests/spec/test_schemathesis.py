"""Requests that schemathesis makes up from the specification, good and bad, against the app."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from itertools import cycle
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.internal.cache import LRUCache
from hypothesis.internal.conjecture import providers
from schemathesis import GenerationMode
from schemathesis.checks import ignored_auth, positive_data_acceptance

import mvote
from mvote.core.official import DUTIES
from mvote.db import transaction
from mvote.operations.sms_file import SmsFile
from mvote.people.identity.service.sign_ins import open_sign_in
from mvote.people.officials.service.accounts import invite_official
from mvote.web.tokens import access_of
from mvote.worker import Worker
from tests.databases import city_on_sqlite
from tests.makers import make_poll_draft
from tests.require import ROOT
from tests.town import APPROVER, DRAFTER, PASSWORD, settle_in

EXAMPLES = 14
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
        return {"poll_id": poll, "record_id": record, "code": "roads"} | self.officials()

    def officials(self) -> dict[str, str]:
        """Who calls, and who is disabled and changed meanwhile."""
        with self.app.app_context():
            made = [
                invite_official(
                    login, department="roads", duties=("administrator",), now=datetime.now(UTC)
                )[0].id
                for login in ("caller", "called")
            ]
        return {"account": made[0], "official_id": made[1]}


@pytest.fixture(scope="module", autouse=True)
def the_same_cases_every_time() -> Iterator[None]:
    """Hypothesis draws from the constants of modules that it finds imported, and keeps them.

    Without this they hang on which tests this process did before.
    """
    for module in walk_packages(mvote.__path__, "mvote."):
        import_module(module.name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(providers, "CONSTANTS_CACHE", LRUCache(1024))
        yield


@pytest.fixture(scope="module")
def city(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    home = tmp_path_factory.mktemp("schemathesis")
    many = 1_000_000
    limits = {"codes_per_number_hour": many, "code_resend_seconds": 0, "sign_in_tries": many}
    with city_on_sqlite(sqlite_template, home, official_passwords="yes", **limits) as app:
        settle_in(app)
        made = City(app, app.test_client(), SmsFile(home / "sms.jsonl"), {})
        made.ids = made.open_poll()
        yield made


@dataclass
class Callers:
    """Tokens for one operation: every second of somebody who may, the others of everybody else.

    Each is of a sign-in of its own, for what is called may end it.
    """

    city: City
    operation: dict[str, Any]

    def __iter__(self) -> Iterator[str | None]:
        others = cycle((None, (), *((duty,) for duty in DUTIES), "citizen"))
        while True:
            yield self._who_may()
            yield self._token(next(others))

    def _who_may(self) -> str | None:
        schemes = {name for one in self.operation["security"] for name in one}
        if "refreshToken" in schemes:
            return str(self.city.citizen()["refresh"])
        if "identityToken" not in schemes:
            return None
        may = DUTIES if self.operation["x-open-to"] == "official" else "citizen"
        return self._token(may)

    def _token(self, who: str | tuple[str, ...] | None) -> str | None:
        if who is None or "otherWing" in str(self.operation["security"]):
            return None
        if who == "citizen":
            return str(self.city.citizen()["access"])
        with self.city.app.app_context(), transaction("people") as session:
            account = self.city.ids["account"]
            kind: Any = {"kind": "official", "proof": "passkey", "duties": tuple(who)}
            made = open_sign_in(session, account, department="roads", **kind, now=datetime.now(UTC))
            return str(access_of(made, fresh=True)["access"])


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_no_request_is_answered_with_what_the_specification_does_not_say(
    city: City, name: str
) -> None:
    method, path = OPERATIONS[name]
    schema = schemathesis.openapi.from_dict(SPEC)
    schema.app = city.app
    operation = schema[path][method]
    callers = iter(Callers(city, SPEC["paths"][path][method]))
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
        if len(seen) % 4 < 2:  # every other pair about things that are there
            case.path_parameters = {**(case.path_parameters or {}), **known(case, city)}
        token = next(callers)
        plain = {"Accept-Encoding": "identity"}  # Flask's test client unpacks nothing
        sent = plain | ({"Authorization": f"Bearer {token}"} if token else {})
        answer = case.call(headers=sent)
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
