"""The examples for phone developers, replayed in their order against a running server.

In an example ``{name}`` stands for what an answer gave: where it first stands alone in an
answer it is remembered, afterwards it has to be the same.  ``{anything}`` is not looked at,
and ``"..."`` in an object says that it holds more than is shown.
"""

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
import urllib3
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from flask import Flask

from mvote.client.scope import fetch_scope
from mvote.core.secrecy.phone import PollSecrets
from mvote.settings import Settings
from tests.makers import make_poll_draft, words, yes_no_question
from tests.require import ROOT
from tests.servers import Server, ask
from tests.town import APPROVER, DEPARTMENT, DRAFTER, PASSWORD, Town, settle_in

EXAMPLES = sorted((ROOT / "mobile_api_spec" / "examples").glob("*.json"))
NUMBER = "+821020000001"
REGISTER = f"number,district,birth_year,gender\n{NUMBER},garam,1988,f\n"
PROPOSAL = {"title": "A bench at the stop", "text": "People wait there."}
SCOPE_SECONDS = 90
NAME = re.compile(r"\{(\w+)\}")


class Remembered(dict[str, Any]):
    """What earlier answers gave, by name."""

    def filled(self, value: Any) -> Any:
        """An example's request with the names filled in."""
        if isinstance(value, dict):
            return {key: self.filled(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.filled(one) for one in value]
        if not isinstance(value, str):
            return value
        alone = NAME.fullmatch(value)
        return self[alone[1]] if alone else NAME.sub(lambda found: self[found[1]], value)

    def match(self, shown: Any, given: Any, where: str) -> None:
        """Hold an answer to the example."""
        name = NAME.fullmatch(shown) if isinstance(shown, str) else None
        if name and name[1] == "anything":
            assert given, where
        elif name:
            assert self.setdefault(name[1], given) == given, where
        elif isinstance(shown, dict):
            more = "..." in shown
            keys = shown.keys() - {"..."}
            assert keys <= given.keys() if more else keys == given.keys(), where
            for key in keys:
                self.match(shown[key], given[key], f"{where}.{key}")
        elif isinstance(shown, list):
            assert len(shown) == len(given), where
            for place, one in enumerate(shown):
                self.match(one, given[place], f"{where}[{place}]")
        else:
            assert shown == given, where


def send(server: Server, request: dict[str, Any]) -> urllib3.BaseHTTPResponse:
    headers = dict(request.get("headers", {}))
    body = None
    if "body" in request:
        headers["Content-Type"] = "application/json"
        body = json.dumps(request["body"])
    url = server.url + request["path"]
    return ask(request["method"], url, body=body, headers=headers)


def open_secret_poll(town: Town, known: Remembered) -> PollSecrets:
    """A phone with a seed for a secret poll, and what it would send, by name."""
    poll = town.open_poll(make_poll_draft(level="secret"))
    [(kid, issuer)] = poll.issuers.items()
    assert isinstance(issuer, RSAPublicKey)
    phone, other = (PollSecrets(bytes([n]) * 32, poll.id, poll.ph, kid, issuer) for n in (1, 2))
    known["secret_poll"] = poll.id
    known |= phone.request_permit()
    known["other_blinded_msg"] = other.request_permit()["blinded_msg"]
    return phone


def open_call(town: Town, known: Remembered) -> PollSecrets:
    """A phone with a seed for a call for proposals, and what it would send, by name."""
    content = {
        "department": DEPARTMENT,
        "title": words("Tell your wish"),
        "rules": words("One wish each."),
        "thresholds": "seoul-2020",
    }
    sent = {"login": DRAFTER, "password": PASSWORD}
    token = town.people.post("/officials/tokens", sent)["access"]
    call = town.votes.post("/calls", content, token=token)["id"]
    end = time.monotonic() + SCOPE_SECONDS
    while town.votes.get(f"/scopes/{call}")["state"] != "open":
        assert time.monotonic() < end, "the call's scope did not open"
        time.sleep(0.05)
    scope = fetch_scope(town.votes, call)
    phone = PollSecrets(bytes([3]) * 32, call, scope.sh, scope.kid, scope.issuer)
    asked = phone.request_permit()
    known |= {"call": call, "sh": scope.sh}
    known |= {"scope_kid": asked["kid"], "scope_blinded_msg": asked["blinded_msg"]}
    return phone


def sign_officials_in(town: Town, known: Remembered) -> None:
    """The tokens of two officials, freshly signed in, and a poll that the second approved."""
    known["office_poll"] = town.open_poll(make_poll_draft()).id
    for login in (DRAFTER, APPROVER):
        sent = {"login": login, "password": PASSWORD}
        first = town.people.post("/officials/tokens", sent)["access"]
        again = town.people.post("/tokens/fresh", {"password": PASSWORD}, token=first)
        known[login] = again["access"]


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_the_examples_are_true(app: Flask, live_server: Server, settings: Settings) -> None:
    settle_in(app, register=REGISTER)
    town = Town.at(settings, live_server.url)
    poll = town.open_poll(make_poll_draft(questions=[yes_no_question(reason=True)]))
    known = Remembered()
    assert len(EXAMPLES) >= 20
    for path in EXAMPLES:
        example = json.loads(path.read_text())
        if example.get("given") == "the poll was closed":
            town.close(poll)
        if example.get("given") == "a secret poll is open":
            phone = open_secret_poll(town, known)
        if example.get("given") == "a call for proposals is open":
            proposer = open_call(town, known)
        if example.get("given") == "two officials have signed in and opened a poll":
            sign_officials_in(town, known)
        answer = send(live_server, known.filled(example["request"]))
        shown = example["response"]
        assert answer.status == shown["status"], f"{path.name}: {answer.data.decode()}"
        if "body" in shown:
            known.match(shown["body"], answer.json(), path.name)
        if "check" in known and "code" not in known:
            known["code"] = town.sms.code_of(NUMBER)
            known["wrong_code"] = f"{(int(known['code']) + 1) % 1_000_000:06d}"
        if "blind_sig" in known and "secret_ballot" not in known:
            permit = phone.finish_permit(known["blind_sig"])
            known["secret_ballot"] = phone.make_ballot(permit, {"q1": ["yes"]})
        if "scope_blind_sig" in known and "proposing" not in known:
            permit = proposer.finish_permit(known["scope_blind_sig"])
            known["proposing"] = proposer.make_act(permit, "propose", PROPOSAL, 1)
    assert (known["poll"], known["ph"]) == (poll.id, poll.ph)


def test_an_example_that_is_not_true_is_found() -> None:
    known = Remembered(poll="p1")
    known.match({"id": "{poll}", "new": "{new}", "...": "more"}, {"id": "p1", "new": 5, "x": 1}, "")
    assert known["new"] == 5
    for shown, given in (
        ({"id": "{poll}"}, {"id": "p2"}),
        ({"id": "{poll}"}, {"id": "p1", "more": 1}),
        ({"items": [1]}, {"items": [1, 2]}),
        ({"status": 200}, {"status": 409}),
    ):
        with pytest.raises(AssertionError):
            known.match(shown, given, "")


def test_every_example_speaks_of_an_operation_of_the_specification() -> None:
    document = json.loads((ROOT / "mobile_api_spec" / "openapi.json").read_text())
    forms = {path: re.sub(r"\{\w+\}", r"[^/]+", path) for path in document["paths"]}
    for path in EXAMPLES:
        request = json.loads(path.read_text())["request"]
        address = request["path"].partition("?")[0]
        found = [form for form, shape in forms.items() if re.fullmatch(shape, address)]
        assert any(request["method"].lower() in document["paths"][form] for form in found), path


def test_examples_hold_no_token_and_no_address_of_a_machine() -> None:
    for path in EXAMPLES:
        text = Path(path).read_text()
        assert "eyJ" not in text
        assert "http://" not in text
