"""Private polls: shown to who was let into the room, on a wing that knows no citizen."""

from datetime import UTC, datetime

import pytest

from mvote.audit.service import seal
from mvote.core.room_pass import make_pass
from mvote.installation import installation
from mvote.votes.discussions.service.following import follow_polls
from tests.makers import words
from tests.votes.polls.conftest import Office

ROOM, OTHER = "12345678", "87654321"
AUDIENCE = {"all": [{"condition": "verified-number"}, {"condition": "room", "room": ROOM}]}
HASHES_ONLY = {
    "list_board",
    "get_checkpoint",
    "get_all_leaves",
    "get_leaves",
    "get_consistency",
    "get_tlog_checkpoint",
    "get_tlog_tile",
}
"""A board can be watched by everyone; it shows hashes, and how many they are."""


def room_pass(office: Office, room: str = ROOM) -> str:
    with office.app.app_context():
        key = installation().keys["people"]["issuer"].private
    return make_pass(key, room=room, now=datetime.now(UTC), seconds=3600)


@pytest.fixture
def poll(office: Office) -> str:
    return office.opened(audience=AUDIENCE)


def test_only_who_shows_a_pass_or_belongs_to_the_department_sees_it(
    office: Office, poll: str
) -> None:
    def told(token: str | None = None, **headers: str) -> str:
        answer = office.get(f"/polls/{poll}", token, **headers)
        return "shown" if answer.status_code == 200 else str(answer.json["code"])

    own = room_pass(office)
    assert told() == "room-pass-needed"
    assert told(Room_Pass=room_pass(office, OTHER)) == "room-pass-needed"
    assert told(Room_Pass=own.replace(ROOM, OTHER)) == "room-pass-not-valid"
    assert told(Room_Pass=own) == "shown"
    assert told(Room_Pass=f"{room_pass(office, OTHER)}, {own}") == "shown"
    assert told(office.drafter) == "shown"
    assert told(office.token("cho", "auditor", department="parks")) == "room-pass-needed"
    assert told(office.citizen()) == "token-for-others"
    shown = office.get(f"/polls/{poll}", Room_Pass=own)
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert "Room-Pass" in shown.vary


def test_no_list_page_or_record_tells_of_it(office: Office, poll: str) -> None:
    public = office.opened()
    assert [one["id"] for one in office.get("/polls").json["items"]] == [public]
    office.at_work(seal, "votes")
    office.at_work(follow_polls)
    records = office.get("/records").json["items"]
    assert len(records) == 1
    assert poll not in str(records)
    for page in (f"/polls/{poll}", f"/polls/{poll}/result"):
        answer = office.http.get(page, headers={"Room-Pass": room_pass(office)})
        assert answer.status_code == 403
        assert "bridge" not in answer.text
    assert poll not in office.http.get("/").text


def test_every_way_to_read_of_a_poll_asks_for_a_pass_but_the_hashes_of_its_board(
    office: Office, poll: str
) -> None:
    app = office.http.application
    found = set()
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.arguments & {"poll_id", "poll"} and view._open_to.name == "everyone":
            given = dict.fromkeys(rule.arguments, "0") | {"poll_id": poll, "poll": poll}
            path = app.url_map.bind("localhost").build(rule.endpoint, given)
            answer = office.http.get(path)
            name = view.__name__
            found.add(name)
            assert (answer.status_code == 403) is (name not in HASHES_ONLY), name
            assert "bridge" not in answer.text
    assert found >= HASHES_ONLY | {"get_poll", "get_poll_bundle", "get_tlog_entries", "show_poll"}


def test_no_other_department_copies_it(office: Office, poll: str) -> None:
    stranger = office.token("cho", "drafter", department="parks")
    answer = office.post(f"/polls/{poll}/copies", {}, stranger)
    assert answer.json["code"] == "not-your-department"
    assert office.post(f"/polls/{poll}/copies", {}, office.drafter).status_code == 201


def test_a_ballot_that_shows_a_pass_is_refused(office: Office, poll: str) -> None:
    answer = office.post(f"/polls/{poll}/ballots", {}, Room_Pass=room_pass(office))
    assert answer.json["code"] == "identity-not-allowed-here"


def test_a_room_that_is_one_way_among_others_makes_no_poll_private(office: Office) -> None:
    either = {"any": [{"condition": "verified-number"}, {"condition": "room", "room": ROOM}]}
    poll = office.opened(audience=either)
    assert office.get(f"/polls/{poll}").status_code == 200
    assert [one["id"] for one in office.get("/polls").json["items"]] == [poll]


def test_what_the_people_wing_tells_of_a_roll_is_a_note_that_names_nobody(office: Office) -> None:
    poll = office.opened()
    change = {"change": "added", "day": "2030-01-31", "raises": 1}
    office.people_say(poll, "roll-note", change | {"text": words("Left out by mistake")})
    [note] = office.get(f"/polls/{poll}").json["notes"]
    assert (note["about"], note["roll"]) == ("roll", change)
    office.people_say(poll, "roll-note", change | {"raises": 2, "text": words("Two")})
    assert len(office.get(f"/polls/{poll}").json["notes"]) == 1
    noted = [one.body for one in office.happened(poll) if one.name == "PollNoted"]
    assert [(one["by"], one["roll"], one["on_board"]) for one in noted] == [
        ("people", change, True)
    ]
