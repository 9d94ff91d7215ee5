"""A client made by ``openapi-python-client``, which nobody here wrote, registers and votes."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from mvote.core.secrecy.ballot import leaf_of
from mvote.core.secrecy.receipt import read_receipt, verify_receipt
from mvote.settings import Settings
from tests.makers import make_poll_draft
from tests.require import ROOT
from tests.servers import Server
from tests.town import Town, settle_in

SPEC = ROOT / "mobile_api_spec" / "openapi.json"
PACKAGE = "generated_phone"
NUMBER = "+821020000001"


@pytest.fixture
def phone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The generated package.

    Out of a folder of this name Hypothesis takes no constants for the cases of later tests.
    """
    folder = tmp_path / "tests"
    folder.mkdir()
    tool = Path(sys.executable).with_name("openapi-python-client")
    command = [tool, "generate", "--path", SPEC, "--output-path", folder / PACKAGE]
    done = subprocess.run(
        [*command, "--meta", "none"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    monkeypatch.syspath_prepend(folder)
    yield importlib.import_module(PACKAGE)
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


def part(name: str) -> Any:
    return importlib.import_module(f"{PACKAGE}.{name}")


def register(anyone: Any, town: Town) -> str:
    """Prove the number; gives the access token."""
    models = part("models")
    asked = models.PhoneCheckIn(number=NUMBER, language=models.PhoneCheckInLanguage("ko"))
    check = part("api.identity.check_phone").sync(client=anyone, body=asked)
    code = models.CodeIn(code=town.sms.code_of(NUMBER))
    tokens = part("api.identity.enter_code").sync(check.check, client=anyone, body=code)
    return str(tokens.access)


def make_out(poll: str, permit: Any) -> Any:
    """A ballot for yes."""
    models = part("models")
    return models.BallotIn(
        v=1,
        poll=poll,
        ph=permit.ph,
        seq=1,
        nonce="c29tZXRoaW5nIHJhbmRvbQ",
        ans=models.BallotInAns.from_dict({"q1": ["yes"]}),
        permit=models.BallotInPermitType0.from_dict(permit.to_dict()),
    )


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_a_generated_client_registers_takes_a_permit_and_votes(
    phone: Any, app: Flask, live_server: Server, settings: Settings
) -> None:
    settle_in(app)
    town = Town.at(settings, live_server.url)
    poll = town.open_poll(make_poll_draft())
    with phone.Client(base_url=live_server.url) as anyone:
        access = register(anyone, town)
        with phone.AuthenticatedClient(base_url=live_server.url, token=access) as known:
            permit = part("api.permits.take_permit").sync(
                poll.id, client=known, body=part("models").PermitIn()
            )
            ballot = make_out(poll.id, permit)
            receipt = part("api.ballots.cast_ballot").sync(poll.id, client=anyone, body=ballot)
            refused = part("api.ballots.cast_ballot").sync(poll.id, client=known, body=ballot)
    leaf = leaf_of(ballot.to_dict())
    verify_receipt(
        read_receipt(receipt.to_dict()), board_key=poll.board_key, poll=poll.id, leaf=leaf
    )
    assert refused.code == "identity-not-allowed-here"
    assert town.close(poll)["questions"][0]["outcome"]["totals"] == {"yes": "1", "no": "0"}
