"""Whatever is laid before the command ends in a code and a sentence, and fills no memory."""

import io
import json
import os
import random
import stat
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from mvote.core.verify import verification
from mvote.core.verify.__main__ import main
from mvote.core.verify.archive import MOST_FILES
from mvote.core.verify.beside import Beside
from mvote.core.verify.report import NOT_SOUND, SOUND, UNREADABLE
from mvote.core.verify.verification import verify_bundle
from tests.core.verify.city import Case, City, sound, with_lines
from tests.core.verify.conftest import Verify, failed

Capture = pytest.CaptureFixture[str]


def zipped(members: dict[str, bytes], **header: int) -> bytes:
    """A ZIP file; ``header`` changes what the directory says about its last file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    raw = bytearray(out.getvalue())
    at = raw.rindex(b"PK\1\2")
    places = {"flags": 8, "method": 10, "packed": 20, "size": 24, "kind": 40, "offset": 42}
    for field, value in header.items():
        long = field in ("packed", "size", "offset")
        struct.pack_into("<I" if long else "<H", raw, at + places[field], value)
    return bytes(raw)


def full(city: City) -> dict[str, bytes]:
    return {"manifest.json": Case(city.files).manifest, **city.files}


def twice(city: City) -> bytes:
    """Two directory entries of one name, made from names of one length."""
    return zipped({**full(city), "poll.jsox": b"{}"}).replace(b"poll.jsox", b"poll.json")


def directory_of(length: int) -> bytes:
    """The end of a ZIP file that claims a directory of so many bytes."""
    return struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, length, 0, 0)


HOSTILE: dict[str, Callable[[City], bytes]] = {
    "nothing": lambda _: b"",
    "no ZIP file": lambda _: b"%PDF-1.7",
    "a ZIP file of nothing": lambda _: zipped({"x": b""})[-22:-12] + bytes(12),
    "cut off": lambda city: zipped(full(city))[:-30],
    "cut off in the middle": lambda city: zipped(full(city))[:3000],
    "something before it": lambda city: b"#!/bin/sh\n" + zipped(full(city)),
    "something behind it": lambda city: zipped(full(city)) + b"more",
    "another ZIP file before it": lambda city: zipped(city.files) + zipped(full(city)),
    "a bomb": lambda city: zipped({**full(city), "VERIFY.md": bytes(2**24)}),
    "a bomb of entries": lambda city: zipped({**full(city), "entries.jsonl": b"\n" * 2**23}),
    "a bomb that lies about its size": lambda city: zipped(
        {**full(city), "VERIFY.md": bytes(2**22)}, size=100
    ),
    "a file that says it is larger": lambda city: zipped(full(city), size=2**20),
    "a file that says it is huge": lambda city: zipped(full(city), size=0xFFFFFFF0),
    "a file behind the end": lambda city: zipped(full(city), offset=2**24),
    "a file that reaches into the directory": lambda city: zipped(full(city), packed=2**20),
    "files that overlap": lambda city: zipped(full(city), offset=40),
    "encrypted": lambda city: zipped(full(city), flags=1),
    "packed in another way": lambda city: zipped(full(city), method=12),
    "a symbolic link": lambda city: zipped(full(city), kind=stat.S_IFLNK | 0o777),
    "a device": lambda city: zipped(full(city), kind=stat.S_IFCHR),
    "a path upwards": lambda city: zipped({**full(city), "../poll.json": b""}),
    "a path inside": lambda city: zipped({**full(city), "checkpoints/../../x": b""}),
    "an absolute path": lambda city: zipped({**full(city), "/etc/passwd": b""}),
    "a path of another system": lambda city: zipped({**full(city), "..\\poll.json": b""}),
    "a drive of another system": lambda city: zipped({**full(city), "C:poll.json": b""}),
    "a stream of another system": lambda city: zipped({**full(city), "poll.json:x": b""}),
    "a name that steers terminals": lambda city: zipped({**full(city), "\x1b[2J": b""}),
    "a name twice": twice,
    "too many files": lambda _: zipped({str(one): b"" for one in range(MOST_FILES + 1)}),
    "a directory longer than the file": lambda _: directory_of(0xFFFFFFF0),
    "a long line that never ends": lambda city: zipped(
        {**full(city), "entries.jsonl": random.Random(1).randbytes(9 * 2**20).replace(b"\n", b"")}
    ),
    "no manifest": lambda city: zipped(city.files),
    "a manifest that is none": lambda city: zipped({**city.files, "manifest.json": b"[]"}),
    "a manifest with a number": lambda city: zipped(
        {**city.files, "manifest.json": b'{"files":{"poll.json":1},"v":1}'}
    ),
    "no result": lambda city: zipped(
        {name: one for name, one in full(city).items() if name != "result.json"}
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_bundle_is_unreadable(name: str, city: City, verify: Verify) -> None:
    report = verify(Case({}, packed=HOSTILE[name](city)))
    assert report.status == UNREADABLE
    assert report.unreadable
    assert all(report.unreadable[language] for language in ("ko", "en"))


def test_a_sparse_file_of_ten_gigabytes_is_not_read(tmp_path: Path) -> None:
    """Neither as it is, nor where its end says that all of it is a directory."""
    path = tmp_path / "bundle.zip"
    for end in (b"", directory_of(0xF0000000)):
        with path.open("wb") as file:
            file.truncate(10 * 2**30)
            file.seek(0, os.SEEK_END)
            file.write(end)
        assert verify_bundle(path, Beside()).status == UNREADABLE


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 100_000,
        b'{"a":' * 1_000 + b"1" + b"}" * 1_000,
        b'{"seq":' + b"9" * 100_000 + b"}",
        b'{"seq":1e999999}',
        b'{"seq":NaN}',
        b'{"seq":-0}',
        b'{"type":' + b"9" * 5_000 + b"}",
        b'{"type":["close"]}',
        b'{"type":"close","counts":[],"issued":1,"issued_sha256":"x"}',
        b'{"type":"suspend","position":1,"at":"9999-99-99T99:99:99Z"}',
        b'{"type":"suspend","position":1,"at":"2030-01-31T10:00:00Z","reason":{"ko":[]}}',
        b'{"permit":[],"permit":[]}',
        b'{"permit":{}}',
        b'"text"',
        b"\xff\xfe",
        b'{"a":"\\ud800"}',
        b'{"a":"\\u0000"}',
        b"\r",
    ],
    ids=lambda line: repr(line[:24]),
)
def test_a_hostile_line_breaks_the_spelling(city: City, verify: Verify, line: bytes) -> None:
    report = verify(with_lines(city, [*city.lines[:-1], line, city.lines[-1]]))
    assert report.status == NOT_SOUND
    assert failed(report) & {"canonical", "close-entry"}


def test_no_other_value_anywhere_in_a_file_stops_the_recount(city: City, verify: Verify) -> None:
    """Every value of the definition and the result, turned into one of another kind."""
    chance = random.Random(11)
    for name in ("poll.json", "result.json", "issued.json"):
        for _ in range(60):
            value = json.loads(city.files[name])
            _spoil(value, chance)
            spoiled = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            report = verify(Case({**city.files, name: spoiled.encode()}))
            assert report.status == NOT_SOUND, spoiled


def _spoil(value: object, chance: random.Random) -> None:
    """Change one value somewhere below."""
    while isinstance(value, dict | list) and value:
        key = chance.choice(list(value) if isinstance(value, dict) else list(range(len(value))))
        below = value[key]
        if not isinstance(below, dict | list) or not below or chance.random() < 0.3:
            others = [None, True, -1, 2**53 - 1, "", "x\u202e", [], {}, [[]], {"a": {}}, [None] * 3]
            value[key] = chance.choice([one for one in others if one != below])
            return
        value = below


def test_words_of_the_bundle_do_not_steer_the_terminal(city: City, verify: Verify) -> None:
    more = {**json.loads(city.files["result.json"]), "\x1b[2J\u202eSOUND.\n" * 50: 1}
    spelled = json.dumps(more, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    report = verify(Case({**city.files, "result.json": spelled.encode()}))
    said = next(one.words["en"] for one in report.checks if one.code == "result")
    assert said.isprintable()
    assert len(said) < 300


def test_what_nobody_foresaw_proves_nothing(
    city: City, verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    for fault in (MemoryError, RecursionError, ZeroDivisionError):
        monkeypatch.setattr(verification, "judge_all", _raising(fault))
        assert verify(Case(city.files)).status == UNREADABLE


def _raising(fault: type[BaseException]) -> Callable[..., None]:
    def raises(*_: object, **__: object) -> None:
        raise fault

    return raises


@pytest.fixture
def bundle(tmp_path: Path, city: City) -> Path:
    path = tmp_path / "bundle.zip"
    path.write_bytes(Case(city.files).bundle)
    return path


def test_the_command_answers_with_a_code_and_says_what_was_not_proved(
    bundle: Path, tmp_path: Path, city: City, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = sound(city)
    for name, content in (("receipt", case.receipt), ("checkpoint", case.earlier_checkpoint)):
        (tmp_path / name).write_text(str(content))
    beside = ["--board-key", str(case.board_key), "--receipt", str(tmp_path / "receipt")]
    beside += ["--earlier-checkpoint", str(tmp_path / "checkpoint")]
    assert main([str(bundle), *beside]) == SOUND
    shown = capsys.readouterr().out
    assert "SOUND." in shown
    assert "No outside cryptographer" in shown.rpartition("What was not proved:")[2]
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    assert main([str(bundle)]) == SOUND
    assert "외부의 암호 전문가" in capsys.readouterr().out.rpartition("확인되지 않은 것:")[2]


def test_files_zipped_anew_are_as_sound(bundle: Path, city: City) -> None:
    """In another order, unpacked, with folders, with a comment: only the contents count."""
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_STORED) as archive:
        archive.comment = b"zipped anew"
        archive.writestr("checkpoints/", b"")
        for name in sorted(full(city), reverse=True):
            archive.writestr(name, full(city)[name])
    assert verify_bundle(bundle, Beside()).status == SOUND


@pytest.mark.parametrize("option", ["--receipt", "--earlier-checkpoint", "--board-key"])
@pytest.mark.parametrize("given", ["", "nothing", ".", "garbage", "{}"])
def test_what_lies_beside_and_cannot_be_read_ends_in_two(
    bundle: Path, tmp_path: Path, capsys: Capture, option: str, given: str
) -> None:
    (tmp_path / "garbage").write_bytes(b"\xff\0" * 1000)
    value = given if option == "--board-key" else str(tmp_path / given)
    assert main([str(bundle), option, value, "--json"]) == UNREADABLE
    said = json.loads(capsys.readouterr().out)
    assert said["status"] == UNREADABLE
    assert set(said["unreadable"]) == {"ko", "en"}


@pytest.mark.parametrize("given", ["nothing", ".", "pipe", "link"])
def test_what_is_no_file_ends_in_two(tmp_path: Path, capsys: Capture, given: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "link")
    assert main([str(tmp_path / given), "--json"]) == UNREADABLE
    assert json.loads(capsys.readouterr().out)["unreadable"]["en"]


def test_one_object_is_printed_for_every_code(
    bundle: Path, tmp_path: Path, city: City, capsys: Capture
) -> None:
    bad = tmp_path / "bad.zip"
    bad.write_bytes(with_lines(city, city.lines[:-1]).bundle)
    for path, code in ((bundle, SOUND), (bad, NOT_SOUND), (tmp_path / "no", UNREADABLE)):
        assert main([str(path), "--json"]) == code
        said = json.loads(capsys.readouterr().out)
        assert (said["status"], said["sound"]) == (code, code == SOUND)


def test_an_interrupt_ends_in_a_word_and_its_own_code(
    bundle: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "judge_all", _raising(KeyboardInterrupt))
    assert main([str(bundle)]) == 130
    assert "Interrupted." in capsys.readouterr().err


def test_whoever_stops_reading_gets_the_code_and_no_traceback(bundle: Path) -> None:
    command = f'{sys.executable} -m mvote.core.verify "{bundle}"'
    for end in (">&-", "2>&- >/dev/full", "--json | true; exit ${PIPESTATUS[0]}"):
        done = subprocess.run(
            ["bash", "-c", f"{command} {end}"], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (SOUND, "")


def test_a_terminal_without_letters_of_ours_gets_what_it_can_show(bundle: Path) -> None:
    for option in ((), ("--json",)):
        done = subprocess.run(
            [sys.executable, "-m", "mvote.core.verify", str(bundle), *option],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "ko_KR"},
        )
        assert (done.returncode, done.stderr) == (SOUND, "")
        assert done.stdout.isascii()
