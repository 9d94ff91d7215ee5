"""Passkeys with a real browser and the authenticator that Chromium plays for tests."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import CDPSession, Page

from mvote.people.officials.service.accounts import invite_official
from mvote.settings import Settings
from tests.servers import Serve, ask, free_port

pytestmark = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)

ELSEWHERE = "http://localhost:9"
"""The same host at another port: browsers let it use the same passkeys."""
CREATE = """async (asked) => {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asked.publicKey);
  return (await navigator.credentials.create({publicKey})).toJSON();
}"""
GET = """async (asked) => {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked.publicKey);
  return (await navigator.credentials.get({publicKey})).toJSON();
}"""


@dataclass
class Browser:
    """A page of the officials' site, and the key in its machine."""

    page: Page
    cdp: CDPSession
    url: str
    key: str = ""

    def plug_in(self) -> str:
        options = {
            "protocol": "ctap2",
            "transport": "usb",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
        }
        made = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.key = made["authenticatorId"]
        return self.key

    def credential(self) -> dict[str, Any]:
        asked = {"authenticatorId": self.key}
        [found] = self.cdp.send("WebAuthn.getCredentials", asked)["credentials"]
        return dict(found)

    def post(self, path: str, body: Any = None, token: str = "") -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        given = {"Content-Type": "application/json"} if body is not None else {}
        answer = ask(
            "POST",
            f"{self.url}/api/v1{path}",
            body=None if body is None else json.dumps(body),
            headers=headers | given,
        )
        return answer.status, answer.json()

    def ask(self, script: str, path: str, body: Any = None, token: str = "") -> Any:
        """What the browser gives for the options of a route."""
        status, options = self.post(path, body, token)
        assert status == 201, options
        return self.page.evaluate(script, options)

    def sign_in(self) -> tuple[int, Any]:
        answer = self.ask(GET, "/officials/passkey-challenges")
        return self.post("/officials/passkey-tokens", {"passkey": answer})


@pytest.fixture
def browser_at(page: Page, serve: Serve, settings: Settings) -> Browser:
    port = free_port()
    url = f"http://localhost:{port}"
    serve(replace(settings, public_url=url, official_passwords="no"), "--no-worker", port=port)
    page.goto(f"{url}/healthz")
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    return Browser(page, cdp, url)


@pytest.fixture
def invite(app: Flask) -> Callable[[str], str]:
    def invite(login: str) -> str:
        with app.app_context():
            _, link = invite_official(
                login, department="parks", duties=("approver",), now=datetime.now(UTC)
            )
        return link.link.partition("#")[2]

    return invite


def test_an_official_enrols_signs_in_and_steps_up_in_chromium(
    browser_at: Browser, invite: Callable[[str], str]
) -> None:
    browser, secret = browser_at, invite("kim")
    browser.plug_in()
    made = browser.ask(CREATE, "/officials/enrolment-challenges", {"secret": secret})
    body = {"secret": secret, "passkey": made, "label": "청사 열쇠"}
    status, _ = browser.post("/officials/enrolments", body)
    assert status == 201
    status, tokens = browser.sign_in()
    assert status == 201
    stale = browser.post("/tokens/refresh", token=tokens["refresh"])[1]["access"]
    assert browser.post("/officials/me/passkey-challenges", token=stale)[0] == 401
    again = browser.ask(GET, "/tokens/fresh-challenges", token=stale)
    status, fresh = browser.post("/tokens/fresh", {"passkey": again}, stale)
    assert status == 201
    # The same key is not enrolled twice: the browser itself says that it is known.
    told = browser.post("/officials/me/passkey-challenges", token=fresh["access"])[1]
    refused = browser.page.evaluate(
        f"(asked) => ({CREATE})(asked).then(() => '', (fault) => fault.name)", told
    )
    assert refused == "InvalidStateError"

    # Another site on the same host gets an answer from the key, and it serves nowhere.
    browser.page.route(f"{ELSEWHERE}/**", lambda route: route.fulfill(body="elsewhere"))
    browser.page.goto(f"{ELSEWHERE}/")
    assert browser.sign_in()[1]["code"] == "passkey-refused"

    # A copy of the key, whose count has stood still since.
    browser.page.goto(f"{browser.url}/healthz")
    copy = browser.credential()
    assert browser.sign_in()[0] == 201
    browser.cdp.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": browser.key})
    elsewhere = browser.plug_in()
    browser.cdp.send("WebAuthn.addCredential", {"authenticatorId": elsewhere, "credential": copy})
    assert browser.sign_in()[1]["code"] == "passkey-copied"
    assert browser.sign_in()[1]["code"] == "passkey-refused"
