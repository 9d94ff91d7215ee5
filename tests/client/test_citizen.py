import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mvote.client.citizen import Citizen
from mvote.client.errors import NotUnderstood, PermitNotHeld, Refused, Unreachable
from mvote.client.poll import fetch_poll
from mvote.client.swarm import Voter, cast_all
from mvote.core.canonical import b64u, b64u_decode, digest, parse
from mvote.core.questions.private_texts import write_text
from mvote.core.secrecy import keys
from mvote.core.secrecy.ballot import read_ballot, verify_ballot
from mvote.core.secrecy.permit import PermitForAnotherPoll, PermitNotValid, make_permit, mark
from mvote.core.secrecy.receipt import ReceiptNotValid, include_by, make_receipt

ISSUER = Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32)
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes([2]) * 32)
BOARD = Ed25519PrivateKey.from_private_bytes(bytes([3]) * 32)
POLL = "0123456789abcdef"
DEFINITION = {
    "v": 1,
    "poll": POLL,
    "level": "open",
    "closes": "2030-01-31T18:00:00Z",
    "grace_seconds": 60,
    "questions": [{"id": "q1", "options": [{"id": option} for option in "abcdef"]}],
    "issuer": [{**keys.public_jwk(ISSUER), "operator": "Haneul City"}],
    "board_key": b64u(keys.raw_public(BOARD.public_key())),
}
PH = digest(DEFINITION)
NUMBER = "+821012345678"
LINES = [
    "POST /api/v1/phone-checks",
    "POST /api/v1/phone-checks/c1/tokens",
    f"POST /api/v1/polls/{POLL}/permits",
    f"POST /api/v1/polls/{POLL}/ballots",
]


class City:
    """The server's half: issues permits and signs receipts, with what a test sets otherwise."""

    def __init__(self, reply, refuse) -> None:
        self.reply, self.refuse = reply, refuse
        self.issuer, self.board, self.ph, self.closes = ISSUER, BOARD, PH, DEFINITION["closes"]
        self.access_left = 100
        self.before_ballots: list = []

    def __call__(self, asked):
        path = asked.line.split(" ", 1)[1].removeprefix("/api/v1")
        if path == "/phone-checks":
            return self.reply(201, {"check": "c1", "expires_in": 180, "resend_in": 60})
        if path in ("/phone-checks/c1/tokens", "/tokens/refresh"):
            return self.reply(201, {"access": "A", "refresh": "R", "expires_in": 600})
        if path == f"/polls/{POLL}":
            return self.reply(200, {"definition": DEFINITION, "state": "open"})
        return self.ballot(asked) if path.endswith("/ballots") else self.in_person(asked)

    def in_person(self, asked):
        if asked.headers.get("Authorization") != "Bearer A":
            return self.refuse(401, "token-missing")
        self.access_left -= 1
        if self.access_left == -1:
            return self.refuse(401, "token-expired")
        name = asked.json().get("name") if asked.body else None
        own = mark(bytes(32), NUMBER.encode())
        made = make_permit(self.issuer, ph=self.ph, mark=own, level="open", name=name)
        return self.reply(200, made.to_json())

    def ballot(self, asked):
        assert "Authorization" not in asked.headers
        if self.before_ballots:
            return self.before_ballots.pop(0)
        body = parse(asked.body)
        self.texts = body.pop("texts", None)
        ballot = read_ballot(body)
        verify_ballot(
            ballot, poll=POLL, ph=PH, level="open", issuers=keys.load_issuers(DEFINITION["issuer"])
        )
        until = include_by(closes=self.closes, grace_seconds=60)
        made = make_receipt(self.board, poll=POLL, leaf=ballot.leaf, include_by=until, origin="x")
        return self.reply(201, made.to_json())


@pytest.fixture
def city(server, reply, refuse):
    server.script = City(reply, refuse)
    return server.script


@pytest.fixture
def poll(api, city, server):
    found = fetch_poll(api, POLL)
    server.asked.clear()
    return found


@pytest.fixture
def citizen(api):
    return Citizen(api, api, number=NUMBER)


@pytest.fixture
def holder(citizen, poll, server):
    citizen.check_phone()
    citizen.enter_code("123456")
    citizen.get_permit(poll)
    server.asked.clear()
    return citizen


def test_a_citizen_votes_in_four_requests(citizen, poll, server) -> None:
    assert citizen.check_phone().resend_in == 60
    citizen.enter_code("123456")
    permit = citizen.get_permit(poll, name="김하늘")
    receipt = citizen.cast(poll, {"q1": ["a"]})
    assert server.lines() == LINES
    assert server.asked[0].json() == {"language": "ko", "number": NUMBER}
    assert server.asked[1].json() == {"code": "123456"}
    ballot = read_ballot(parse(server.asked[3].body))
    assert (ballot.permit, ballot.answers, ballot.seq) == (permit, {"q1": ["a"]}, 1)
    assert permit.name == "김하늘"
    assert receipt.leaf == ballot.leaf


def test_a_permit_that_is_held_is_not_asked_for_again(holder, poll, server) -> None:
    assert holder.get_permit(poll) == holder.get_permit(poll)
    assert server.asked == []


def test_the_same_answers_again_are_the_same_bytes(holder, poll, server) -> None:
    first = holder.cast(poll, {"q1": ["a"]})
    assert holder.cast(poll, {"q1": ["a"]}) == first
    assert server.asked[0].body == server.asked[1].body
    assert holder.receipts(poll) == [first]


def test_a_ballot_whose_answer_was_lost_is_sent_again_byte_for_byte(
    holder, poll, server, city, drop, monkeypatch
) -> None:
    monkeypatch.setattr("mvote.client.api.ATTEMPTS", 2)
    city.before_ballots = [drop, drop]
    with pytest.raises(Unreachable):
        holder.cast(poll, {"q1": ["a"]})
    holder.cast(poll, {"q1": ["a"]})
    assert len({asked.body for asked in server.asked}) == 1
    assert len(server.asked) == 3


def test_a_text_travels_beside_the_ballot(holder, poll, city) -> None:
    answer, private = write_text("Plant trees")
    receipt = holder.cast(poll, {"q1": answer}, texts={"q1": private})
    assert city.texts == {"q1": private}
    assert holder.cast(poll, {"q1": answer}) == receipt
    assert city.texts is None


def test_other_answers_are_the_next_ballot(holder, poll, server) -> None:
    holder.cast(poll, {"q1": ["a"]})
    holder.cast(poll, {"q1": ["b"]})
    holder.cast(poll, {"q1": ["a"]}, seq=9)
    assert [asked.json()["seq"] for asked in server.asked] == [1, 2, 9]
    assert len(holder.receipts(poll)) == 3


def test_a_refused_ballot_leaves_its_number_to_the_next(holder, poll, server, city, refuse) -> None:
    city.before_ballots = [refuse(422, "unknown-option")]
    with pytest.raises(Refused):
        holder.cast(poll, {"q1": ["z"]})
    holder.cast(poll, {"q1": ["a"]})
    assert [asked.json()["seq"] for asked in server.asked] == [1, 1]


@pytest.mark.parametrize(("status", "code"), [(429, "too-many"), (500, "internal-fault")])
def test_a_ballot_that_may_have_been_taken_is_kept(
    holder, poll, server, city, refuse, status, code
) -> None:
    city.before_ballots = [refuse(status, code)]
    with pytest.raises(Refused):
        holder.cast(poll, {"q1": ["a"]})
    holder.cast(poll, {"q1": ["a"]})
    assert server.asked[0].body == server.asked[1].body


def test_casting_without_a_permit_is_said_plainly(citizen, poll) -> None:
    with pytest.raises(PermitNotHeld, match=POLL):
        citizen.cast(poll, {"q1": ["a"]})


def test_a_permit_of_a_stranger_or_for_another_poll_is_not_kept(citizen, poll, city) -> None:
    citizen.check_phone()
    citizen.enter_code("123456")
    city.issuer = STRANGER
    with pytest.raises(PermitNotValid):
        citizen.get_permit(poll)
    city.issuer, city.ph = ISSUER, "0" * 64
    with pytest.raises(PermitForAnotherPoll):
        citizen.get_permit(poll)
    with pytest.raises(PermitNotHeld):
        citizen.cast(poll, {"q1": ["a"]})


def test_a_receipt_of_a_stranger_or_with_another_promise_is_no_receipt(holder, poll, city) -> None:
    city.board = STRANGER
    with pytest.raises(ReceiptNotValid):
        holder.cast(poll, {"q1": ["a"]})
    city.board, city.closes = BOARD, "2031-01-31T18:00:00Z"
    with pytest.raises(ReceiptNotValid):
        holder.cast(poll, {"q1": ["a"]})
    assert holder.receipts(poll) == []


def test_an_expired_token_is_renewed_once(citizen, poll, city, server) -> None:
    citizen.check_phone()
    citizen.enter_code("123456")
    city.access_left = 0
    server.asked.clear()
    citizen.get_permit(poll)
    assert server.lines() == [LINES[2], "POST /api/v1/tokens/refresh", LINES[2]]
    assert server.asked[1].headers["Authorization"] == "Bearer R"


def test_another_401_is_no_reason_to_renew(citizen, poll, server) -> None:
    with pytest.raises(Refused, match="token-missing"):
        citizen.get_permit(poll)
    assert server.lines() == [LINES[2]]


def test_options_are_shown_in_the_voters_own_order(holder, poll) -> None:
    shown = holder.shown_options(poll, "q1")
    assert sorted(shown) == list("abcdef")
    assert shown == holder.shown_options(poll, "q1")


def test_the_poll_hash_is_computed_and_a_wrong_one_is_seen(api, server, reply) -> None:
    answer = {"definition": DEFINITION, "state": "open", "ph": PH}
    server.say(reply(200, answer), reply(200, {**answer, "ph": "0" * 64}))
    assert fetch_poll(api, POLL).ph == PH
    with pytest.raises(NotUnderstood):
        fetch_poll(api, POLL)


@pytest.mark.parametrize("missing", ["board_key", "issuer", "closes", "level"])
def test_a_poll_that_lacks_what_a_phone_needs_is_not_understood(
    api, server, reply, missing
) -> None:
    rest = {key: value for key, value in DEFINITION.items() if key != missing}
    server.say(reply(200, {"definition": rest, "state": "open"}))
    with pytest.raises(NotUnderstood):
        fetch_poll(api, POLL)


def test_many_citizens_vote(api, poll, server) -> None:
    voters = [Voter(NUMBER, {"q1": ["a"]}) for _ in range(20)]
    outcomes = cast_all(
        voters, people=api, votes=api, poll=poll, code_of=lambda number: "123456", threads=4
    )
    assert len({outcome.value.leaf for outcome in outcomes}) == 20
    assert len(server.asked) == 80
    assert server.connections <= 5


def test_a_mark_in_a_permit_is_what_the_phone_orders_by(holder, poll, server) -> None:
    holder.cast(poll, {"q1": ["a"]})
    sent = server.asked[0].json()["permit"]["mark"]
    assert b64u_decode(sent) == mark(bytes(32), NUMBER.encode())
