"""One form for every act: filled, sent to the act's own route, and what came of it.

Steps: ``fill`` it; where the act cannot be undone be ``sure``; ``done``.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import request
from werkzeug.datastructures import MultiDict

from mvote.installation import installation
from mvote.pages.office import sources
from mvote.pages.office.acts import Act
from mvote.pages.office.audience import KIND, add_condition
from mvote.pages.office.binding import (
    Reading,
    Typed,
    add_item,
    drop_item,
    next_item,
    spread,
)
from mvote.pages.office.controls import Control, Drawing, drawn, placed
from mvote.pages.office.fields import Field, fields_of
from mvote.pages.office.inside import Answer, Sent, call
from mvote.pages.office.session import Session
from mvote.pages.office.words.acts import ACTS
from mvote.pages.office.words.said import Said
from mvote.web.problems import by_field

KEPT: Final = ("p.", "q.", "b.", "h.", "f.")
"""What begins so was typed; all else of a form belongs to the page."""
FIRST: Final[Mapping[str, tuple[str, str]]] = {
    "change_draft": ("get_draft", "draft"),
    "approve_poll": ("get_draft", ""),
    "change_official": ("get_official", "."),
}
"""What is read before a form is filled; of its answer the part that fills the form."""
IF_MATCH: Final = "h.If-Match"
FRESH_NEEDED: Final = "fresh-sign-in-needed"
SIGNED_OUT: Final = ("token-missing", "token-expired", "token-not-valid", "token-revoked")


@dataclass
class Form:
    """An act as one official fills it.  ``notice`` is what was refused, in a sentence."""

    act: Act
    typed: Typed
    step: str = "fill"
    notice: str = ""
    refusal: Answer | None = None
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    answer: Answer | None = None
    seen: Answer | None = None
    fields: Mapping[str, tuple[Field, ...]] = field(init=False)
    controls: Mapping[str, list[Control]] = field(default_factory=dict)
    faults: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.fields = fields_of(self.act)

    @property
    def said(self) -> Said:
        return ACTS[self.act.name]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What was typed, to be carried along."""
        return [(name, one) for name, one in self.typed.items(multi=True)]

    @property
    def upload(self) -> bool:
        return bool(self.fields.get("f"))

    def every(self) -> list[Control]:
        return [one for several in self.controls.values() for one in several]

    def wrong(self) -> list[Control]:
        return [one for one in drawn(self.every()) if one.faults]

    def draw(self, who: Session | None) -> None:
        """Make the controls; who is not signed in is offered nothing to choose from."""
        options = sources.options_of(self.act, self.fields, self.typed, who) if who else {}
        if who and self.act.name == "give_answer" and self.typed.get("b.poll"):
            options |= sources.options_of_poll(self.typed, who)
        drawing = Drawing(self.act.name, self.typed, options=options)
        if self.asking:
            self.fields = {
                "p": tuple(
                    one for one in self.fields["p"] if not sources.depends(self.act.name, one.key)
                )
            }
        self.controls = {place: drawing.all(one, place) for place, one in self.fields.items()}
        if self.errors:
            self.faults = placed(self.errors, self.every())
            drawing.faults = self.faults
            self.controls = {p: drawing.all(one, p) for p, one in self.fields.items()}

    @property
    def asks_first(self) -> bool:
        """Whether what the form is about has to be known before all else can be offered."""
        if not self.act.path:
            return False
        dependent = any(
            sources.depends(self.act.name, one.key)
            for several in self.fields.values()
            for one in several
        )
        return dependent or self.act.name in (*FIRST, "give_answer")

    @property
    def asking(self) -> bool:
        """Whether that is still to be asked, and nothing else."""
        wanted = [name for name in self.act.path if not sources.depends(self.act.name, name)]
        return self.asks_first and not all(self.typed.get(f"p.{name}") for name in wanted)

    # -- steps ----------------------------------------------------------------------------

    def change_items(self) -> bool:
        """Whether only a list was made longer or shorter."""
        add, drop = request.form.get("_add"), request.form.get("_drop")
        kind = request.form.get(f"{KIND}{add}")
        if add and kind is not None:
            self.typed = add_condition(self.typed, next_item(self.typed, add), kind)
        elif add:
            self.typed = add_item(self.typed, add)
        elif drop:
            self.typed = drop_item(self.typed, drop)
        return bool(add or drop)

    def ready(self) -> bool:
        """Whether all that the address names is known."""
        return all(self.typed.get(f"p.{name}") for name in self.act.path)

    def read_answer(self, who: Session) -> None:
        """What an answer has to speak of, filled in as far as it is known."""
        record, poll = self.typed.get("p.record_id"), self.typed.get("b.poll")
        answer = sources.read("list_what_to_answer", {"record_id": record}, who) if record else None
        if answer is None or not answer.done:
            return
        owed = [one for one in answer.body["items"] if poll in (None, "", one["poll"])]
        owed.sort(key=lambda one: one["answered"] and not one["again"])
        if not owed:
            return
        self.seen, first = replace(answer, body=owed[0]), owed[0]
        named = [*first["winners"], *first["runners_up"]]
        found: dict[str, Any] = {
            "poll": first["poll"],
            "options": [{name: one[name] for name in ("question", "option")} for one in named],
        }
        if first["minority"]:
            found["minority"] = {"reason": first["minority"]["id"]}
        self.typed = spread(self.fields["b"], found, "b", zone())
        self.typed["p.record_id"] = str(record)

    def read_first(self, who: Session) -> None:
        """Fill the form with what stands there now, and note which revision that is."""
        if self.act.name == "give_answer":
            self.read_answer(who)
            return
        reading, part = FIRST.get(self.act.name, ("", ""))
        if not reading or not self.ready():
            return
        values = {name: self.typed[f"p.{name}"] for name in self.act.path}
        answer = sources.read(reading, values, who)
        if answer is None or not answer.done:
            self.refuse(answer)
            return
        self.seen = answer
        if part:
            found = answer.body if part == "." else answer.body[part]
            for name, one in spread(self.fields["b"], found, "b", zone()).items(multi=True):
                self.typed.add(name, one)
        if answer.etag:
            self.typed[IF_MATCH] = answer.etag

    def send(self, who: Session) -> None:
        """Send what was typed to the act's route."""
        reading = Reading(self.typed, zone())
        sent = self._sent(reading)
        address = self.act.address({n: reading.text(f"p.{n}") for n in self.act.path})
        if not self.ready() or address is None:
            self._blame_address()
            return
        if reading.faults:
            self.errors = {name.split(".", 1)[1]: said for name, said in reading.faults.items()}
            return
        answer = call(self.act.method, address, sent, token=who.access)
        if answer.done:
            self.step, self.answer = "done", answer
        else:
            self.refuse(answer)

    def check(self) -> bool:
        """Whether the schema finds nothing wrong, before anybody is asked whether they are sure."""
        reading = Reading(self.typed, zone())
        if not self.ready():
            self._blame_address()
            return False
        body = self._sent(reading).body
        schema = self.act.schemas.get("json")
        found = schema.validate(body) if schema is not None and isinstance(body, dict) else {}
        errors = {
            **{n.split(".", 1)[1]: f for n, f in reading.faults.items()},
            **by_field_of(found),
        }
        self.errors = errors
        return not errors

    def refuse(self, answer: Answer | None) -> None:
        """Keep what a route refused, for its fields and above the form."""
        self.step, self.refusal = "fill", answer
        body = answer.body if answer is not None and isinstance(answer.body, dict) else {}
        self.errors = body.get("errors", {})
        self.notice = str(body.get("title", ""))

    def _blame_address(self) -> None:
        missing = [name for name in self.act.path if not self.typed.get(f"p.{name}")]
        said = "is missing" if missing else "String does not match expected pattern."
        self.errors = {name: [said] for name in missing or self.act.path}

    def _sent(self, reading: Reading) -> Sent:
        files = {
            one.key: given
            for one in self.fields.get("f", ())
            if (given := request.files.get(f"f.{one.key}")) and given.filename
        }
        return Sent(
            query={k: str(v) for k, v in reading.body(self.fields.get("q", ()), "q").items()},
            headers={k: str(v) for k, v in reading.body(self.fields.get("h", ()), "h").items()},
            body=reading.body(self.fields.get("b", ()), "b"),
            has_body="json" in self.act.schemas,
            files=files,
        )


def typed_of(given: MultiDict[str, str]) -> Typed:
    """What of a request was typed into the form."""
    kept: Typed = MultiDict()
    for name, values in given.lists():
        if name.startswith(KEPT):
            kept.setlist(name, values)
    return kept


def zone() -> ZoneInfo:
    return ZoneInfo(installation().settings.time_zone)


def by_field_of(found: Any) -> dict[str, list[str]]:
    """What marshmallow found, spelled as refusals spell it."""
    return by_field(found) if found else {}


def proof_of(form: Mapping[str, str]) -> dict[str, Any] | None:
    """The proof that came along with a form, as the interface takes it; None: there is none."""
    if form.get("proof.password"):
        return {"password": form["proof.password"]}
    spelled = form.get("proof.passkey", "")
    try:
        return {"passkey": json.loads(spelled)} if spelled else None
    except (ValueError, RecursionError):
        return None
