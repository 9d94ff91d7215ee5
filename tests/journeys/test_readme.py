"""The five curl lines of the README carry a vote, typed as they stand there."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from flask import Flask

from tests.makers import make_poll_draft
from tests.servers import Server
from tests.town import Town, settle_in

README = Path(__file__).parents[2] / "README.md"


def curl_lines() -> list[str]:
    lines = [line for line in README.read_text().splitlines() if line.startswith("curl ")]
    assert len(lines) == 5
    return lines


def typed(line: str, **variables: str) -> str:
    done = subprocess.run(
        ["bash", "-c", line],
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_the_five_lines_of_the_readme_cast_a_ballot(app: Flask, live_server: Server) -> None:
    settle_in(app)
    town = Town.at(live_server.settings, live_server.url, live_server.url)
    poll = town.open_poll(make_poll_draft()).id
    known = {"M": live_server.url, "P": poll}
    check_phone, enter_code, show_poll, get_permit, cast = curl_lines()

    known["CHECK"] = json.loads(typed(check_phone, **known))["check"]
    message = live_server.settings.sms_gateway.removeprefix("file:")
    text = json.loads(Path(message).read_text().splitlines()[-1])["text"]
    code = re.search(r"\d{6}", text)
    assert code is not None
    known["ACCESS"] = json.loads(typed(enter_code.replace("123456", code[0]), **known))["access"]
    known["PH"] = json.loads(typed(show_poll, **known))["ph"]
    known["PERMIT"] = typed(get_permit, **known)
    receipt = json.loads(typed(cast, **known))
    assert receipt["poll"] == poll
    assert set(receipt) == {"v", "poll", "leaf", "include_by", "origin", "sig"}
