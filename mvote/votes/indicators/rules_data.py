"""The open data of a city: tables, their columns, and cells that are no formulas.

Files are RFC 4180 in UTF-8 with a byte order mark, as the other tables of mvote.  A text that
begins with one of ``= + - @``, their full-width forms, a tab, a line break or an apostrophe gets
one apostrophe in front.  Whoever reads a file by program takes one apostrophe off the front of
every text that has one, and has the very text again; numbers, times and ids never get one.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mvote.core.text import Words

STARTS = tuple("=+-@\t\r\n'＝＋－＠")
BYTE_ORDER_MARK = "\ufeff"
TEXT, CODE, INTEGER, DECIMAL = "text", "code", "integer", "decimal"
DATE, TIME, BOOLEAN = "date", "time", "boolean"
DATATYPES = {
    TEXT: "string",
    CODE: "string",
    INTEGER: "integer",
    DECIMAL: "decimal",
    DATE: "date",
    TIME: "dateTime",
    BOOLEAN: "boolean",
}
"""By kind of column, the datatype of CSV on the Web."""
ROWS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: str
    about: Words
    empty: bool = False


@dataclass(frozen=True, slots=True)
class DataTable:
    """``key`` names the columns that tell its rows apart."""

    name: str
    title: Words
    about: Words
    key: tuple[str, ...]
    columns: tuple[Column, ...]


def spell_rows(table: DataTable, rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """A file in pieces, the header first."""
    texts = [column.kind == TEXT for column in table.columns]
    yield (BYTE_ORDER_MARK + _lines([[column.name for column in table.columns]])).encode()
    waiting: list[Sequence[str]] = []
    for row in rows:
        pairs = zip(row, texts, strict=True)
        waiting.append([harmless(cell) if is_text else cell for cell, is_text in pairs])
        if len(waiting) == ROWS_AT_ONCE:
            yield _lines(waiting).encode()
            waiting = []
    yield _lines(waiting).encode()


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(STARTS) else text


def read_back(text: str) -> str:
    """The text that ``harmless`` was given."""
    return text.removeprefix("'")


def _lines(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def _column(name: str, kind: str, ko: str, en: str, *, empty: bool = False) -> Column:
    return Column(name, kind, {"ko": ko, "en": en}, empty)


_DEPARTMENT = _column("department", CODE, "담당 부서의 코드", "Code of the department in charge")
_RECORD = _column("record", CODE, "정책 토론 기록의 번호", "Id of the policy discussion record")
TABLES: dict[str, DataTable] = {
    one.name: one
    for one in (
        DataTable(
            "records",
            {"ko": "정책 토론 기록", "en": "Policy discussion records"},
            {
                "ko": "시가 다룬 사안과 그 진행 상태",
                "en": "Issues that the city took up, and where each stands",
            },
            ("record",),
            (
                _RECORD,
                _DEPARTMENT,
                _column("title_ko", TEXT, "제목(한국어)", "Title in Korean"),
                _column("title_en", TEXT, "제목(영어)", "Title in English"),
                _column("opened_at", TIME, "시작한 때", "When it was opened"),
                _column("closed_at", TIME, "종결한 때", "When it was closed", empty=True),
                _column("state", CODE, "상태", "Where it stands"),
            ),
        ),
        DataTable(
            "dues",
            {"ko": "답변 기한", "en": "What is owed by when"},
            {
                "ko": "부서가 언제까지 무엇을 답해야 하는지와 그 결과",
                "en": "What departments owe by when, and whether it came in time",
            },
            ("due",),
            (
                _column("due", CODE, "기한의 번호", "Id of the due"),
                _RECORD,
                _column("cause", CODE, "무엇에 대한 것인지", "What it is owed for"),
                _column("kind", CODE, "종류", "First reply, interim or full answer"),
                _DEPARTMENT,
                _column("within", CODE, "약속한 기간", "The time that was allowed", empty=True),
                _column("set_at", TIME, "기한을 정한 때", "When it was set"),
                _column("due_at", TIME, "기한", "By when it is owed"),
                _column("met_at", TIME, "답변한 때", "When it came", empty=True),
                _column("lifted_at", TIME, "취소한 때", "When it was lifted", empty=True),
                _column("late", BOOLEAN, "기한을 넘겼는지", "Whether it is or came late"),
                _column("days_late", INTEGER, "넘긴 날수", "Whole days past the date"),
                _column("pauses", INTEGER, "멈춘 횟수", "How often it was paused"),
                _column("moves", INTEGER, "넘긴 횟수", "How often it was handed on"),
            ),
        ),
        DataTable(
            "answers",
            {"ko": "부서의 답변", "en": "Answers"},
            {
                "ko": "투표의 선택지와 시민 제안마다 부서가 정한 것",
                "en": "What departments decided on options of polls, and on proposals",
            },
            ("record", "entry", "question", "option"),
            (
                _RECORD,
                _column("entry", INTEGER, "기록 안의 차례", "Number of the entry in the record"),
                _column("kind", CODE, "답변의 종류", "Kind of the entry"),
                _column("subject", CODE, "투표나 제안의 번호", "Id of the poll or proposal"),
                _column("version", INTEGER, "몇 번째 답변인지", "Which answer it is"),
                _column("at", TIME, "답변한 때", "When it was given"),
                _DEPARTMENT,
                _column("question", CODE, "질문", "The question of the poll", empty=True),
                _column("option", CODE, "선택지", "The option of the question", empty=True),
                _column("decision", CODE, "결정", "adopted, partly or not-adopted"),
                _column("reason_ko", TEXT, "까닭(한국어)", "Why, in Korean", empty=True),
                _column("reason_en", TEXT, "까닭(영어)", "Why, in English", empty=True),
                _column("digest", CODE, "항목의 SHA-256", "SHA-256 of the entry"),
            ),
        ),
        DataTable(
            "promises",
            {"ko": "약속의 단계", "en": "Promised steps"},
            {
                "ko": "부서가 약속한 단계와 기한, 끝낸 날",
                "en": "Steps that departments promised, by when, and when each was done",
            },
            ("promise", "step"),
            (
                _column("promise", CODE, "약속의 번호", "Id of the promise"),
                _column("step", INTEGER, "단계", "Number of the step"),
                _RECORD,
                _DEPARTMENT,
                _column("first_due", DATE, "처음 약속한 날", "The day first promised"),
                _column("due", DATE, "지금의 기한", "The day that holds now"),
                _column("done", DATE, "끝낸 날", "When it was done", empty=True),
            ),
        ),
        DataTable(
            "proposals",
            {"ko": "시민 제안", "en": "Proposals"},
            {
                "ko": "시민이 낸 제안과 공감 수",
                "en": "What citizens proposed, and how many support it",
            },
            ("proposal",),
            (
                _column("proposal", CODE, "제안의 번호", "Id of the proposal"),
                _column("call", CODE, "모집의 번호", "Id of the call"),
                _DEPARTMENT,
                _column("topic", CODE, "주제", "Topic", empty=True),
                _column("district", CODE, "지역", "District", empty=True),
                _column("title", TEXT, "제목", "Title; empty where it is hidden", empty=True),
                _column("opened", DATE, "낸 날", "The day it was made"),
                _column("state", CODE, "상태", "Where it stands"),
                _column("supports", INTEGER, "공감 수", "How many support it"),
                _column("stages", INTEGER, "넘은 기준의 수", "How many stages it reached"),
                _column("record", CODE, "기록의 번호", "Id of its record", empty=True),
            ),
        ),
        DataTable(
            "indicators",
            {"ko": "시의 지표", "en": "Indicators"},
            {
                "ko": "시가 재어 알린 값과 출처",
                "en": "What the city measures, with its sources",
            },
            ("indicator", "period"),
            (
                _column("indicator", CODE, "지표의 번호", "Id of the indicator"),
                _DEPARTMENT,
                _column("name_ko", TEXT, "이름(한국어)", "Name in Korean"),
                _column("name_en", TEXT, "이름(영어)", "Name in English"),
                _column("unit_ko", TEXT, "단위(한국어)", "Unit in Korean"),
                _column("unit_en", TEXT, "단위(영어)", "Unit in English"),
                _column("period", CODE, "기간", "Year, quarter, month or day"),
                _column("value", DECIMAL, "값", "Value"),
                _column("target", DECIMAL, "목표", "Target", empty=True),
                _column("source", TEXT, "출처", "Where the value is from"),
                _column("version", INTEGER, "몇 번째 값인지", "Which value for this period it is"),
            ),
        ),
    )
}
