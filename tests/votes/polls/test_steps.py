"""What happens to polls by itself: documents of the people wing, the schedule, the end."""

import hashlib
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from mvote.core.canonical import digest
from mvote.core.phases import PollClosed, PollNotClosed, PollUnknown
from mvote.core.times import iso
from mvote.db import reading, transaction
from mvote.exchange.service import list_documents
from mvote.exchange.tables import VotesInboxRow
from mvote.votes.polls import service
from mvote.votes.polls.errors import IssuedListMissing
from mvote.votes.polls.tables import PollRow
from tests.votes import carrying
from tests.votes.polls.conftest import Office


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _refusals(office: Office) -> list[str | None]:
    """What became of each document of the people wing, in their order."""
    with office.app.app_context(), reading("votes") as session:
        rows = session.query(VotesInboxRow).order_by(VotesInboxRow.seq)
        return [row.refusal for row in rows]


def test_a_second_issuer_document_changes_nothing(office: Office) -> None:
    poll = office.frozen()
    before = office.get(f"/polls/{poll}").data
    other = office.issuer() | {"roll": {"mode": "growing", "eligible": 7}}
    office.people_say(poll, "issuer", other)
    assert office.get(f"/polls/{poll}").data == before
    assert _refusals(office) == [None, "already-frozen"]
    assert [one["kind"] for one in office.said(poll)].count("poll-frozen") == 1


IMPOSSIBLE: list[dict[str, Any]] = [
    {"issuer": []},
    {"issuer": [{"kid": "a", "alg": "RS256", "x": "AA", "operator": "x"}]},
    {"roll": {"mode": "guessed", "eligible": None}},
    {"roll": {"mode": "growing", "eligible": -1}},
    {"roll": None},
]


def test_an_impossible_issuer_document_freezes_nothing(office: Office) -> None:
    poll = office.draft()
    office.must(poll, "approve")
    for changes in IMPOSSIBLE:
        office.people_say(poll, "issuer", office.issuer() | changes)
    assert _refusals(office) == ["definition-refused"] * len(IMPOSSIBLE)
    assert office.state(poll) == "approved"
    assert office.get(f"/polls/{poll}").status_code == 404
    office.freeze(poll)
    assert office.state(poll) == "frozen"


def test_documents_about_polls_that_are_not_there_or_not_ready_are_refused(office: Office) -> None:
    draft, cancelled = office.draft(), office.draft()
    office.must(cancelled, "approve", "cancel")
    for poll in ("0123456789abcdef", draft, cancelled):
        office.freeze(poll)
    assert _refusals(office) == ["poll-unknown", "poll-not-approved", "poll-cancelled"]
    assert [office.state(draft), office.state(cancelled)] == ["draft", "cancelled"]


WRONG_LISTS: list[dict[str, Any]] = [
    {"issued": -1},
    {"issued": True},
    {"issued": 2**40},
    {"issued": "3"},
    {"sha256": "ff"},
    {"sha256": None},
]


def test_a_wrong_issued_list_is_refused(office: Office) -> None:
    poll = office.opened()
    office.must(poll, "close")
    for changes in WRONG_LISTS:
        office.people_say(poll, "issued-list", {"issued": 3, "sha256": "f" * 64} | changes)
        assert _refusals(office)[-1] == "document-malformed"
    office.send_issued_list(poll, issued=3)
    assert office.at_work(service.get_poll, poll).issued == 3


def _tell(hashes: Any, **changes: Any) -> dict[str, Any]:
    return {"issued": len(hashes), "sha256": digest(hashes), "hashes": hashes} | changes


def test_the_issued_list_of_a_secret_poll_is_kept_hash_by_hash(office: Office) -> None:
    """Enough of them for a second row; without them, or with wrong ones, it is refused."""
    with office.app.app_context():
        poll = carrying.freeze(level="secret")
        carrying.open_poll(poll)
    office.at_work(carrying.stop, poll)
    hashes = sorted(hashlib.sha256(bytes([n % 256, n // 256])).hexdigest() for n in range(1500))
    wrong = [
        _tell(hashes[::-1]),
        _tell([*hashes, hashes[-1]]),
        _tell(hashes[1:], issued=1500),
        _tell(hashes, sha256=digest(hashes[1:])),
        _tell(["X" * 64]),
        _tell([1]),
        {**_tell(hashes), "hashes": "none"},
        {"issued": 1500, "sha256": digest(hashes)},
    ]
    for place, body in enumerate(wrong):
        office.people_say(poll, "issued-list", body)
        assert _refusals(office)[-1] == "document-malformed", place
        assert len(_refusals(office)) == place + 1
    office.people_say(poll, "issued-list", _tell(hashes))
    assert office.at_work(lambda: list(service.iter_issued(poll))) == hashes
    assert office.at_work(service.get_poll, poll).issued == 1500


def test_where_ballots_are_not_published_no_hashes_are_taken(office: Office) -> None:
    poll = office.opened()
    office.must(poll, "close")
    office.people_say(poll, "issued-list", _tell(["0" * 64]))
    assert _refusals(office)[-1] == "document-malformed"


def test_an_issued_list_counts_only_while_closing(office: Office) -> None:
    poll = office.opened()
    office.send_issued_list(poll)
    assert _refusals(office)[-1] == "poll-not-closed"
    assert office.at_work(service.get_poll, poll).issued is None


def test_a_poll_is_closed_only_once_its_issued_list_is_there(office: Office) -> None:
    poll = office.opened()
    office.must(poll, "close")
    with pytest.raises(IssuedListMissing):
        office.in_transaction(service.mark_closed, poll, now=_now())
    with pytest.raises(PollNotClosed):
        office.in_transaction(service.mark_published, poll, now=_now())
    office.send_issued_list(poll)
    now = _now()
    office.in_transaction(service.mark_closed, poll, now=now)
    with pytest.raises(PollClosed):
        office.in_transaction(service.mark_closed, poll, now=now + timedelta(seconds=1))
    assert office.at_work(service.get_poll, poll).closed_at == now


def test_polls_open_and_close_by_their_schedule(office: Office) -> None:
    opens, closes = _now() + timedelta(minutes=10), _now() + timedelta(hours=2)
    poll = office.frozen(opens=iso(opens), closes=iso(closes))
    by_hand = office.frozen(closes=iso(closes))
    second = timedelta(seconds=1)
    for verb, at, done, state in (
        (service.open_due, opens - second, 0, "frozen"),
        (service.open_due, opens, 1, "open"),
        (service.open_due, opens, 0, "open"),
        (service.close_due, closes - second, 0, "open"),
        (service.close_due, closes, 1, "closing"),
        (service.close_due, closes + second, 0, "closing"),
    ):
        assert office.at_work(verb, at) == done
        assert office.state(poll) == state
    assert office.state(by_hand) == "frozen"
    by = [entry.body.get("by") for entry in office.happened(poll)[-2:]]
    assert by == ["schedule", "schedule"]
    assert office.said(poll)[-1]["body"] == {
        "state": "closing",
        "at": iso(closes),
        "closes": iso(closes),
    }


def test_a_suspended_poll_closes_in_time_too(office: Office) -> None:
    poll = office.opened()
    office.must(poll, "suspend")
    assert office.at_work(service.close_due, _now() + timedelta(hours=2)) == 1
    assert office.state(poll) == "closing"
    assert office.get(f"/polls/{poll}").json["reason"] is None


def test_a_poll_whose_whole_time_was_missed_opens_and_closes(office: Office) -> None:
    opens, closes = _now() + timedelta(minutes=1), _now() + timedelta(minutes=2)
    poll = office.frozen(opens=iso(opens), closes=iso(closes))
    late = closes + timedelta(days=1)
    assert office.at_work(service.open_due, late) == 1
    assert office.at_work(service.close_due, late) == 1
    assert office.state(poll) == "closing"
    assert office.said(poll)[-1]["body"]["closes"] == iso(closes)


def test_a_poll_that_nobody_opened_in_time_is_cancelled(office: Office) -> None:
    closes = _now() + timedelta(hours=2)
    by_hand, open_one = office.frozen(closes=iso(closes)), office.opened(closes=iso(closes))
    planned = office.frozen(opens=iso(closes - timedelta(hours=1)), closes=iso(closes))
    assert office.at_work(service.cancel_unopened, closes - timedelta(seconds=1)) == 0
    assert office.at_work(service.cancel_unopened, closes) == 1
    assert office.at_work(service.cancel_unopened, closes) == 0
    states = [office.state(poll) for poll in (by_hand, open_one, planned)]
    assert states == ["cancelled", "open", "frozen"]
    assert "before its closing time" in office.get(f"/polls/{by_hand}").json["reason"]["en"]
    assert office.happened(by_hand)[-1].body["by"] == "schedule"
    assert office.said(by_hand)[-1]["body"]["state"] == "cancelled"


def test_an_opening_from_several_workers_at_once_opens_once(office: Office) -> None:
    poll = office.frozen(opens=iso(_now() - timedelta(seconds=5)))
    done: list[int] = []
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        done.append(office.at_work(service.open_due, _now()))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [0, 0, 0, 1]
    assert [one.name for one in office.happened(poll)].count("PollOpened") == 1


def test_the_database_lets_no_frozen_poll_back_to_a_draft(office: Office) -> None:
    poll = office.frozen()
    for change in ({"state": "draft"}, {"state": "approved"}, {"ph": None}, {"definition": None}):
        with pytest.raises(IntegrityError):
            office.in_transaction(
                lambda session, change=change: session.execute(
                    update(PollRow).where(PollRow.id == poll).values(**change)
                )
            )
    assert office.state(poll) == "frozen"


def test_a_frozen_definition_is_not_set_again(office: Office) -> None:
    poll = office.frozen()
    with office.app.app_context(), transaction("votes") as session:
        row = session.get(PollRow, poll)
        assert row is not None
        for column, value in (("definition", "{}"), ("ph", "0" * 64), ("frozen_at", _now())):
            with pytest.raises(ValueError, match="does not change"):
                setattr(row, column, value if column != "frozen_at" else _now() + timedelta(1))


def test_the_definition_is_read_without_a_query_once_known(office: Office) -> None:
    poll = office.frozen()
    first = office.at_work(service.definition_of, poll)
    office.in_transaction(lambda session: session.execute(text("DELETE FROM poll_authors")))
    office.in_transaction(lambda session: session.execute(text("DELETE FROM polls")))
    assert office.at_work(service.definition_of, poll) is first
    with pytest.raises(PollUnknown):
        office.at_work(service.get_poll, poll)


def test_the_gate_shuts_out_who_stops_the_poll_until_ballots_are_in(office: Office) -> None:
    """Closing waits for whoever holds the gate; on SQLite the write lock does the same."""
    poll = office.opened()
    closed, asked = threading.Event(), office.ask(poll, "close")

    def close() -> None:
        assert office.act(poll, "close", pending=asked).status_code == 200
        closed.set()

    with office.app.app_context(), transaction("votes") as session:
        service.take_gate(session, poll, exclusive=False)
        thread = threading.Thread(target=close)
        thread.start()
        assert not closed.wait(0.5)
        assert service.get_poll(poll).state == "open"
    thread.join()
    assert closed.is_set()


@pytest.mark.parametrize("database_urls", ["postgresql"], indirect=True)
def test_ballots_do_not_wait_for_one_another_at_the_gate(office: Office) -> None:
    poll = office.opened()
    with office.app.app_context(), transaction("votes") as session:
        service.take_gate(session, poll, exclusive=False)
        passed = threading.Event()

        def pass_through() -> None:
            office.in_transaction(service.take_gate, poll, exclusive=False)
            passed.set()

        thread = threading.Thread(target=pass_through)
        thread.start()
        assert passed.wait(60)
        thread.join()


def test_ballots_are_taken_only_while_the_poll_is_open(office: Office) -> None:
    poll = office.frozen()
    closes = office.at_work(service.get_poll, poll).closes_at

    def taken(at: datetime) -> bool:
        with office.app.app_context(), reading("votes") as session:
            return bool(session.scalar(select(service.takes_ballots(poll, at=at))))

    assert not taken(_now())
    office.must(poll, "open")
    assert taken(_now())
    assert not taken(closes)
    office.must(poll, "suspend")
    assert not taken(_now())


def test_a_document_carries_the_votes_wing_as_its_sender(office: Office) -> None:
    office.frozen()
    with office.app.app_context():
        said = list_documents("votes", after=0, limit=10)
    assert {one["sender"] for one in said} == {"votes"}
    assert [one["seq"] for one in said] == [1, 2]
