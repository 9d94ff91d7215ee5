"""``mvote count``: an election as others published it, counted by a method of ours."""

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from mvote.core.canonical import JSON
from mvote.core.counting import METHODS
from mvote.core.counting.method import AnyMethod
from mvote.core.counting.outcome import Outcome
from mvote.core.fields import FieldsRefused
from mvote.core.question import Question
from mvote.core.registry import UnknownPart
from mvote.core.ties import TIE_RULES, ChairNeeded, TieRule, tie_rule
from mvote.formats.election import Election
from mvote.formats.election_question import Countable, countable, option_value
from mvote.formats.file_order import FileOrder
from mvote.formats.marks import CELLS, DUPLICATES, OVERVOTES, Reading
from mvote.formats.reading import read_election
from mvote.formats.source import Unreadable, WrongValue
from mvote.operations import count_report

BAD_INPUT = 2
READING_OPTIONS: Mapping[str, Sequence[str]] = {
    "overvote": OVERVOTES,
    "skipped": ("0, 1, 2 …",),
    "duplicate": DUPLICATES,
    "rankings": ("1, 2, 3 …",),
    "cells": CELLS,
    "contest": ("id or name",),
    "candidates": ("A|B|C",),
}
LISTS_OF_IDS = ("withdrawn", "first_out")
FOR_FILES = ("contest", "candidates")
READING_WORDS: Mapping[str, str] = {
    "overvote": "a rank with several marks",
    "skipped": "so many skipped ranks in a row may be; more end the ballot",
    "duplicate": "an option ranked a second time",
    "rankings": "ranks after so many do not count",
    "cells": "what the cells of a CSV with a column for each option are",
    "contest": "which contest of a NIST file",
    "candidates": "all candidates in their order, where a CSV names them on ballots only",
}


@dataclass(frozen=True, slots=True)
class Counted:
    """A file, the question that was made of it, and the outcome."""

    election: Election
    question: Question
    outcome: Outcome


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--method", help="How to count; --list names the methods.")
@click.option("--seats", type=click.IntRange(1), help="How many win; else as the file says, or 1.")
@click.option("--option", "options", multiple=True, metavar="KEY=VALUE", help="See --list.")
@click.option("--ties", help="Rule for ties: " + ", ".join(TIE_RULES.names()) + ".")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--list", "as_list", is_flag=True, help="Name the methods and their options.")
def count(
    *,
    file: Path | None,
    method: str | None,
    seats: int | None,
    options: Sequence[str],
    ties: str | None,
    as_json: bool,
    as_list: bool,
) -> None:
    """Count a file of ballots as others published it.

    \b
    Formats (each also packed as .gz):
      .blt                      OpenSTV, OpaVote, Droop
      .soc .soi .toc .toi .cat  PrefLib
      .pb                       Pabulib
      .txt                      Debian tally sheets
      .csv                      one ballot a row: ranks (rank1, rank2 … or 1st Choice …),
                                a column ranking (A > B = C), choice or choices (A|B),
                                or a column for each option (crosses, ranks, scores)
      .json                     NIST SP 1500-103 cast vote records

    Ids are those of the file: the numbers of candidates in .blt, PrefLib and Debian's
    sheets, project ids in .pb, names in .csv, @id of the ContestSelection in .json.
    Plurality counts the first rank of a ranking, approval every option ranked, the
    first category of .cat; scores of .cat fall by one from category to category.
    In cast vote records and PrefLib files several options on one rank are an overvote,
    which ends the ballot there in instant run-off; elsewhere they share the rank.
    Where a file fixes an order for ties it holds, else they go to the option listed
    first, unless --ties says otherwise; `drawn` draws by the SHA-256 of the file.

    \b
    Exit code 2: the file cannot be read or cannot be counted so; a sentence says why.

    \b
    Examples:
      mvote count ward.blt --method stv-scottish
      mvote count mayor.csv --method irv --option overvote=exhaust --option skipped=1
      mvote count 00005-00000001.toi --method schulze --json
      mvote count budget.pb --method budget-greedy --option min_votes=100
      mvote count --list
    """
    if as_list:
        click.echo(count_report.listing(READING_OPTIONS, READING_WORDS, as_json=as_json))
        return
    if file is None or method is None:
        raise click.UsageError("needs FILE and --method (or --list)")
    try:
        counted = count_file(file, method=method, seats=seats, options=pairs(options), ties=ties)
    except Unreadable as fault:
        click.echo(f"mvote: {fault.sentence(count_report.language())}", err=True)
        sys.exit(BAD_INPUT)
    if as_json:
        found = report(counted)
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        count_report.show(counted.election, counted.question, counted.outcome)


def pairs(options: Iterable[str]) -> dict[str, str]:
    """``KEY=VALUE`` by key.  Raises UsageError for what is no pair or stands twice."""
    made: dict[str, str] = {}
    for one in options:
        key, sign, value = one.partition("=")
        if not sign or not key.strip() or key.strip() in made:
            raise click.UsageError(f"--option takes each KEY=VALUE once, but there is “{one}”")
        made[key.strip()] = value.strip()
    return made


def count_file(
    file: Path,
    *,
    method: str,
    seats: int | None = None,
    options: Mapping[str, str] | None = None,
    ties: str | None = None,
) -> Counted:
    """Read a file and count it.  Raises Unreadable with a sentence for whatever is wrong."""
    try:
        by = METHODS.get(method)
        rule = None if ties is None else TIE_RULES.get(ties)
        reading, given = _sorted_out(by, options or {})
    except UnknownPart as fault:
        raise Unreadable(file.name, 0, fault.sentences()) from None
    except WrongValue as fault:
        raise Unreadable(file.name, 0, fault.words) from None
    election = read_election(file, **_for_file(options or {}))
    try:
        return count_election(
            election,
            by,
            reading=reading,
            seats=seats,
            options=given,
            ties=_tie_rule(election, rule, file),
        )
    except WrongValue as fault:
        raise Unreadable(file.name, fault.line, fault.words) from None
    except FieldsRefused as fault:
        said = "; ".join(f"{key}: {', '.join(why)}" for key, why in fault.errors.items())
        words = {"ko": f"셀 수 없습니다. {said}", "en": f"cannot be counted so: {said}"}
        raise Unreadable(file.name, 0, words) from None
    except ChairNeeded as fault:
        raise Unreadable(file.name, 0, fault.sentences()) from None


def count_election(
    election: Election,
    method: AnyMethod,
    *,
    reading: Reading,
    seats: int | None,
    options: Mapping[str, JSON],
    ties: TieRule,
) -> Counted:
    """Count what was read.  Raises WrongValue and FieldsRefused."""
    made = countable(election, method, reading, seats=seats, options=options)
    _check_ballots(made)
    method.check_options(made.question)
    outcome = method.count(made.question, made.ballots.items(), ties=ties)
    return Counted(election, made.question, outcome)


def report(counted: Counted) -> dict[str, Any]:
    """What ``--json`` prints."""
    made = counted.outcome.to_json()
    made["options"] = [{"id": one.id, "name": one.name} for one in counted.election.candidates]
    made["rounds"] = [
        count_report.round_json(one, counted.election.scale) for one in counted.outcome.rounds
    ]
    first = ("method", "ballots", "valid", "options", "totals", "winners", "ties", "rounds")
    return {key: made[key] for key in (*first, *(key for key in made if key not in first))}


def _sorted_out(method: AnyMethod, options: Mapping[str, str]) -> tuple[Reading, dict[str, JSON]]:
    """Options for reading the marks, and those of the method.  Raises WrongValue."""
    reading = Reading()
    given: dict[str, JSON] = {}
    for key, text in options.items():
        if key in method.form or key == "withdrawn":
            given[key] = _option(key, text)
        elif key in FOR_FILES:
            continue
        elif key in READING_OPTIONS:
            reading = replace(reading, **{key: _reading_value(key, text)})
        else:
            known = ", ".join([*method.form, *(one for one in READING_OPTIONS)])
            raise WrongValue(
                f"{method.name} 방식에 없는 선택 사항 ‘{key}’입니다. 쓸 수 있는 것: {known}.",
                f"the method {method.name} has no option “{key}”; known: {known}.",
            )
    return reading, given


def _for_file(options: Mapping[str, str]) -> dict[str, Any]:
    """What the reader of a file is told."""
    listed = options.get("candidates", "").split("|")
    names = [" ".join(one.split()) for one in listed if one.strip()]
    return {"contest": options.get("contest"), "candidates": names}


def _option(key: str, text: str) -> JSON:
    if key in LISTS_OF_IDS:
        parts = text.split("|" if "|" in text else ",")
        return [" ".join(one.split()) for one in parts if one.strip()]
    return option_value(text)


def _reading_value(key: str, text: str) -> Any:
    if key in ("skipped", "rankings"):
        if not (text.isascii() and text.isdigit() and len(text) < 6) or text == "0" * (
            key == "rankings"
        ):
            raise WrongValue(
                f"{key} 값은 정수여야 합니다: ‘{text}’.",
                f"{key} has to be a whole number, but is “{text}”.",
            )
        return int(text)
    if text not in READING_OPTIONS[key]:
        known = ", ".join(READING_OPTIONS[key])
        raise WrongValue(
            f"{key} 값은 다음 가운데 하나여야 합니다: {known}.",
            f"{key} has to be one of: {known}.",
        )
    return text


def _tie_rule(election: Election, rule: TieRule | None, file: Path) -> TieRule:
    """The rule that was named, else the file's own order, else the order of its options."""
    if rule is not None:
        return tie_rule(rule.name, poll_hash=_digest(file))
    if election.tie_order:
        return FileOrder(best_first=election.tie_order)
    return tie_rule("listed", poll_hash="")


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _check_ballots(made: Countable) -> None:
    if not made.ballots:
        raise WrongValue(
            "표가 없습니다. 표가 하나는 있어야 합니다.",
            "there are no ballots; at least one is expected.",
        )
    if made.blank:
        raise WrongValue(
            "모든 표가 무효이거나 비어 있어 셀 것이 없습니다.",
            "every ballot is blank, so there is nothing to count.",
        )
