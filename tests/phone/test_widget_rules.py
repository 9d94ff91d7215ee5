"""The rules behind the widgets: whatever they let through the core takes, and nothing else."""

import json
import random
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

import pytest

from mvote.core.answers import AnswerRefused
from mvote.core.question import Question
from mvote.core.questions import QUESTIONS
from mvote.core.questions.conditions import is_asked
from mvote.core.questions.number import spell
from mvote.core.shapes import Amount, Choices, Ranking, Scores, Text
from mvote.core.text import text_fault
from tests.core.questions.samples import CASES, sample
from tests.phone.conftest import in_node
from tests.require import ROOT

MODULE = "widget_cases.mjs"
TRIES = 60


def asked(*calls: tuple[str, Any]) -> list[Any]:
    return in_node(calls, MODULE)


def every_question() -> list[Question]:
    return [sample(*case, blank=blank) for case in CASES for blank in (True, False)]


def random_answer(question: Question, chance: random.Random) -> list[Any]:
    """An answer of the right form, within the limits or beyond them."""
    kind = QUESTIONS.get(question.type)
    if kind.shape is Amount:
        limits = kind.limits(question)
        return [chance.randint(limits.least - 3, limits.most + 3)] * chance.randint(0, 1)
    ids = chance.sample(list(question.by_id), chance.randint(0, len(question.by_id)))
    if kind.shape is Choices:
        return ids
    if kind.shape is Scores:
        limits = kind.limits(question)
        lowest, highest = limits.lowest - 1, min(limits.highest + 1, limits.lowest + 12)
        return [[one, chance.randint(lowest, highest)] for one in ids]
    assert kind.shape is Ranking
    groups: list[list[str]] = []
    for one in ids:
        if groups and chance.random() < 0.2:
            groups[-1].append(one)
        else:
            groups.append([one])
    return [group[0] if len(group) == 1 else group for group in groups]


def core_says(question: Question, answer: list[Any]) -> Any:
    """The answer as the core writes it, None where it refuses it."""
    kind = QUESTIONS.get(question.type)
    try:
        return kind.write_answer(kind.read_answer(question, answer))
    except AnswerRefused:
        return None


def test_every_question_type_has_the_widget_that_the_core_names() -> None:
    [widgets] = asked(("widgets", {}))
    assert widgets == {kind.name: kind.widget for kind in QUESTIONS}


def test_limits_and_the_sentence_that_says_how_to_answer_are_those_of_the_core() -> None:
    questions = every_question()
    told = asked(*(("told", {"question": one.to_json()}) for one in questions))
    for question, said in zip(questions, told, strict=True):
        kind = QUESTIONS.get(question.type)
        limits = {name.replace("spend_all", "spendAll"): value for name, value in said_of(question)}
        assert {**limits, **said["limits"]} == said["limits"], question
        assert said["words"] == kind.describe(question)


def said_of(question: Question) -> Iterator[tuple[str, Any]]:
    yield from QUESTIONS.get(question.type).limits(question).to_json().items()


def test_a_widget_finds_a_fault_in_exactly_the_answers_that_the_core_refuses() -> None:
    chance = random.Random(360)
    calls, wanted = [], []
    for question in every_question():
        if QUESTIONS.get(question.type).shape is Text:
            continue
        answers = [random_answer(question, chance) for _ in range(TRIES)] + [[]]
        calls.append(("judged", {"question": question.to_json(), "answers": answers}))
        wanted.append([core_says(question, one) for one in answers])
    judged = asked(*calls)
    taken = 0
    for (_, given), ours, cores in zip(calls, judged, wanted, strict=True):
        for answer, one, core in zip(given["answers"], ours, cores, strict=True):
            assert (one["faults"] == []) == (core is not None), (given["question"], answer, one)
            if core is not None:
                taken += bool(core)
                assert one["written"] == core
            for fault in one["faults"]:
                assert set(fault) == {"ko", "en"}
                assert "undefined" not in json.dumps(fault)
    assert taken > TRIES


def test_texts_are_counted_and_refused_as_the_core_does() -> None:
    limits = {"least": 3, "most": 12}
    written = [
        "",
        "  \n\t ",
        "한글",
        "한글이",
        unicodedata.normalize("NFD", "한글이 열두 글자까지만"),
        "e\u0301\u0301\u0301 abc",
        "👩‍👩‍👧‍👦 👩‍👩‍👧",
        "one\r\ntwo\rx",
        "a\tb c",
        "abc\u202edef",
        "\u3164\u3164\u3164",
        "\u200b\u200b\u200bx",
        "thirteen char",
        "bell\u0007bell",
        "\U0001f600" * 12,
        "\U0001f600" * 13,
    ]
    [read] = asked(("texts", {"limits": limits, "texts": written}))
    for one, ours in zip(written, read, strict=True):
        text = ours["text"]
        assert unicodedata.normalize("NFC", text) == text
        assert ours["length"] == len(text)
        fault = len(text) < limits["least"] or text_fault(text, most=limits["most"], lines=True)
        assert bool(ours["faults"]) == bool(fault), one


def test_a_number_is_read_as_it_was_meant_or_not_at_all() -> None:
    typed = [
        "0",
        "-0",
        "12",
        " 1 234 ",
        "1,234.5",
        "1,23",
        "3.",
        ".5",
        "-2.50",
        "−2,5",
        "１２",
        "+7",
    ]
    typed += ["", ".", "-", "1.234", "1.230", "1e3", "0x10", "12원", "9007199254740993", "1.2.3"]
    for decimals in (0, 2):
        [read] = asked(("numbers", {"typed": typed, "decimals": decimals}))
        for one, ours in zip(typed, read, strict=True):
            assert ours == meant(one, decimals), one


def meant(typed: str, decimals: int) -> list[Any] | None:
    plain = unicodedata.normalize("NFKC", typed).replace(" ", "").replace("−", "-")
    parts = plain.split(".")[0].lstrip("+-").split(",")
    if (len(parts) > 1 and any(len(part) != 3 for part in parts[1:])) or not plain.isascii():
        return None
    try:
        scaled = Decimal(plain.replace(",", "")).scaleb(decimals)
    except InvalidOperation:
        return None
    if "e" in plain or scaled != scaled.to_integral_value() or abs(scaled) > 2**53 - 1:
        return None
    return [int(scaled), spell(int(scaled), decimals)]


@pytest.mark.parametrize(
    ("steps", "after"),
    [
        ([["moved", "c", -1]], [["a"], ["c"], ["b"], ["d", "e"]]),
        ([["moved", "a", -1]], [["a"], ["b"], ["c"], ["d", "e"]]),
        ([["moved", "a", 1]], [["b"], ["a"], ["c"], ["d", "e"]]),
        ([["moved", "c", 1]], [["a"], ["b"], ["d", "e"], ["c"]]),
        ([["moved", "d", -1]], [["a"], ["b"], ["c"], ["d"], ["e"]]),
        ([["moved", "d", 1]], [["a"], ["b"], ["c"], ["e"], ["d"]]),
        ([["joined", "b"]], [["a", "b"], ["c"], ["d", "e"]]),
        ([["joined", "a"]], [["a"], ["b"], ["c"], ["d", "e"]]),
        ([["joined", "e"]], [["a"], ["b"], ["c"], ["d"], ["e"]]),
        ([["removed", "d"], ["removed", "b"]], [["a"], ["c"], ["e"]]),
    ],
)
def test_two_buttons_and_one_for_shared_ranks_reach_every_ranking(
    steps: list[Any], after: list[list[str]]
) -> None:
    groups = [["a"], ["b"], ["c"], ["d", "e"]]
    assert asked(("moves", {"groups": groups, "steps": steps})) == [after]


def test_none_of_these_and_the_others_take_each_others_place() -> None:
    several = sample("multiple-choice", 1).to_json()
    one = sample("single-choice", 1).to_json()
    assert asked(
        ("chosen", {"question": several, "ids": ["a", "b"], "taps": ["none"]}),
        ("chosen", {"question": several, "ids": ["none"], "taps": ["c", "a"]}),
        ("chosen", {"question": one, "ids": ["a"], "taps": ["b"]}),
    ) == [["none"], ["c", "a"], ["b"]]


def test_a_search_finds_parts_of_words_without_case_or_accents_and_by_first_consonants() -> None:
    queries = ["공원", "ㄱㅇ", "한강공", "zielen", "MOKOTOW lawki", "숲", "ㅎㄱ 조명", "ㅅ"]
    text = "한강 공원 조명 · Zieleń i ławki na Mokotowie"
    [found] = asked(("holds", {"text": text, "queries": queries}))
    assert found == [True, True, True, True, True, False, True, False]


def test_the_questions_that_are_asked_are_those_that_the_core_asks() -> None:
    first = sample("multiple-choice", id="q1")
    again = {"question": "q2", "any_of": ["yes"]}
    second = sample("yes-no", id="q2", only_if={"question": "q1", "any_of": ["b", "c"]})
    third = sample("number", id="q3", only_if=again)
    questions = [first, second, third]
    answers = [
        {"q1": ["a", "b"], "q2": ["yes"], "q3": []},
        {"q1": ["a"], "q2": ["yes"], "q3": []},
        {"q1": ["c"], "q2": ["no"], "q3": []},
        {"q1": []},
    ]
    [ours] = asked(
        ("asked", {"questions": [one.to_json() for one in questions], "answers": answers})
    )
    for given, ids in zip(answers, ours, strict=True):
        read: dict[str, Any] = {}
        for question in questions:
            if is_asked(question, read) and question.id in given:
                read[question.id] = Choices.of(map(str, given[question.id]))
        assert ids == [one.id for one in questions if is_asked(one, read)]


def test_no_widget_reads_markup_sets_a_style_or_speaks_to_anybody() -> None:
    modules = {one.name: one.read_text() for one in (ROOT / "mvote/phone/widgets").iterdir()}
    assert len(modules) > len(QUESTIONS.names())
    kept_off = ("innerHTML", "insertAdjacentHTML", ".style", "'style'", "fetch(", "localStorage")
    assert {name for name, text in modules.items() if any(one in text for one in kept_off)} == set()
    imported = {one for text in modules.values() for one in re.findall(r"from '([^']*)'", text)}
    assert imported
    assert {one for one in imported if not one.startswith(("./", "../app/"))} == set()
