"""What an answer has to speak of: who won, and the strongest reason of those who did not.

The reason is the one that most voters of an option that did not win gave in the same words,
of those that moderators have published and that enough voters gave to hide each.  Of equally
many the option that the poll names first decides, then the text itself.  Where a poll has no
such reason, the answer has to speak of the runner-up of each question: the option with the
most votes among those that did not win, the first named of equals.  While moderators have not
read a stronger reason yet there is no answer: else whoever left them unread would owe it none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from mvote.core.canonical import JSON, digest
from mvote.core.fields import Faults
from mvote.core.text import Words
from mvote.core.times import iso
from mvote.votes.discussions.errors import OfficialAnswerRefused
from mvote.votes.discussions.rules import ADOPTED

NONE_OF_THESE = "none"


@dataclass(frozen=True, slots=True)
class NamedOption:
    """An option of a question, in the words of the poll."""

    question: str
    option: str
    title: Words

    def to_json(self) -> dict[str, JSON]:
        return {"question": self.question, "option": self.option, "title": dict(self.title)}


@dataclass(frozen=True, slots=True)
class MinorityReason:
    """Why voters chose an option that did not win; at least ``voters`` gave this reason."""

    about: NamedOption
    text: str
    voters: int

    @property
    def id(self) -> str:
        """Names the reason in an answer, 64 hexadecimal digits."""
        return digest(
            {"question": self.about.question, "option": self.about.option, "text": self.text}
        )

    def to_json(self) -> dict[str, JSON]:
        return self.about.to_json() | {
            "id": self.id,
            "text": self.text,
            "voters_at_least": self.voters,
        }


@dataclass(frozen=True, slots=True)
class ToAnswer:
    """What an answer about ``poll`` has to speak of; ``again``: citizens asked once more.

    ``unread``: moderators have to read a reason first that would have to be answered.
    """

    poll: str
    title: Words
    result: str
    winners: tuple[NamedOption, ...]
    minority: MinorityReason | None
    runners_up: tuple[NamedOption, ...]
    unread: bool = False
    department: str = ""
    answered: bool = False
    again: bool = False
    due_at: datetime | None = None

    def to_json(self) -> dict[str, JSON]:
        return {
            "poll": self.poll,
            "title": dict(self.title),
            "result": self.result,
            "department": self.department,
            "winners": [one.to_json() for one in self.winners],
            "minority": self.minority.to_json() if self.minority else None,
            "runners_up": [one.to_json() for one in self.runners_up],
            "unread": self.unread,
            "answered": self.answered,
            "again": self.again,
            "due_at": iso(self.due_at) if self.due_at else None,
        }


def asked_of(
    poll: str,
    result: Mapping[str, JSON],
    *,
    sha256: str,
    reasons: Iterable[tuple[str, str, str, int]],
    unread: Iterable[tuple[str, str, str, int]] = (),
    steps: int,
) -> ToAnswer:
    """What the answer to a published result has to speak of.

    ``reasons`` are question, option, text and number of voters, ``unread`` the same of those
    that no moderator has read; the number is told in ``steps``, so that no two tellings differ
    by one voter.
    """
    winners = tuple(_winners(result))
    won = {(one.question, one.option) for one in winners}
    minority = _strongest(result, [one for one in reasons if one[:2] not in won])
    waiting = _strongest(result, [one for one in unread if one[:2] not in won])
    waits = waiting is not None and (minority is None or waiting.voters > minority.voters)
    if minority is not None:
        minority = replace(minority, voters=minority.voters // steps * steps)
    return ToAnswer(
        poll=poll,
        title=result["title"],
        result=sha256,
        winners=winners,
        minority=minority,
        runners_up=() if minority else tuple(_runners_up(result, won)),
        unread=waits,
    )


def _winners(result: Mapping[str, JSON]) -> Iterable[NamedOption]:
    for question in result["questions"]:
        titles = {one["id"]: one["title"] for one in question["options"]}
        for winner in question["outcome"]["winners"]:
            yield NamedOption(question["id"], winner, titles[winner])


def _strongest(
    result: Mapping[str, JSON], reasons: Iterable[tuple[str, str, str, int]]
) -> MinorityReason | None:
    named = {
        (question["id"], one["id"]): (place, NamedOption(question["id"], one["id"], one["title"]))
        for question in result["questions"]
        for place, one in enumerate(question["options"])
    }
    order = [question["id"] for question in result["questions"]]
    found = min(
        (one for one in reasons if one[:2] in named),
        key=lambda one: (-one[3], order.index(one[0]), named[one[0], one[1]][0], one[2]),
        default=None,
    )
    if found is None:
        return None
    question, option, text, voters = found
    return MinorityReason(named[question, option][1], text, voters)


def _runners_up(result: Mapping[str, JSON], won: set[tuple[str, str]]) -> Iterable[NamedOption]:
    for question in result["questions"]:
        totals = question["outcome"]["totals"]
        lost = [
            (Fraction(totals.get(one["id"]) or 0), -place, one)
            for place, one in enumerate(question["options"])
            if (question["id"], one["id"]) not in won and one["id"] != NONE_OF_THESE
        ]
        for total, _, best in sorted(lost, key=lambda one: one[:2])[-1:]:
            if total:
                yield NamedOption(question["id"], best["id"], best["title"])


def check_answer(
    options: Sequence[Mapping[str, JSON]],
    minority: Mapping[str, JSON] | None,
    *,
    asked: ToAnswer,
    result: Mapping[str, JSON],
) -> None:
    """Everything that has to be spoken of is, each option once, and why where not adopted whole.

    ``result`` is the published document.  Raises OfficialAnswerRefused.
    """
    faults = Faults()
    said = _check_options(options, result, faults)
    for one in asked.winners:
        if (one.question, one.option) not in said:
            faults.add("options", f"says nothing of {one.option}, which won in {one.question}")
    for one in asked.runners_up:
        if (one.question, one.option) not in said:
            words = f"says nothing of {one.option}, which came second in {one.question}"
            faults.add("options", words)
    if asked.unread:
        faults.add("minority", "waits: moderators have not read a reason that many gave")
    else:
        _check_minority(minority, asked.minority, faults)
    faults.refuse(OfficialAnswerRefused)


def _check_options(
    options: Sequence[Mapping[str, JSON]], result: Mapping[str, JSON], faults: Faults
) -> set[tuple[str, str]]:
    asked = {q["id"]: {option["id"] for option in q["options"]} for q in result["questions"]}
    said: set[tuple[str, str]] = set()
    for place, one in enumerate(options):
        pair = (one["question"], one["option"])
        if pair[1] not in asked.get(pair[0], ()):
            faults.add(f"options[{place}].option", "is not an option of this poll")
        if pair in said:
            faults.add(f"options[{place}].option", "stands twice")
        if one["decision"] != ADOPTED and one["reason"] is None:
            words = "is needed where the option is not adopted, or only in part"
            faults.add(f"options[{place}].reason", words)
        said.add(pair)
    return said


def _check_minority(
    given: Mapping[str, JSON] | None, asked: MinorityReason | None, faults: Faults
) -> None:
    if given is None and asked is not None:
        faults.add("minority", f"is needed: it answers the reason {asked.id}")
    elif given is not None and asked is None:
        faults.add("minority", "answers a reason, and this poll has none to answer")
    elif given is not None and asked is not None and given["reason"] != asked.id:
        faults.add("minority.reason", f"is not the reason to answer, {asked.id}")


def check_expected(expected: date, *, now: datetime, zone: ZoneInfo) -> None:
    """An answer can only be expected from today on.  Raises OfficialAnswerRefused."""
    if expected < now.astimezone(zone).date():
        raise OfficialAnswerRefused({"expected": ["lies in the past"]})
