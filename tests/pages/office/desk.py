"""An official at a browser without scripts: reads a form, fills it, sends it."""

import html
import re
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.town import PASSWORD

HERE = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
"""What a browser says of a form of this very site."""


@dataclass
class Desk:
    """``lang`` is the reader's language."""

    app: Flask
    lang: str = "ko"
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def sign_in(self, login: str) -> TestResponse:
        sent = {"login": login, "proof.password": PASSWORD}
        return self.client.post("/office/sign-in", data=sent, headers=HERE)

    def get(self, path: str, **query: str) -> TestResponse:
        return self.client.get(path, query_string={"lang": self.lang, **query})

    def form(self, act: str, **query: str) -> str:
        answer = self.get(f"/office/do/{act}", **{f"p.{k}": v for k, v in query.items()})
        assert answer.status_code == 200, answer.text
        return answer.text

    def post(self, path: str, data: Any, headers: dict[str, str] | None = None) -> TestResponse:
        asked = {"lang": self.lang}
        return self.client.post(path, data=data, query_string=asked, headers=headers or HERE)

    def do(self, act: str, page: str = "", **changes: Any) -> TestResponse:
        """Send what a page holds, with changes; ``b__title__ko`` is ``b.title.ko``."""
        given = {name.replace("__", "."): value for name, value in changes.items()}
        sent = {**filled(page or self.form(act)), **given}
        return self.post(f"/office/do/{act}", sent)


def filled(page: str) -> dict[str, Any]:
    """What a browser would send of the form on a page that nobody touched."""
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input\b[^>]*>", page):
        name, value = _of(tag, "name"), _of(tag, "value")
        shut = _of(tag, "type") in ("radio", "checkbox") and " checked" not in tag
        if name and not shut:
            ticked = found.get(name, []) if _of(tag, "type") == "checkbox" else []
            before = ticked if isinstance(ticked, list) else [ticked]
            found[name] = [*before, value] if before else value
    for name, text in re.findall(
        r'<textarea\b[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.S
    ):
        found[html.unescape(name)] = html.unescape(text)
    for name, options in re.findall(
        r'<select\b[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S
    ):
        chosen = re.findall(r'<option value="([^"]*)" selected', options)
        found[html.unescape(name)] = html.unescape(chosen[0]) if chosen else ""
    return found


def fault_beside(page: str, name: str) -> str:
    """What stands at the field of this name, as text."""
    part = re.search(rf'id="f-{re.escape(name)}"[^>]*>(.*?)</(?:fieldset|div)>', page, re.S)
    before = page[: page.find(f'name="{name}"')].rpartition('<div class="field')[2]
    told = re.findall(r'<span class="fault"[^>]*>(.*?)</span>', (part[1] if part else "") + before)
    return html.unescape(" ".join(told))


def text_of(page: str) -> str:
    """The page as it is read."""
    bare = re.sub(r"<head>.*?</head>|<[^>]+>", " ", page, flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(bare))


def _of(tag: str, attribute: str) -> str:
    found = re.search(rf'\b{attribute}="([^"]*)"', tag)
    return html.unescape(found[1]) if found else ""
