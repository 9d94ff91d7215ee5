"""One record: its time line, promises and ratings, as a page, to print, and as Markdown."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from mvote.channels.feeds.telling import text_of
from mvote.core.phases import PollUnknown
from mvote.core.poll import PollNotFrozen
from mvote.core.text import Words
from mvote.core.times import iso
from mvote.installation import city_day
from mvote.pages import labels
from mvote.pages.public.views import department_names
from mvote.votes.discussions import service as records
from mvote.votes.discussions.rules import (
    ABOUT_POLLS,
    DECISION_WORDS,
    ERRATUM,
    GROUPS,
    KIND_WORDS,
    MERGED,
    SPLIT,
    RecordEntry,
)
from mvote.votes.discussions.rules_promises import OUTCOME_WORDS, STEP_WORDS
from mvote.votes.dues.rules import KIND_WORDS as DUE_WORDS
from mvote.votes.polls import service as polls

MARKS = re.compile(r"([\\`*_\[\]<>&|~])")
"""What Markdown (CommonMark and its tables) or HTML takes for more than a sign, anywhere."""
FIRST = re.compile(r"^(\d*)([-+#=.)])")
"""What it does at the beginning of a line: headings, lists, rules."""
BY: Words = {"ko": "담당 부서", "en": "Department"}
OPENED: Words = {"ko": "시작", "en": "Opened"}
CHECK: Words = {
    "ko": "각 항목의 SHA-256은 앞 항목의 것을 품습니다. 확인: mvote record check",
    "en": "The SHA-256 of each entry covers that of the one before. Check: mvote record check",
}


def view_record(record_id: str, *, now: datetime, group: str = "") -> dict[str, Any]:
    """One record; ``group`` narrows the time line.  Raises RecordUnknown."""
    found = records.get_record(record_id)
    rated, asked = records.list_replies(record_id)
    kinds = GROUPS[group][1] if group in GROUPS else None
    return {
        "record": found,
        "now": now,
        "entries": [one for one in found.entries if kinds is None or one.kind in kinds],
        "group": group if kinds else "",
        "groups": _groups_in(found.entries),
        "errata": _errata(found.entries),
        "titles": _option_titles(found.entries),
        "heads": records.find_heads(_others(found.entries, found.summary.merged_into)),
        "promises": records.list_promises(record_id),
        "today": city_day(now),
        "rated": rated,
        "asked": {one.poll: one for one in asked},
        "states": labels.RECORD_STATES,
        "kinds": KIND_WORDS,
        "dues": DUE_WORDS,
        "decisions": DECISION_WORDS,
        "outcomes": OUTCOME_WORDS,
        "step_states": STEP_WORDS,
        "departments": department_names(),
    }


def spell_markdown(record_id: str, language: str) -> str:
    """A record as Markdown, in one language, with every digest.  Raises RecordUnknown."""
    found, names = records.get_record(record_id), department_names()
    head = found.head
    lines = [
        f"# {plain(head.title[language])}",
        "",
        f"- {BY[language]}: {plain(_name(head.department, names, language))}",
        f"- {OPENED[language]}: {iso(head.opened_at)}",
        f"- SHA-256: `{head.digest()}`",
        "",
    ]
    for entry in found.entries:
        by = f" · {plain(_name(entry.by, names, language))}" if entry.by else ""
        lines += [f"## {entry.number}. {plain(KIND_WORDS[entry.kind][language])}", ""]
        lines += [f"{iso(entry.at)}{by}", ""]
        for part in (_said(entry) or {}).get(language, "").split("\n"):
            lines += [plain(part), ""] if part.strip() else []
        lines += [f"SHA-256: `{entry.digest}`", ""]
    return "\n".join([*lines, "---", "", CHECK[language], ""])


def plain(text: str) -> str:
    """Text that Markdown shows letter by letter, in one line."""
    return FIRST.sub(r"\1\\\2", MARKS.sub(r"\\\1", " ".join(text.split())))


def _said(entry: RecordEntry) -> Words | None:
    said = text_of(entry) or entry.body.get("title")
    return said if isinstance(said, dict) else None


def _name(department: str, names: dict[str, Words], language: str) -> str:
    return names[department][language] if department in names else department


def _groups_in(entries: Iterable[RecordEntry]) -> list[tuple[str, Words]]:
    """Those of which there is something to see."""
    there = {entry.kind for entry in entries}
    return [(name, words) for name, (words, kinds) in GROUPS.items() if there & set(kinds)]


def _errata(entries: Iterable[RecordEntry]) -> dict[int, list[int]]:
    """Numbers of the entries that correct an entry, by its number."""
    found: dict[int, list[int]] = defaultdict(list)
    for entry in entries:
        if entry.kind == ERRATUM:
            found[entry.body["entry"]].append(entry.number)
    return found


def _others(entries: Iterable[RecordEntry], merged_into: str | None) -> set[str]:
    """Other records that this one speaks of."""
    told = {entry.body["other"] for entry in entries if entry.kind in (MERGED, SPLIT)}
    return told | ({merged_into} if merged_into else set())


def _option_titles(entries: Iterable[RecordEntry]) -> dict[tuple[str, str, str], Words]:
    """Titles of options by poll, question and option, of the polls that there still are."""
    found: dict[tuple[str, str, str], Words] = {}
    for poll in {one.poll for one in entries if one.poll and one.kind in ABOUT_POLLS}:
        try:
            questions = polls.definition_of(poll).questions
        except (PollUnknown, PollNotFrozen):
            continue
        found |= {(poll, q.id, option.id): option.title for q in questions for option in q.options}
    return found
