"""What a form offers to choose from, read from the interface by who is signed in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mvote.pages.language import in_words, moment
from mvote.pages.office.acts import Act, find_reading
from mvote.pages.office.binding import Typed
from mvote.pages.office.controls import Options
from mvote.pages.office.fields import Field, leaves
from mvote.pages.office.inside import Answer, Sent, call
from mvote.pages.office.session import Session
from mvote.pages.office.showing import TIME
from mvote.pages.office.words.choices import choice_words

MOST: Final = "1000"
"""As many as the interface gives at once."""


@dataclass(frozen=True, slots=True)
class Source:
    """A list of the interface.

    ``needs``: what stands in its address, a name of the form or ``$department``; ``query``
    likewise, or a value behind ``=``; ``value`` and ``labels`` are keys of its items.
    """

    reading: str
    value: str = "id"
    labels: tuple[str, ...] = ("title",)
    needs: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    paged: bool = False


_POLLS: Final = Source(
    "list_department_polls",
    labels=("title", "state"),
    needs={"code": "$department"},
    paged=True,
)
_RECORDS: Final = Source(
    "list_records", labels=("title",), query={"department": "$department"}, paged=True
)
_OWN: Final = {"department": "$department"}
_PROPOSALS: Final = Source("list_proposals", labels=("title", "state"), query=_OWN, paged=True)
_CALLS: Final = Source("list_calls", labels=("title", "state"), paged=True)
_TEMPLATES: Final = Source("list_templates", labels=("name",))
_DUES: Final = Source(
    "list_dues", labels=("kind", "due_at", "cause"), query={**_OWN, "state": "=open"}, paged=True
)
_ROOMS: Final = Source("list_rooms", value="number", labels=("words", "number"))
_OF_POLL: Final = {"poll_id": "p.poll_id"}
SOURCES: Final[Mapping[str, Source]] = {
    "poll_id": _POLLS,
    "poll": _POLLS,
    "record_id": _RECORDS,
    "record": _RECORDS,
    "template_id": _TEMPLATES,
    "template": _TEMPLATES,
    "proposal_id": _PROPOSALS,
    "merge_proposal:into": _PROPOSALS,
    "choices.proposal": _PROPOSALS,
    "call_id": _CALLS,
    "call": _CALLS,
    "question_id": Source("list_indicator_questions", labels=("text",), query=_OWN, paged=True),
    "thresholds": Source("list_threshold_sets", value="name", labels=("title", "name")),
    "merge_record:into": _RECORDS,
    "promise": Source(
        "list_promises", value="promise", labels=("text",), needs={"record_id": "p.record_id"}
    ),
    "promises.promise": Source(
        "list_promises", value="promise", labels=("text",), needs={"record_id": "p.record_id"}
    ),
    "due_id": _DUES,
    "contest_id": Source("list_contests", labels=("text",), needs={"pool_id": "p.pool_id"}),
    "topics.department": Source("list_departments", value="code", labels=("name",)),
    "official_id": Source("list_officials", labels=("login", "department"), paged=True),
    "webhook_id": Source("list_webhooks", labels=("url",)),
    "passkey_id": Source("list_own_passkeys", labels=("label", "added")),
    "session_id": Source("list_own_sessions", labels=("proof", "device", "started")),
    "department": Source("list_departments", value="code", labels=("name",)),
    "code": Source("list_departments", value="code", labels=("name",)),
    "batch": Source("list_code_batches", value="batch", labels=("batch",)),
    "pending": Source("list_pending_acts", labels=("act", "asked"), needs=_OF_POLL),
    "correction": Source("list_roll_corrections", labels=("change", "text"), needs=_OF_POLL),
    "confirm_quarantine_decision:decision": Source(
        "list_quarantine_decisions", labels=("rule", "text"), needs=_OF_POLL
    ),
    "review": Source("list_reviews", labels=("text",), paged=True),
    "change_room_password:number": _ROOMS,
    "close_room:number": _ROOMS,
    "audience.room.room": _ROOMS,
    "answer_complaint:number": Source(
        "list_complaints", value="number", labels=("number",), needs=_OF_POLL
    ),
}
TYPED_ANEW: Final = frozenset(("add_department:code",))
"""Named as a list is, and new."""


def options_of(
    act: Act, fields: Mapping[str, tuple[Field, ...]], typed: Typed, who: Session
) -> dict[str, Options]:
    """What can be chosen for each field that a list is known for, by its path."""
    found: dict[str, Options] = {}
    for place, several in fields.items():
        for one in leaves(several):
            source = _source(act.name, one.path)
            if one.kind == "text" and source is not None:
                offered = _offered(source, typed, who)
                if offered:
                    found[f"{place}.{one.path}"] = offered
    return found


def options_of_poll(typed: Typed, who: Session) -> dict[str, Options]:
    """The questions and options of the poll that is answered, by their titles."""
    answer = read("get_poll", {"poll_id": typed.get("b.poll", "")}, who) if typed else None
    if answer is None or not answer.done:
        return {}
    questions = answer.body["definition"]["questions"]
    options = {one["id"]: one for question in questions for one in question["options"]}
    return {
        "b.options.question": [(one["id"], label(one, ("title",))) for one in questions],
        "b.options.option": [(key, label(one, ("title",))) for key, one in options.items()],
    }


def read(
    name: str, values: Mapping[str, Any], who: Session, query: Mapping[str, str] | None = None
) -> Answer | None:
    """What a view of the interface says; None where this process has none of that name."""
    rule = find_reading(name)
    if rule is None or rule.arguments - values.keys():
        return None
    built = rule.build({key: values[key] for key in rule.arguments}, append_unknown=False)
    if built is None:
        return None
    return call("GET", built[1], Sent(query=query or {}), token=who.access)


def depends(act: str, key: str) -> bool:
    """Whether what is offered for a field depends on another field."""
    source = _source(act, key)
    return source is not None and any(said.startswith("p.") for said in source.needs.values())


def _source(act: str, key: str) -> Source | None:
    if f"{act}:{key}" in TYPED_ANEW:
        return None
    return SOURCES.get(f"{act}:{key}") or SOURCES.get(key)


def _offered(source: Source, typed: Typed, who: Session) -> Options:
    needs = {name: _given(said, typed, who) for name, said in source.needs.items()}
    if not all(needs.values()):
        return ()
    query = {name: _given(said, typed, who) for name, said in source.query.items()}
    answer = read(
        source.reading, needs, who, {**query, **({"limit": MOST} if source.paged else {})}
    )
    if answer is None or not answer.done:
        return ()
    return [(str(one[source.value]), label(one, source.labels)) for one in answer.body["items"]]


def _given(said: str, typed: Typed, who: Session) -> str:
    if said.startswith("="):
        return said[1:]
    return who.department if said == "$department" else typed.get(said, "")


def label(item: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """An item in words: those of its keys that say something."""
    said = [_said(name, item.get(name)) for name in names]
    return " · ".join(one for one in said if one)


def _said(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return in_words(dict(value)) if {"ko", "en"} <= value.keys() else ""
    if isinstance(value, str) and TIME.fullmatch(value):
        return moment(value)
    words = choice_words(name, str(value))
    return in_words(words) if words else str(value or "")[:80]
