"""What ``mvote pool summarise`` shows people: groups, what represents them, what bridges them."""

import os
from collections.abc import Iterator, Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from mvote.core.opinion.statements import (
    bridging_statements,
    has_majorities,
    representative_statements,
)
from mvote.core.opinion.votes import Counts
from mvote.operations.count_report import language
from mvote.operations.pool_summary import Summary

SHOWN_MOST = 10
WIDE = 160
WORDS: Mapping[str, Mapping[str, str]] = {
    "head": {
        "ko": "{people:,}명이 진술 {statements:,}개에 투표했습니다.",
        "en": "{people:,} people voted on {statements:,} statements.",
    },
    "given": {"ko": "주어진 집단 {count}개", "en": "{count} groups as given"},
    "own": {"ko": "투표로 찾은 집단 {count}개", "en": "{count} groups found from the votes"},
    "ungrouped": {
        "ko": "{count:,}명은 어느 집단에도 속하지 않습니다.",
        "en": "{count:,} people are in no group.",
    },
    "turned": {
        "ko": "이 파일에서는 -1을 찬성으로 읽었습니다.",
        "en": "-1 was read as agree in this file.",
    },
    "group": {"ko": "집단", "en": "group"},
    "size": {"ko": "인원", "en": "people"},
    "stands": {"ko": "집단을 나타내는 진술", "en": "statements that represent it"},
    "agree": {"ko": "찬성", "en": "agree"},
    "disagree": {"ko": "반대", "en": "disagree"},
    "pass": {"ko": "넘김", "en": "pass"},
    "statement": {"ko": "진술", "en": "statement"},
    "bridging": {
        "ko": "집단을 잇는 진술 (집단마다 찬성 비율; * 모든 집단에서 과반 찬성)",
        "en": "bridging statements (agreeing per group; * more than half in every group)",
    },
}


def show(found: Summary) -> None:
    console = Console(width=None if os.isatty(1) else WIDE, highlight=False)
    statements = len(found.statements)
    console.print(Text(_said("head", people=found.participants, statements=statements)))
    console.print(Text(_said("own" if found.own else "given", count=len(found.groups))))
    if found.groups:
        console.print(_groups(found))
    console.print(Text(_said("bridging")))
    console.print(_bridging(found))


def notes(found: Summary) -> Iterator[str]:
    """What a reader of the figures has to know."""
    if found.ungrouped:
        yield _said("ungrouped", count=found.ungrouped)
    if found.agree < 0:
        yield _said("turned")


def _said(key: str, **facts: int) -> str:
    return WORDS[key][language()].format(**facts)


def _groups(found: Summary) -> Table:
    table = _table("group", "size", "stands")
    stands = representative_statements(found.groups)
    for name in found.groups:
        said = ", ".join(
            f"{one.statement} {_said('agree' if one.agrees else 'disagree')} {one.votes}/{one.seen}"
            for one in stands[name]
        )
        table.add_row(name, f"{found.sizes[name]:,}", Text(said))
    return table


def _bridging(found: Summary) -> Table:
    table = _table("statement", "agree", "disagree", "pass")
    for name in found.groups:
        table.add_column(Text(f"{_said('group')} {name}"), justify="right")
    groups = found.compared.values()
    for one in bridging_statements(groups)[:SHOWN_MOST]:
        all_of = found.statements[one]
        numbers = (f"{n:,}" for n in (all_of.agree, all_of.disagree, all_of.passed))
        shares = (_share(group[one]) for group in found.groups.values())
        table.add_row(one + (" *" if has_majorities(one, groups) else ""), *numbers, *shares)
    return table


def _share(counts: Counts) -> str:
    return f"{100 * counts.agree / counts.seen:.0f} %" if counts.seen else "-"


def _table(*keys: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for key in keys:
        left = key in ("group", "statement", "stands")
        table.add_column(Text(_said(key)), justify="left" if left else "right")
    return table
