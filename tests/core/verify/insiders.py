"""Attacks of an operator who holds the board's key, signs what she likes and makes everything fit.

She has neither the issuer's private key (it was destroyed at close) nor the voters' ballot
keys, unless a voter helps.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mvote.core.canonical import canonical_bytes
from mvote.core.result import TieDecision
from mvote.core.secrecy.ballot import leaf_of_bytes
from tests.core.verify.city import (
    NO,
    YES,
    Case,
    City,
    altered,
    ballots_of,
    composed,
    corrected,
    forged_ballot,
    hashes_of,
    note,
    note_on,
    noted,
    outage_on,
    rewritten,
    roll_on,
    setting,
    with_foreign_permit,
)
from tests.phone.bundles import AT, Vote


def signed(city: City, *more: bytes, without: int = 0, count: bool = True) -> Case:
    """Entries more, perhaps one less, and everything made to fit and signed."""
    vote = city.still_open()
    for line in more:
        vote.entries.append(line)
        value = json.loads(line)
        if "bk" in value:
            vote.ballots += 1
            if count:
                vote.counting[value["bk"]] = (value["seq"], json.dumps(value["ans"]))
    if without:
        del vote.entries[without]
        vote.ballots -= 1
        del vote.counting[f"voter {without - 1}"]
    return Case(vote.close(), city.key)


def in_place_of(city: City, place: int, line: bytes) -> Case:
    """One entry changed, and everything made to fit and signed."""
    vote = city.still_open()
    vote.entries[place] = line
    value = json.loads(line)
    vote.counting[f"voter {place - 1}"] = (value["seq"], json.dumps(value["ans"]))
    return Case(vote.close(), city.key)


def in_the_name_of_a_voter(city: City) -> Case:
    """A later ballot under a voter's key and permit, signed by the operator's own key."""
    vote, ballot = city.still_open(), json.loads(with_foreign_permit(city))
    vote.entries.append(canonical_bytes({**ballot, "bk": city.ballot(2)["bk"], "seq": 2}))
    vote.counting["voter 1"] = (2, json.dumps(NO))
    vote.ballots += 1
    return Case(vote.close(), city.key)


def with_help(city: City, answers: Any, *, voter: str = "voter 0", seq: int = 1) -> Case:
    """A voter casts what the rules do not allow, and the board takes it."""
    vote = city.still_open()
    vote.cast(voter, answers, seq)
    if answers not in (YES, NO):
        vote.result = lambda: composed(vote, city.open.counting)  # type: ignore[method-assign]
    return Case(vote.close(), city.key)


def with_issuer(city: City) -> Case:
    """The poll frozen anew under a key of the operator's own, the ballots as they are."""
    vote = Vote(eligible=20, **city.draft)
    vote.entries += ballots_of(city)
    vote.counting, vote.issued, vote.ballots = city.open.counting, city.open.issued, 8
    return Case(vote.close(), city.key)


def with_issued(city: City, hashes: list[str]) -> Case:
    vote = city.still_open()
    vote.issued = set(hashes)
    return Case(vote.close(), city.key)


def with_close(city: City, change: Callable[[Any], None]) -> Case:
    """Another close entry, signed."""
    vote, files = city.still_open(), dict(city.files)
    lines = city.lines
    value = json.loads(lines[-1])
    change(value)
    lines[-1] = canonical_bytes(value)
    vote.entries = lines
    files["entries.jsonl"] = b"".join(line + b"\n" for line in lines)
    return Case({**files, "checkpoint": vote.checkpoint().encode()}, city.key)


def behind_the_close(city: City) -> Case:
    vote, files = city.still_open(), dict(city.files)
    vote.entries = [*city.lines, note(len(city.lines))]
    files["entries.jsonl"] = b"".join(line + b"\n" for line in vote.entries)
    return Case({**files, "checkpoint": vote.checkpoint().encode()}, city.key)


def by_lower_number(city: City) -> Case:
    """The result counts what voter 3 replaced."""
    vote = city.still_open()
    vote.counting["voter 3"] = (2, json.dumps(YES))
    return Case(vote.close(), city.key)


def reordered(city: City) -> Case:
    vote = city.still_open()
    vote.entries[1:4] = vote.entries[3:0:-1]
    return Case(vote.close(), city.key)


def decided_by_chair(city: City, order: list[str], claimed: list[str]) -> Case:
    """A tie in ``q1`` that the chair decided; ``claimed`` is what the result says she said."""
    vote, reason = city.still_open(), {"ko": "추첨으로 정했습니다.", "en": "By lot."}
    vote.cast("voter 7", NO)
    decision = TieDecision("q1", tuple(order), reason, AT)
    made = composed(vote, vote.counting, decision, order=tuple(claimed))
    vote.result = lambda: made  # type: ignore[method-assign]
    return Case(vote.close(), city.key)


OTHER_TEXT = {"ko": "설명", "en": "  "}
BAD_NOTES: dict[str, Callable[[Vote], bytes]] = {
    "of another place": lambda vote: note_on(vote, position=1),
    "about something else": lambda vote: note_on(vote, about="weather"),
    "without English": lambda vote: note_on(vote, text={"ko": "설명"}),
    "that says nothing": lambda vote: note_on(vote, text=OTHER_TEXT),
    "that corrects itself": lambda vote: note_on(vote, number=3, corrects=3),
    "numbered nought": lambda vote: note_on(vote, number=0),
    "with more in it": lambda vote: note_on(vote, by="somebody"),
    "about an outage that it does not tell": lambda vote: note_on(vote, about="outage"),
    "with an outage that it is not about": lambda vote: outage_on(vote, about="poll"),
    "of an outage told twice": lambda vote: outage_on(vote, closes="02:00"),
    "that moves the closing too far": lambda vote: outage_on(
        vote, begin="06:00", end="11:00", closes="06:30"
    ),
    "that moves the closing by more than the outage": lambda vote: outage_on(
        vote, begin="11:00", end="11:10", closes="02:00"
    ),
    "that moves the closing back": lambda vote: outage_on(
        vote, begin="11:00", end="11:10", closes="01:00"
    ),
    "of an outage to come": lambda vote: outage_on(
        vote, begin="15:00", end="15:10", closes="01:40"
    ),
    "that came when the poll had closed": lambda vote: outage_on(
        vote, begin="11:00", end="11:10", closes="01:40", at="2030-02-01T01:30:00Z"
    ),
    "of no time at all": lambda vote: outage_on(vote, begin="11:00", end="11:00", closes="01:30"),
    "about the roll that tells no change": lambda vote: note_on(vote, about="roll"),
    "of a change of the roll that it is not about": lambda vote: roll_on(vote, about="poll"),
    "of a change that there is not": lambda vote: roll_on(vote, change="forgotten"),
    "that adds two at once": lambda vote: roll_on(vote, raises=2),
    "that strikes somebody and raises the number": lambda vote: roll_on(vote, change="struck"),
    "that says whom": lambda vote: note_on(
        vote,
        about="roll",
        roll={"change": "added", "day": "2030-01-31", "raises": 1, "number": "010"},
    ),
    "of a day that there is not": lambda vote: note_on(
        vote, about="roll", roll={"change": "added", "day": "2030-02-31", "raises": 1}
    ),
    "with a time that is none": lambda vote: outage_on(vote, begin="25:00"),
}
"""By the board's key, behind the closing that an outage moved already."""


BY_THE_BOARD: dict[str, tuple[Callable[[City], Case], set[str]]] = {
    "a ballot altered": (
        lambda city: in_place_of(city, 1, altered(city, 1, ans=NO)),
        {"signatures"},
    ),
    "the number of a ballot altered": (
        lambda city: in_place_of(city, 1, altered(city, 1, seq=7)),
        {"signatures"},
    ),
    "a ballot made up, its permit signed by another key": (
        lambda city: signed(city, forged_ballot(city)),
        {"permits"},
    ),
    "a ballot made up with the permit of a voter": (
        lambda city: signed(city, with_foreign_permit(city)),
        {"permits"},
    ),
    "a ballot made up in the name of a voter": (in_the_name_of_a_voter, {"signatures"}),
    "a ballot twice": (
        lambda city: signed(city, city.lines[1], count=False),
        {"duplicate-seq"},
    ),
    "a ballot spelled in another way": (
        lambda city: in_place_of(city, 1, city.lines[1].replace(b":", b": ", 1)),
        {"canonical", "close-entry", "result"},
    ),
    "an entry of an unknown kind": (lambda city: signed(city, b'{"type":"x"}'), {"canonical"}),
    "a note at another place": (lambda city: signed(city, note(3)), {"canonical"}),
    **{
        f"a note {name}": (lambda city, line=line: noted(city, line), {"canonical"})
        for name, line in BAD_NOTES.items()
    },
    "a permit more, for somebody who was only struck": (
        lambda city: corrected(city, lambda vote: roll_on(vote, change="struck", raises=0)),
        {"counts"},
    ),
    "two ballots of one number, with a voter's help": (
        lambda city: with_help(city, NO),
        {"duplicate-seq"},
    ),
    "an answer over the budget, with a voter's help": (
        lambda city: with_help(
            city, {"q1": ["yes"], "projects": ["park", "path", "pool"]}, voter="x"
        ),
        {"answers"},
    ),
    "an answer left out, with a voter's help": (
        lambda city: with_help(city, {"q1": ["yes"]}, voter="x"),
        {"answers"},
    ),
    "an answer to what was not asked, with a voter's help": (
        lambda city: with_help(city, {**YES, "q9": ["yes"]}, voter="x"),
        {"answers"},
    ),
    "a replaced ballot counted": (by_lower_number, {"result"}),
    "the poll frozen anew under the operator's own issuer key": (with_issuer, {"permits"}),
    "fewer permits than voters": (
        lambda city: with_issued(city, hashes_of(city)[:3]),
        {"counts"},
    ),
    "more permits than eligible": (
        lambda city: with_issued(
            city, [hashlib.sha256(bytes([one])).hexdigest() for one in range(30)]
        ),
        {"counts"},
    ),
    "other counts in the close entry": (
        lambda city: with_close(city, lambda one: one["counts"].update(voters=6)),
        {"close-entry"},
    ),
    "another commitment to the issued list": (
        lambda city: with_close(city, setting(issued_sha256="0" * 64)),
        {"issued-list"},
    ),
    "another number of permits in the close entry": (
        lambda city: with_close(city, setting(issued=6)),
        {"issued-list"},
    ),
    "a key more in the close entry": (
        lambda city: with_close(city, setting(x=1)),
        {"close-entry", "issued-list"},
    ),
    "an entry behind the close": (behind_the_close, {"close-entry"}),
    "a root of other entries": (
        lambda city: Case(
            {**city.files, "checkpoint": rewritten(city).checkpoint().encode()}, city.key
        ),
        {"tree-root"},
    ),
    "an earlier checkpoint of other entries": (
        lambda city: Case(
            {**city.files, "checkpoints/4": rewritten(city).checkpoint(4).encode()}, city.key
        ),
        {"tree-root"},
    ),
    "a ballot dropped of which the receipt was kept": (
        lambda city: replace(
            signed(city, without=2), receipt=city.open.receipt(leaf_of_bytes(city.lines[2]))
        ),
        {"receipt"},
    ),
    "a ballot dropped behind a checkpoint that was kept": (
        lambda city: replace(signed(city, without=2), earlier_checkpoint=city.open.checkpoint(4)),
        {"earlier-checkpoint"},
    ),
    "ballots reordered behind a checkpoint that was kept": (
        lambda city: replace(reordered(city), earlier_checkpoint=city.open.checkpoint(4)),
        {"earlier-checkpoint"},
    ),
}


ONE_BALLOT_EACH: dict[str, tuple[Callable[[City], Case], set[str]]] = {
    "a second ballot where none may be replaced": (
        lambda city: with_help(city, NO, seq=2),
        {"duplicate-seq"},
    ),
    "a first ballot with a higher number": (
        lambda city: with_help(city, NO, voter="x", seq=2),
        {"duplicate-seq"},
    ),
}
"""Of a poll in which nobody may vote again."""
