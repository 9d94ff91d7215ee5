"""A city that voted, and what a bundle of its vote can be changed by."""

import copy
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from mvote.core.canonical import b64u, canonical_bytes, digest
from mvote.core.result import Figures, TieDecision, compose, decided, tally
from mvote.core.secrecy.ballot import leaf_of_bytes, write_secret_ballot
from mvote.core.secrecy.blind_permit import BlindPermit
from mvote.core.secrecy.blind_signing import BlindSigner
from mvote.core.secrecy.checkpoint import make_checkpoint, verifier_key
from tests.makers import budget_question, make_poll_draft, yes_no_question
from tests.phone.bundles import AT, POLL, Vote, zipped_as_is

Files = dict[str, bytes]
PARKS = budget_question(50, {"park": 30, "path": 25, "pool": 20}, blank=True, config={"limit": 60})
YES, NO = ({"q1": [one], "projects": ["path", "pool"]} for one in ("yes", "no"))


@dataclass(frozen=True)
class Case:
    """A bundle, and what its reader lays beside it from elsewhere.

    ``listed`` is a manifest in place of the one that fits, ``packed`` bytes in place of the
    packed files.
    """

    files: Files
    board_key: str | None = None
    receipt: str | None = None
    earlier_checkpoint: str | None = None
    listed: bytes | None = None
    packed: bytes | None = None

    @property
    def manifest(self) -> bytes:
        digests = {name: hashlib.sha256(one).hexdigest() for name, one in self.files.items()}
        return canonical_bytes({"v": 1, "files": digests})

    @property
    def bundle(self) -> bytes:
        if self.packed is not None:
            return self.packed
        return zipped_as_is({"manifest.json": self.listed or self.manifest, **self.files})


class City:
    """A vote of seven people, one of whom voted again, and three who did not use their permits."""

    def __init__(self, *, revote: bool = True, ties: str = "listed", **draft: Any) -> None:
        decision = {**make_poll_draft()["decision"], "ties": ties}
        self.signer = BlindSigner(generate_private_key(65537, 2048))
        self.questions: list[dict[str, Any]] = [yes_no_question(), PARKS]
        self.draft = {
            "questions": self.questions,
            "revote": revote,
            "decision": decision,
            "outage": {"extend": True, "most_seconds": 7200},
            **draft,
        }
        self.open = Vote(eligible=20, signer=self.signer, **self.draft)
        for number in range(7):
            self.open.cast(f"voter {number}", (YES, NO, YES)[number % 3])
        if revote:
            self.open.cast("voter 3", NO, seq=2)
        for idle in range(3):
            self.open.permit(f"idle {idle}")
        self.files = self.still_open().close()

    def still_open(self) -> Vote:
        """A copy to go on with; what it closes is made to fit and signed by the board."""
        made = copy.copy(self.open)
        made.entries, made.counting = [*made.entries], {**made.counting}
        made.issued = set(made.issued)
        return made

    @property
    def lines(self) -> list[bytes]:
        return self.files["entries.jsonl"].splitlines()

    @property
    def key(self) -> str:
        return verifier_key(self.open.origin, self.open.board.public_key())

    def ballot(self, place: int) -> Any:
        return json.loads(self.lines[place])


def sound(city: City) -> Case:
    receipt = city.open.receipt(leaf_of_bytes(city.lines[2]))
    return Case(city.files, city.key, receipt, city.open.checkpoint(4))


def with_lines(city: City, changed: list[bytes], **files: bytes) -> Case:
    joined = b"".join(line + b"\n" for line in changed)
    return Case({**city.files, "entries.jsonl": joined, **files}, city.key)


def with_entry(city: City, place: int, change: Callable[[Any], None]) -> Case:
    lines = city.lines
    value = json.loads(lines[place])
    change(value)
    lines[place] = canonical_bytes(value)
    return with_lines(city, lines)


def with_file(city: City, name: str, change: Callable[[Any], None]) -> Case:
    value = json.loads(city.files[name])
    change(value)
    return Case({**city.files, name: canonical_bytes(value)}, city.key)


def with_close_and_list(city: City, hashes: list[str]) -> Case:
    """The list of issued permits changed, and the close entry made to fit; not the root."""
    lines = city.lines
    close = json.loads(lines[-1])
    close.update(issued=len(hashes), issued_sha256=digest(hashes))
    lines[-1] = canonical_bytes(close)
    issued = {"eligible": 20, "issued": len(hashes), "hashes": hashes}
    return with_lines(city, lines, **{"issued.json": canonical_bytes(issued)})


def hashes_of(city: City) -> list[str]:
    found: list[str] = json.loads(city.files["issued.json"])["hashes"]
    return found


def recounted(city: City, lines: list[bytes]) -> Case:
    """Entries changed, with close entry and result made to fit; not the signed root."""
    vote = city.still_open()
    vote.entries = [city.lines[0], *lines]
    vote.counting, vote.ballots = {}, 0
    for line in lines:
        ballot = json.loads(line)
        if "bk" in ballot:
            vote.ballots += 1
            if vote.counting.get(ballot["bk"], (0, ""))[0] < ballot["seq"]:
                vote.counting[ballot["bk"]] = (ballot["seq"], json.dumps(ballot["ans"]))
    files = vote.close()
    kept = {name: city.files[name] for name in city.files if name.startswith("checkpoint")}
    return Case({**files, **kept}, city.key)


def with_outcome(city: City, question: int, **changes: Any) -> Case:
    return with_file(
        city, "result.json", lambda one: one["questions"][question]["outcome"].update(changes)
    )


def ballots_of(city: City) -> list[bytes]:
    return city.lines[1:-1]


def setting(**changes: Any) -> Callable[[Any], None]:
    return lambda value: value.update(changes)


def flipped(spelled: str) -> str:
    return ("B" if spelled[0] == "A" else "A") + spelled[1:]


def shift_totals(one: Any) -> None:
    totals = one["questions"][0]["outcome"]["totals"]
    totals["yes"], totals["no"] = totals["no"], totals["yes"]


def with_claimed_decision(city: City, **changes: Any) -> Case:
    reason = {"ko": "추첨", "en": "By lot"}
    made = {"question": "q1", "order": ["yes", "no"], "reason": reason, **changes}
    return with_file(
        city, "result.json", setting(tie_decisions=[{**made, "decided_at": "2030-02-01T12:00:00Z"}])
    )


def on_another_board(city: City) -> Case:
    """A whole board of the attacker's own: everything fits but the key from elsewhere."""
    other = Vote(eligible=20, signer=city.signer, **city.draft)
    other.board = Ed25519PrivateKey.generate()
    public = b64u(other.board.public_key().public_bytes_raw())
    other.definition = replace(other.definition, board_key=public)
    other.ph = other.definition.hash
    other.entries = [canonical_bytes(other.definition.to_json())]
    other.cast("voter 1", NO)
    return Case(other.close(), city.key)


def altered(city: City, place: int, **changes: Any) -> bytes:
    return canonical_bytes({**city.ballot(place), **changes})


def note(position: int) -> bytes:
    return canonical_bytes({"type": "suspend", "position": position, "at": "2030-01-31T10:00:00Z"})


def noted(city: City, *lines: Callable[[Vote], bytes]) -> Case:
    """A note, an outage that moves the closing, and what else stands behind them."""
    vote = city.still_open()
    for line in (note_on, outage_on, *lines):
        vote.entries.append(line(vote))
    return Case(vote.close(), city.key)


def note_on(vote: Vote, **changes: Any) -> bytes:
    """What officials noted on the poll, behind what is there already."""
    text = {"ko": "설명을 바로잡습니다.", "en": "The leaflet is put right."}
    made = {"type": "note", "position": len(vote.entries), "at": "2030-01-31T10:00:00Z"}
    return canonical_bytes({**made, "number": 1, "about": "poll", "text": text, **changes})


def outage_on(
    vote: Vote, *, begin: str = "12:00", end: str = "13:30", closes: str = "01:30", **changes: Any
) -> bytes:
    """An outage of the last day, and when the poll closes because of it."""
    day, next_day = "2030-01-31T{}:00Z", "2030-02-01T{}:00Z"
    outage = {"begin": day.format(begin), "end": day.format(end), "closes": next_day.format(closes)}
    at = day.format("14:00")
    return note_on(vote, **{"at": at, "number": 2, "about": "outage", "outage": outage, **changes})


def roll_on(vote: Vote, *, change: str = "added", raises: int = 1, **changes: Any) -> bytes:
    """Two officials corrected the roll."""
    roll = {"change": change, "day": "2030-01-31", "raises": raises}
    return note_on(vote, **{"about": "roll", "roll": roll, **changes})


def corrected(city: City, *lines: Callable[[Vote], bytes]) -> Case:
    """One permit more than were eligible at freezing, and what stands on the board about it."""
    vote = city.still_open()
    for late in range((vote.definition.roll.eligible or 0) + 1 - len(vote.issued)):
        vote.permit(f"late {late}")
    for line in lines:
        vote.entries.append(line(vote))
    return Case(vote.close(), city.key)


def foreign_checkpoint(city: City) -> bytes:
    other, size = Ed25519PrivateKey.generate(), len(city.lines)
    return make_checkpoint(other, origin=city.open.origin, size=size, root=bytes(32)).encode()


def made_up(city: City, permit: BlindPermit) -> bytes:
    """A ballot of a voter whom the operator made up."""
    ballot = write_secret_ballot(
        poll=POLL, ph=city.open.ph, answers=NO, permits=[permit], key=Ed25519PrivateKey.generate()
    )
    return canonical_bytes(ballot)


def forged_ballot(city: City) -> bytes:
    """Its permit is made by the attacker's own key, under the issuer's name."""
    signature = generate_private_key(65537, 2048).private_numbers().p.to_bytes(256, "big")
    return made_up(city, BlindPermit(city.open.definition.issuer[0].kid, bytes(32), signature))


def with_foreign_permit(city: City) -> bytes:
    return made_up(city, city.still_open().permit("voter 1"))


def rewritten(city: City) -> Vote:
    """The board without its second ballot."""
    vote = city.still_open()
    del vote.entries[2]
    del vote.counting["voter 1"]
    vote.ballots -= 1
    return vote


def composed(
    vote: Vote,
    counting: dict[str, tuple[int, str]],
    decision: TieDecision | None = None,
    **says: Any,
) -> dict[str, Any]:
    """The result of these ballots; ``says`` is what it claims that the chair decided."""
    grouped = [(answers, 1) for _, answers in counting.values()]
    decisions = [decision] if decision else []
    outcomes = tally(vote.definition, grouped, poll_hash=vote.ph, decisions=decided(decisions))
    figures = Figures(
        eligible=20, issued=len(vote.issued), voters=len(vote.counting), entries=vote.ballots
    )
    return compose(
        vote.definition,
        outcomes,
        figures,
        poll_hash=vote.ph,
        closed_at=AT,
        published_at=AT,
        tie_decisions=[replace(one, **says) for one in decisions],
    )


def poll_under_another_issuer(city: City) -> bytes:
    return canonical_bytes(Vote(eligible=20, **city.draft).definition.to_json())
