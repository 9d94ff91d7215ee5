"""Attacks of whoever has every file but no key: what carries no signature is made anew to fit."""

import json
from collections.abc import Callable

from mvote.core.canonical import b64u
from mvote.core.secrecy.ballot import leaf_of_bytes
from mvote.core.secrecy.checkpoint import make_checkpoint
from tests.core.verify.city import (
    Case,
    City,
    altered,
    ballots_of,
    flipped,
    foreign_checkpoint,
    forged_ballot,
    hashes_of,
    note,
    on_another_board,
    poll_under_another_issuer,
    recounted,
    rewritten,
    setting,
    shift_totals,
    with_claimed_decision,
    with_close_and_list,
    with_entry,
    with_file,
    with_foreign_permit,
    with_lines,
    with_outcome,
)

BY_STRANGERS: dict[str, tuple[Callable[[City], Case], set[str]]] = {
    "a ballot dropped": (
        lambda city: with_lines(city, city.lines[:2] + city.lines[3:]),
        {"tree-root", "close-entry", "result"},
    ),
    "a ballot dropped and everything recounted": (
        lambda city: recounted(city, ballots_of(city)[:1] + ballots_of(city)[2:]),
        {"tree-root"},
    ),
    "a higher number of a voter dropped and everything recounted": (
        lambda city: recounted(city, ballots_of(city)[:-1]),
        {"tree-root"},
    ),
    "a ballot added whose permit another key signed": (
        lambda city: recounted(city, [*ballots_of(city), forged_ballot(city)]),
        {"tree-root", "permits"},
    ),
    "a ballot added that spends the permit of another": (
        lambda city: recounted(city, [*ballots_of(city), with_foreign_permit(city)]),
        {"tree-root", "permits"},
    ),
    "a ballot twice and everything recounted": (
        lambda city: recounted(city, [*ballots_of(city), ballots_of(city)[0]]),
        {"tree-root", "duplicate-seq"},
    ),
    "ballots in another order": (
        lambda city: recounted(city, ballots_of(city)[::-1]),
        {"tree-root"},
    ),
    "an answer altered": (
        lambda city: recounted(
            city,
            [altered(city, 1, ans={**city.ballot(1)["ans"], "q1": ["no"]}), *ballots_of(city)[1:]],
        ),
        {"tree-root", "signatures"},
    ),
    "the number of a ballot raised": (
        lambda city: with_entry(city, 4, setting(seq=9)),
        {"tree-root", "signatures", "result"},
    ),
    "the nonce of a ballot altered": (
        lambda city: with_entry(city, 4, lambda one: one.update(nonce=flipped(one["nonce"]))),
        {"tree-root", "signatures"},
    ),
    "a ballot of another poll": (
        lambda city: with_entry(city, 1, setting(poll="fedcba9876543210")),
        {"tree-root", "permits", "signatures"},
    ),
    "a ballot of another version of the poll": (
        lambda city: with_entry(city, 1, setting(ph="0" * 64)),
        {"tree-root", "permits", "signatures"},
    ),
    "the permits of two voters swapped": (
        lambda city: with_entry(city, 1, setting(permit=city.ballot(2)["permit"])),
        {"tree-root", "permits", "signatures"},
    ),
    "a permit under another key's name": (
        lambda city: with_entry(city, 1, lambda one: one["permit"][0].update(kid="0" * 32)),
        {"tree-root", "permits", "signatures"},
    ),
    "a permit spent twice in one ballot": (
        lambda city: with_entry(city, 1, lambda one: one.update(permit=one["permit"] * 2)),
        {"tree-root", "permits", "signatures"},
    ),
    "no permit": (
        lambda city: with_entry(city, 1, setting(permit=[])),
        {"tree-root", "canonical", "close-entry"},
    ),
    "a key more in a ballot": (
        lambda city: with_entry(city, 1, setting(name="Kim")),
        {"tree-root", "canonical"},
    ),
    "a ballot key that signatures fit which nobody made": (
        lambda city: with_entry(city, 1, setting(bk=b64u(b"\1" + bytes(31)))),
        {"tree-root", "canonical"},
    ),
    "another question": (
        lambda city: with_file(city, "poll.json", lambda one: one["title"].update(en="Other")),
        {"poll-entry", "permits", "result"},
    ),
    "another poll": (
        lambda city: with_file(city, "poll.json", setting(poll="fedcba9876543210")),
        {"poll-entry", "checkpoint", "permits"},
    ),
    "another issuer's key": (
        lambda city: with_lines(
            city,
            [poll_under_another_issuer(city), *city.lines[1:]],
            **{"poll.json": poll_under_another_issuer(city)},
        ),
        {"tree-root", "permits", "result"},
    ),
    "an issuer's key of another exponent": (
        lambda city: with_file(city, "poll.json", lambda one: one["issuer"][0].update(e=3)),
        {"keys"},
    ),
    "an issuer's key that is short": (
        lambda city: with_file(
            city, "poll.json", lambda one: one["issuer"][0].update(n=b64u(b"\xff" * 128))
        ),
        {"keys"},
    ),
    "no issuer": (lambda city: with_file(city, "poll.json", setting(issuer=[])), {"keys"}),
    "another board's key in the poll": (
        lambda city: with_file(city, "poll.json", setting(board_key=b64u(b"\7" * 32))),
        {"board-key", "poll-entry", "permits"},
    ),
    "a whole board under another key": (on_another_board, {"board-key", "checkpoint"}),
    "a default of the definition spelled out": (
        lambda city: with_file(
            city, "poll.json", lambda one: one["questions"][0].update(none=False)
        ),
        {"poll-entry"},
    ),
    "entry 0 changed": (
        lambda city: with_entry(city, 0, lambda one: one["title"].update(en="Other")),
        {"tree-root", "poll-entry"},
    ),
    "the total of an option": (
        lambda city: with_outcome(city, 0, totals={"yes": "7", "no": "0"}),
        {"result"},
    ),
    "totals of two options swapped": (
        lambda city: with_file(city, "result.json", shift_totals),
        {"result"},
    ),
    "other winners": (lambda city: with_outcome(city, 1, winners=["park"]), {"result"}),
    "another decision": (
        lambda city: with_file(
            city, "result.json", lambda one: one["decision"]["chosen"].update(q1=["no"])
        ),
        {"result"},
    ),
    "another sentence about the decision": (
        lambda city: with_file(
            city, "result.json", lambda one: one["decision"]["words"].update(en="Built.")
        ),
        {"result"},
    ),
    "more voters in the result": (
        lambda city: with_file(city, "result.json", setting(voters=9)),
        {"result"},
    ),
    "a key more in the result": (
        lambda city: with_file(city, "result.json", setting(note="certified")),
        {"result"},
    ),
    "a question less in the result": (
        lambda city: with_file(city, "result.json", lambda one: one["questions"].pop()),
        {"result"},
    ),
    "a decision of the chair where a rule decides ties": (with_claimed_decision, {"result"}),
    "a result that is no object": (
        lambda city: Case({**city.files, "result.json": b"[]"}, city.key),
        {"canonical"},
    ),
    "other counts in the close entry": (
        lambda city: with_entry(city, -1, lambda one: one["counts"].update(voters=6)),
        {"tree-root", "close-entry"},
    ),
    "other counts of ballots in the close entry": (
        lambda city: with_entry(city, -1, lambda one: one["counts"].update(ballots=7)),
        {"tree-root", "close-entry"},
    ),
    "the close entry dropped": (
        lambda city: with_lines(city, city.lines[:-1]),
        {"tree-root", "close-entry", "issued-list"},
    ),
    "the close entry twice": (
        lambda city: with_lines(city, [*city.lines, city.lines[-1]]),
        {"tree-root", "close-entry"},
    ),
    "a ballot behind the close entry": (
        lambda city: with_lines(city, [*city.lines[:-2], city.lines[-1], city.lines[-2]]),
        {"tree-root", "close-entry"},
    ),
    "the log cut off, under its earlier checkpoint": (
        lambda city: with_lines(
            city, city.lines[:-1], checkpoint=city.files[f"checkpoints/{len(city.lines) - 1}"]
        ),
        {"close-entry", "issued-list"},
    ),
    "the checkpoint of an older tree": (
        lambda city: Case({**city.files, "checkpoint": city.open.checkpoint(4).encode()}, city.key),
        {"tree-root"},
    ),
    "an earlier checkpoint under another size": (
        lambda city: Case(
            {**city.files, "checkpoints/5": city.open.checkpoint(4).encode()}, city.key
        ),
        {"checkpoint"},
    ),
    "a checkpoint of another board": (
        lambda city: Case({**city.files, "checkpoint": foreign_checkpoint(city)}, city.key),
        {"checkpoint"},
    ),
    "a checkpoint without its signature": (
        lambda city: Case(
            {**city.files, "checkpoint": city.files["checkpoint"].partition(b"\n\n")[0] + b"\n\n"},
            city.key,
        ),
        {"checkpoint"},
    ),
    "a note of a suspension forged": (
        lambda city: with_lines(city, [city.lines[0], note(1), *city.lines[1:]]),
        {"tree-root"},
    ),
    "an entry of an unknown kind": (
        lambda city: with_lines(city, [*city.lines[:-1], b'{"type":"paper"}', city.lines[-1]]),
        {"tree-root", "canonical"},
    ),
    "a line that is no JSON": (
        lambda city: with_lines(city, [*city.lines[:-1], b"ballot", city.lines[-1]]),
        {"tree-root", "canonical"},
    ),
    "an empty line": (
        lambda city: with_lines(city, [*city.lines[:-1], b"", city.lines[-1]]),
        {"tree-root", "canonical"},
    ),
    "a ballot spelled in another way": (
        lambda city: with_lines(city, [city.lines[0], city.lines[1] + b" ", *city.lines[2:]]),
        {"tree-root", "canonical"},
    ),
    "the last line without its end": (
        lambda city: Case(
            {**city.files, "entries.jsonl": city.files["entries.jsonl"][:-1]}, city.key
        ),
        {"canonical"},
    ),
    "no entries": (
        lambda city: with_lines(city, []),
        {"tree-root", "poll-entry", "close-entry", "issued-list"},
    ),
    "a permit less on the issued list": (
        lambda city: with_file(city, "issued.json", lambda one: one["hashes"].pop()),
        {"issued-list"},
    ),
    "a permit more on the issued list": (
        lambda city: with_file(
            city,
            "issued.json",
            lambda one: one.update(hashes=[*one["hashes"], "f" * 64], issued=11),
        ),
        {"issued-list"},
    ),
    "a permit more on the issued list and in the close entry": (
        lambda city: with_close_and_list(city, [*hashes_of(city), "f" * 64]),
        {"tree-root", "result"},
    ),
    "a permit changed on the issued list": (
        lambda city: with_file(
            city, "issued.json", lambda one: one["hashes"].__setitem__(0, "0" * 64)
        ),
        {"issued-list"},
    ),
    "the issued list not sorted": (
        lambda city: with_close_and_list(city, hashes_of(city)[::-1]),
        {"tree-root", "issued-list"},
    ),
    "a permit twice on the issued list": (
        lambda city: with_close_and_list(city, [hashes_of(city)[0], *hashes_of(city)[:-1]]),
        {"tree-root", "issued-list"},
    ),
    "the issued list in capital letters": (
        lambda city: with_close_and_list(city, [one.upper() for one in hashes_of(city)]),
        {"tree-root", "issued-list"},
    ),
    "more eligible": (
        lambda city: with_file(city, "issued.json", setting(eligible=5000)),
        {"issued-list"},
    ),
    "an issued list that is no list": (
        lambda city: with_file(city, "issued.json", setting(hashes={})),
        {"issued-list"},
    ),
    "an issued list spelled in another way": (
        lambda city: Case(
            {**city.files, "issued.json": city.files["issued.json"] + b"\n"}, city.key
        ),
        {"canonical", "issued-list"},
    ),
    "a file more": (
        lambda city: Case({**city.files, "notes.txt": b"hello"}, city.key),
        {"manifest"},
    ),
    "a receipt of another poll": (
        lambda city: Case(
            city.files,
            city.key,
            json.dumps({**json.loads(city.open.receipt(bytes(32))), "poll": "fedcba9876543210"}),
        ),
        {"receipt"},
    ),
    "a forged receipt": (
        lambda city: Case(
            city.files,
            city.key,
            city.open.receipt(leaf_of_bytes(city.lines[1])).replace("00:10:00", "00:11:00"),
        ),
        {"receipt"},
    ),
    "a receipt of a ballot that is not there": (
        lambda city: Case(city.files, city.key, city.open.receipt(bytes(32))),
        {"receipt"},
    ),
    "an earlier checkpoint of another tree": (
        lambda city: Case(city.files, city.key, None, rewritten(city).checkpoint(4)),
        {"earlier-checkpoint"},
    ),
    "an earlier checkpoint beyond the board": (
        lambda city: Case(
            city.files,
            city.key,
            None,
            make_checkpoint(city.open.board, origin=city.open.origin, size=99, root=bytes(32)),
        ),
        {"earlier-checkpoint"},
    ),
    "an earlier checkpoint of another board": (
        lambda city: Case(city.files, city.key, None, foreign_checkpoint(city).decode()),
        {"earlier-checkpoint"},
    ),
}
