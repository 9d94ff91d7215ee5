"""The rows of the open data, in pieces; no transaction stays open while somebody reads slowly."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime

from mvote.core.times import iso
from mvote.votes.discussions import service as records
from mvote.votes.discussions.rules import ANSWER, PROPOSAL_REPLY, RecordEntry
from mvote.votes.dues import service as dues
from mvote.votes.indicators.rules_data import TABLES, spell_rows
from mvote.votes.indicators.service.reading import stream_indicators
from mvote.votes.proposals import service as proposals
from mvote.votes.proposals.rules import NEWEST

AT_ONCE = 500
Rows = Iterator[Sequence[str]]


def stream_table(name: str, *, now: datetime) -> Iterator[bytes]:
    """A table of the open data as CSV; ``name`` is one of ``TABLES``."""
    return spell_rows(TABLES[name], _ROWS[name](now))


def _records(_now: datetime) -> Rows:
    after: tuple[datetime, str] | None = None
    while found := records.list_records(after=after, limit=AT_ONCE):
        for one in found:
            head, closed = one.head, one.closed_at
            titles = head.title["ko"], head.title["en"]
            yield head.id, head.department, *titles, iso(head.opened_at), _time(closed), one.state
        after = (found[-1].head.opened_at, found[-1].head.id)


def _dues(now: datetime) -> Rows:
    for one in dues.stream_dues(now=now):
        within = str(one.within) if one.within else ""
        dates = (_time(at) for at in (one.set_at, one.due_at, one.met_at, one.lifted_at))
        late = one.late(now)
        yield (
            *(one.id, one.record, one.cause, one.kind, one.department, within, *dates),
            *("true" if late else "false", str(one.days(now) if late else 0)),
            *(str(len(one.pauses)), str(len(one.moves))),
        )


def _answers(_now: datetime) -> Rows:
    for entry in records.stream_entries((ANSWER, PROPOSAL_REPLY)):
        begin = entry.record, str(entry.number), entry.kind, entry.poll, str(entry.version)
        given = iso(entry.at), entry.by
        for question, option, decision, reason in _decisions(entry):
            why = (reason or {}).get("ko", ""), (reason or {}).get("en", "")
            yield *begin, *given, question, option, decision, *why, entry.digest


def _decisions(entry: RecordEntry) -> Iterator[tuple[str, str, str, Mapping[str, str] | None]]:
    if entry.kind == ANSWER:
        for one in entry.body["options"]:
            yield one["question"], one["option"], one["decision"], one["reason"]
    elif entry.body["decision"] is not None:
        yield "", "", entry.body["decision"], entry.body["text"]


def _promises(_now: datetime) -> Rows:
    for one in records.stream_steps():
        days = one.first_due.isoformat(), one.due.isoformat(), _day(one.done)
        yield one.promise, str(one.step), one.record, one.department, *days


def _proposals(_now: datetime) -> Rows:
    asked, after = proposals.Asked(order=NEWEST), ""
    while found := proposals.list_proposals(asked, after=after, limit=AT_ONCE):
        for one in found:
            yield (
                *(one.id, one.call, one.department, one.topic, one.district, one.title or ""),
                *(one.opened.isoformat(), one.state, str(one.supports), str(one.reached)),
                one.record,
            )
        after = proposals.place_of(NEWEST, found[-1])


def _indicators(_now: datetime) -> Rows:
    for one in stream_indicators():
        words = one.name["ko"], one.name["en"], one.unit["ko"], one.unit["en"]
        for told in one.values:
            said = told.period, told.value, told.target, told.source, str(told.version)
            yield one.id, one.department, *words, *said


def _time(at: datetime | None) -> str:
    return iso(at) if at else ""


def _day(at: date | None) -> str:
    return at.isoformat() if at else ""


_ROWS: Mapping[str, Callable[[datetime], Rows]] = {
    "records": _records,
    "dues": _dues,
    "answers": _answers,
    "promises": _promises,
    "proposals": _proposals,
    "indicators": _indicators,
}
