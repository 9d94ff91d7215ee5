import socket
import threading
import time

import pytest

from mvote.client import api as api_module
from mvote.client.api import Api
from mvote.client.errors import NotUnderstood, Refused, Unreachable


def test_json_goes_out_canonical_and_comes_in_strict(server, api, reply) -> None:
    server.say(reply(201, {"id": "a", "text": "하늘"}))
    assert api.post("/polls", {"b": 1, "a": "가"}, token="T") == {"id": "a", "text": "하늘"}
    [asked] = server.asked
    assert asked.line == "POST /api/v1/polls"
    assert asked.body == '{"a":"가","b":1}'.encode()
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.headers["Authorization"] == "Bearer T"


def test_no_identity_goes_where_none_is_given(server, api, reply) -> None:
    server.script = lambda asked: reply(200, {}, {"Set-Cookie": "a=b"})
    api.get("/polls/x")
    api.get("/polls/x")
    assert not {"Authorization", "Cookie"} & set(server.asked[1].headers)


@pytest.mark.parametrize(
    "body",
    [b'{"a":1.5}', b'{"a":1,"a":2}', b"[1", b"\xff", '{"a":"\u1100\u1161"}'.encode(), b"[]", b""],
)
def test_an_answer_that_is_not_a_strict_object_is_not_understood(server, api, reply, body) -> None:
    server.say(reply(200, body))
    with pytest.raises(NotUnderstood):
        api.get("/polls/x")


def test_an_answer_that_is_no_json_or_leads_elsewhere_is_not_understood(server, api, reply) -> None:
    server.say(
        reply(200, b"<p>", {"Content-Type": "text/html"}), reply(302, b"", {"Location": "/else"})
    )
    for _ in range(2):
        with pytest.raises(NotUnderstood):
            api.get("/polls/x")
    assert len(server.asked) == 2


def test_a_refusal_arrives_with_all_that_it_says(server, api, refuse) -> None:
    server.say(refuse(422, "fields-refused", params={"n": 3}, errors={"title": ["blank"]}))
    with pytest.raises(Refused, match="422 fields-refused: fields-refused") as refused:
        api.get("/polls/x")
    told = refused.value
    assert (told.status, told.code, told.params) == (422, "fields-refused", {"n": 3})
    assert told.sentences == {"ko": "fields-refused입니다.", "en": "fields-refused."}
    assert (told.errors, told.retry_after) == ({"title": ["blank"]}, None)


def test_too_many_is_told_with_its_time_and_not_tried_again(server, api, refuse) -> None:
    server.say(refuse(429, "codes-used-up", retry_after=60))
    with pytest.raises(Refused) as refused:
        api.post("/phone-checks", {}, repeat=True)
    assert refused.value.retry_after == 60
    assert len(server.asked) == 1


@pytest.mark.parametrize("body", [b"<h1>Bad gateway</h1>", b"{}", b"[]", b'{"code":"x"}'])
def test_a_fault_without_problem_details_is_not_understood(server, api, reply, body) -> None:
    server.say(reply(502, body))
    with pytest.raises(NotUnderstood):
        api.get("/polls/x")


def test_a_retry_sends_the_very_same_bytes(server, api, reply, drop, refuse) -> None:
    lost = reply(201, {"stored": True}, cut=True)
    server.say(drop, lost, refuse(503, "database-unavailable", retry_after=0), reply(200, {"a": 1}))
    raw = b'{ "white space":  "is kept" }'
    answer = api.call("POST", "/polls/x/ballots", content=raw, repeat=True)
    assert answer.object() == {"a": 1}
    assert [asked.body for asked in server.asked] == [raw] * 4
    assert len({tuple(sorted(asked.headers.items())) for asked in server.asked}) == 1


def test_what_may_not_happen_twice_is_not_sent_again_when_the_answer_is_lost(
    server, api, drop, reply
) -> None:
    for lost in (drop, reply(201, {"id": "a"}, cut=True)):
        server.asked.clear()
        server.say(lost)
        with pytest.raises(Unreachable, match="POST /api/v1/polls"):
            api.post("/polls", {})
        assert len(server.asked) == 1


def test_what_the_server_did_not_do_is_sent_again(server, api, refuse, reply) -> None:
    server.say(refuse(503, "database-unavailable", retry_after=0), reply(201, {"id": "a"}))
    assert api.post("/polls", {}) == {"id": "a"}


def test_a_503_waits_as_long_as_it_says(server, api, refuse, reply) -> None:
    server.say(refuse(503, "database-unavailable", retry_after=1), reply())
    begin = time.monotonic()
    api.get("/polls/x")
    assert time.monotonic() - begin >= 1


@pytest.mark.parametrize("wait", [None, 10_000])
def test_a_503_that_says_nothing_or_too_long_is_told_at_once(server, api, refuse, wait) -> None:
    server.say(refuse(503, "database-unavailable", retry_after=wait))
    with pytest.raises(Refused) as refused:
        api.get("/polls/x")
    assert refused.value.retry_after == wait


def test_trying_again_has_an_end(server, api, refuse, drop, monkeypatch) -> None:
    monkeypatch.setattr(api_module, "ATTEMPTS", 3)
    server.script = lambda asked: refuse(503, "database-unavailable", retry_after=0)
    with pytest.raises(Refused):
        api.get("/polls/x")
    server.script = lambda asked: drop
    with pytest.raises(Unreachable):
        api.get("/polls/x")
    assert len(server.asked) == 6


def test_a_server_that_starts_late_is_reached_even_by_what_may_not_happen_twice() -> None:
    def start() -> None:
        place.listen()
        caller, _ = place.accept()
        with caller:
            heard = part = caller.recv(65536)
            while part and not heard.endswith(b"\r\n\r\n{}"):  # head and body may come apart
                part = caller.recv(65536)
                heard += part
            head = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
            caller.sendall(head + b"Content-Length: 2\r\n\r\n{}")

    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        later = threading.Timer(0.2, start)
        later.start()
        late = Api(f"http://127.0.0.1:{place.getsockname()[1]}")
        assert late.post("/polls", {}) == {}
        late.close()
        later.join()


def test_connections_are_kept(server, api, refuse, reply) -> None:
    server.say(reply(), refuse(404, "no-such-poll"), reply(200, {"a": 1}))
    api.get("/a")
    with pytest.raises(Refused):
        api.get("/b")
    api.get("/c")
    assert server.connections == 1


def test_a_list_is_followed_to_its_end(server, api, reply) -> None:
    server.say(reply(200, {"items": [1, 2], "next": "2"}), reply(200, {"items": [3], "next": None}))
    assert list(api.list_all("/polls", limit=2)) == [1, 2, 3]
    assert server.lines() == ["GET /api/v1/polls?limit=2", "GET /api/v1/polls?limit=2&after=2"]


def test_a_path_before_the_api_is_kept(server, reply) -> None:
    beneath = Api(server.url + "/haneul/")
    beneath.get("/polls/x")
    beneath.close()
    assert server.lines() == ["GET /haneul/api/v1/polls/x"]


@pytest.mark.parametrize("url", ["", "localhost:8000", "ftp://a", "http://"])
def test_what_is_no_http_address_is_refused(url) -> None:
    with pytest.raises(ValueError, match="address"):
        Api(url)
