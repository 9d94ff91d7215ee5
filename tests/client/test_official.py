import pytest

from mvote.client.errors import NotReached, Refused
from mvote.client.official import OfficialClient

PASSWORD = "a long enough password"


@pytest.fixture
def official(server, api, reply):
    made = OfficialClient(api, api, login="kim", password=PASSWORD)
    server.say(reply(201, {"access": "A", "refresh": "R", "expires_in": 600}))
    made.sign_in()
    server.asked.clear()
    return made


def test_an_act_that_needs_it_is_done_after_the_password_again(
    official, server, reply, refuse
) -> None:
    server.say(
        refuse(401, "fresh-sign-in-needed"),
        reply(201, {"access": "F", "expires_in": 300}),
        reply(200, {"state": "open"}),
    )
    assert official.open("p1") == {"state": "open"}
    assert server.lines() == [
        "POST /api/v1/polls/p1/open",
        "POST /api/v1/tokens/fresh",
        "POST /api/v1/polls/p1/open",
    ]
    assert server.asked[1].json() == {"password": PASSWORD}
    assert [asked.headers["Authorization"] for asked in server.asked] == [
        "Bearer A",
        "Bearer A",
        "Bearer F",
    ]


def test_another_refusal_is_told_and_not_stepped_over(official, server, refuse) -> None:
    server.say(refuse(403, "own-poll"))
    with pytest.raises(Refused, match="own-poll"):
        official.open("p1")
    assert len(server.asked) == 1


def test_the_refresh_token_survives_a_step_up(official, server, reply, refuse) -> None:
    server.say(
        reply(201, {"access": "F", "expires_in": 300}),
        refuse(401, "token-expired"),
        reply(201, {"access": "B", "refresh": "R2", "expires_in": 600}),
        reply(200, {}),
    )
    official.step_up()
    official.close("p1")
    assert server.asked[2].headers["Authorization"] == "Bearer R"
    assert server.asked[3].headers["Authorization"] == "Bearer B"


def test_reasons_and_contents_travel_as_they_are(official, server, reply) -> None:
    server.script = lambda asked: reply(200, {})
    reason = {"ko": "오류", "en": "A mistake"}
    official.cancel("p1", reason)
    official.answer("r1", {"decision": "adopted"})
    official.save_draft("p1", {"title": reason}, etag='"v1"')
    assert [asked.json() for asked in server.asked] == [
        {"reason": reason},
        {"decision": "adopted"},
        {"title": reason},
    ]
    assert server.asked[2].headers["If-Match"] == '"v1"'


def test_waiting_passes_over_what_is_not_public_yet_and_what_is_not_new(
    official, server, reply, refuse
) -> None:
    server.say(
        refuse(404, "no-such-poll"),
        reply(200, {"state": "frozen"}, {"ETag": '"1"'}),
        reply(304, b""),
        reply(200, {"state": "open"}, {"ETag": '"2"'}),
    )
    assert official.wait_for("p1", "open", "closed")["state"] == "open"
    asked = [asked.headers.get("If-None-Match") for asked in server.asked]
    assert asked == [None, None, '"1"', '"1"']


def test_waiting_ends_at_once_for_a_cancelled_poll_and_in_time_for_others(
    official, server, reply
) -> None:
    server.script = lambda asked: reply(200, {"state": "cancelled"})
    with pytest.raises(NotReached, match="poll p1 has not become open: it is cancelled"):
        official.wait_for("p1", "open")
    server.script = lambda asked: reply(200, {"state": "frozen"})
    with pytest.raises(NotReached, match="it is frozen"):
        official.wait_for("p1", "open", seconds=0.3)
