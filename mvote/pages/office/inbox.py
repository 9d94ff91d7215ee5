"""My inbox: what waits for the official who is signed in, the most pressing first.

Every line is read from the interface with the official's own token, so nothing shows that
they may not see.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from mvote.core.text import Words
from mvote.core.times import iso
from mvote.pages.language import in_words, link
from mvote.pages.office.acts import acts
from mvote.pages.office.inside import Answer
from mvote.pages.office.session import Session
from mvote.pages.office.sources import read

LAST: Final = "9999"
"""Sorts what has no date behind what has one."""
SHOWN: Final = 120
"""Characters of a text."""
WHAT: Final[Mapping[str, Words]] = {
    "answer": {"ko": "답변할 기록", "en": "Answer due"},
    "confirm": {"ko": "내 확인을 기다림", "en": "Waits for my confirmation"},
    "approve": {"ko": "승인을 기다리는 초안", "en": "Draft to approve"},
    "review": {"ko": "참여 자격 재검토", "en": "Review of who may vote"},
    "moderate": {"ko": "살펴볼 글", "en": "Text to look at"},
    "appeal": {"ko": "이의 신청", "en": "Appeal"},
    "complaint": {"ko": "표가 없다는 신고", "en": "Complaint about the board"},
    "tie": {"ko": "결정할 동점", "en": "Tie to decide"},
}
PAST_OPENING: Final = frozenset(("open", "suspended", "closing", "closed", "published"))
ACT_OF: Final[Mapping[str, str]] = {
    "close": "close_poll",
    "cancel": "cancel_poll",
    "resume": "resume_poll",
    "outage": "declare_outage",
}
ACT_FOR: Final[Mapping[str, str]] = {"interim": "give_interim_answer"}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line: what it is, by when (a time, a day or nothing), and where to do it."""

    what: str
    title: str
    due: str
    link: str
    late: bool = False


@dataclass
class Gathered:
    items: list[Waiting] = field(default_factory=list)
    signed_out: bool = False


@dataclass(frozen=True, slots=True)
class Looking:
    """Who looks, when, and what was refused because the sign-in has ended."""

    who: Session
    now: str
    refused: list[Answer]

    def items(
        self, name: str, query: Mapping[str, str] | None = None, **values: str
    ) -> Sequence[Mapping[str, Any]]:
        """The items of a list; none where this host has no such list or it is not theirs."""
        act = acts().get(name)
        if act is not None and not act.open_to(self.who.duties):
            return ()
        answer = read(name, values, self.who, query)
        if answer is None:
            return ()
        if answer.status == 401:
            self.refused.append(answer)
        found = answer.body.get("items", []) if answer.done else []
        return list(found)

    def line(self, what: str, title: Any, due: str | None, act: str, **fields: str) -> Waiting:
        said = in_words(title) if isinstance(title, Mapping) else str(title)
        asked = {f"{name[0]}.{name[2:]}": value for name, value in fields.items()}
        path = link("office.show_form", name=act, **asked)
        late = bool(due) and str(due) < self.now[: len(str(due))]
        return Waiting(in_words(WHAT[what]), said[:SHOWN], due or "", path, late)


def gather(who: Session, *, now: datetime) -> Gathered:
    """Everything, sorted by date."""
    looking = Looking(who, iso(now), [])
    found = [
        *_polls(looking),
        *_answers(looking),
        *_reviews(looking),
        *_moderation(looking),
    ]
    found.sort(key=lambda one: one.due or LAST)
    return Gathered(found, signed_out=bool(looking.refused))


def may(who: Session, name: str) -> bool:
    act = acts().get(name)
    return act is not None and act.open_to(who.duties)


def _polls(looking: Looking) -> Iterator[Waiting]:
    """Requests of others that wait, drafts of others, ties."""
    me = looking.who.official.id
    for poll in looking.items("list_department_polls", code=looking.who.department):
        known = {"p_poll_id": str(poll["id"])}
        for asked in poll["pending"]:
            act = ACT_OF.get(asked["act"], "")
            if asked["by"] != me and "approver" in looking.who.duties and act:
                more = {**known, "b_pending": str(asked["id"])}
                yield looking.line("confirm", poll["title"], asked["expires"], act, **more)
        if poll["state"] in PAST_OPENING:
            yield from _after_opening(looking, poll, known)
        others = poll["author"] != me and may(looking.who, "approve_poll")
        if poll["state"] == "draft" and others:
            yield looking.line("approve", poll["title"], poll["opens"], "approve_poll", **known)


def _after_opening(
    looking: Looking, poll: Mapping[str, Any], known: dict[str, str]
) -> Iterator[Waiting]:
    """Complaints about its board that nobody has answered; a tie that nobody has decided."""
    if may(looking.who, "answer_complaint"):
        for one in looking.items("list_complaints", poll_id=str(poll["id"])):
            if one["answered_at"] is None:
                more = {**known, "p_number": str(one["number"])}
                due = str(one["due_at"])
                yield looking.line("complaint", poll["title"], due, "answer_complaint", **more)
    if poll["state"] == "closed" and may(looking.who, "decide_poll_tie"):
        found = read("get_poll_open_tie", {"poll_id": poll["id"]}, looking.who)
        if found is not None and found.done:
            yield looking.line("tie", poll["title"], None, "decide_poll_tie", **known)


def _answers(looking: Looking) -> Iterator[Waiting]:
    """What the department owes, each with the act that meets it."""
    if not may(looking.who, "give_answer"):
        return
    own = {"department": looking.who.department}
    titles = {str(one["id"]): one["title"] for one in looking.items("list_records", own)}
    for state in ("open", "overdue"):
        for one in looking.items("list_dues", {**own, "state": state}):
            known = {"p_record_id": str(one["record"])}
            title = titles.get(str(one["record"]), one["cause"])
            act, cause = ACT_FOR.get(one["kind"], "give_answer"), str(one["cause"])
            if "." in cause:  # of a proposal, by the stage that it reached
                act, known = "reply_to_proposal", {"p_proposal_id": cause.partition(".")[0]}
            else:
                known["b_poll"] = cause
            yield looking.line("answer", title, one["due_at"], act, **known)


def _reviews(looking: Looking) -> Iterator[Waiting]:
    for one in looking.items("list_reviews"):
        if not one["correction"]:
            known = {"p_poll_id": str(one["poll"]), "p_review": str(one["id"])}
            yield looking.line("review", one["text"], one["due"], "decide_review", **known)


def _moderation(looking: Looking) -> Iterator[Waiting]:
    for one in looking.items("list_moderation_queue"):
        known = {"p_kind": str(one["kind"]), "p_item": str(one["item"])}
        yield looking.line("moderate", one["text"], one["since"], "publish_text", **known)
    for one in looking.items("list_moderation_appeals"):
        known = {"p_kind": str(one["kind"]), "p_item": str(one["item"])}
        yield looking.line("appeal", one["text"], one["due"], "decide_appeal", **known)
