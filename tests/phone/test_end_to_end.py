"""The phone's module votes secretly against a running server, and recounts what it published."""

from dataclasses import replace

import pytest
from flask import Flask

from mvote.settings import Settings
from tests.makers import make_poll_draft
from tests.phone.bundles import seed_of
from tests.phone.conftest import in_node
from tests.servers import Serve
from tests.town import Town, settle_in

VOTES = [["yes"], ["no"], ["yes"], []]


def token_of(town: Town, number: str) -> str:
    """Signed in by the code that came to the number."""
    check = town.people.post("/phone-checks", {"number": number, "language": "ko"})["check"]
    code = town.sms.code_of(number)
    token: str = town.people.post(f"/phone-checks/{check}/tokens", {"code": code})["access"]
    return token


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_phones_vote_watch_the_board_and_recount_the_bundle(
    app: Flask, serve: Serve, settings: Settings
) -> None:
    settle_in(app)
    server = serve(replace(settings, batch_ballots=1, batch_seconds=0))
    town = Town.at(settings, server.url)
    poll = town.open_poll(make_poll_draft(level="secret"))
    at = {"url": server.url, "id": poll.id}
    [kept] = in_node([("checkpoint", at)], "voter.mjs")
    calls = [
        (
            "vote",
            {
                **at,
                "token": token_of(town, f"+8210{55_000_000 + place}"),
                "seed": seed_of(f"{place}").hex(),
                "answers": {"q1": answer},
            },
        )
        for place, answer in enumerate(VOTES)
    ]
    votes = in_node(calls, "voter.mjs")
    assert all(vote["same"] for vote in votes)

    result = town.close(poll)
    mine = votes[1]
    beside = {"receipt": mine["receipt"], "boardKey": mine["boardKey"], "earlierCheckpoint": kept}
    watched, report = in_node(
        [
            ("watch", {**at, "receipt": mine["receipt"], "kept": kept}),
            ("verify", {**at, **beside}),
        ],
        "voter.mjs",
    )
    assert watched["alarm"]
    assert (watched["prefix"], watched["size"]) == ("", len(VOTES) + 2)
    assert 1 <= watched["position"] <= len(VOTES)
    assert set(report["states"].values()) == {"passed"}
    assert report["status"] == 0
    totals = result["questions"][0]["outcome"]["totals"]
    assert report["votes"] == [totals["yes"], totals["no"]] == ["2", "1"]
