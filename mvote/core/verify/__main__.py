"""``python -m mvote.core.verify BUNDLE``: recount, and say what was and was not proved."""

import argparse
import contextlib
import json
import os
import sys
from pathlib import Path
from typing import TextIO

from mvote.core.text import Words
from mvote.core.verify.beside import Beside
from mvote.core.verify.report import LABELS, LIMITS, SOUND, Report
from mvote.core.verify.verification import unreadable, verify_bundle
from mvote.core.verify.words import shown

MOST_BESIDE = 2**20
INTERRUPTED = 130
SIGNS = {"passed": "✓", "failed": "✗", "skipped": "–"}


def main(arguments: list[str] | None = None) -> int:
    """The exit code: 0 sound, 1 not sound, 2 unreadable, 130 interrupted."""
    asked = _parser().parse_args(arguments)
    language = "ko" if _is_korean() else "en"
    shows = sys.stderr is not None and sys.stderr.isatty() and not asked.json
    try:
        report = _verify(asked, shows)
    except KeyboardInterrupt:
        stopped: Words = {"ko": "중단했습니다.", "en": "Interrupted."}
        _write(sys.stderr, f"\n{stopped[language]}\n")
        return INTERRUPTED
    if shows:
        _write(sys.stderr, "\r\033[K")
    _write(sys.stdout, _as_json(report) if asked.json else _spell(report, language))
    return report.status


def _verify(asked: argparse.Namespace, shows: bool) -> Report:
    try:
        beside = Beside(asked.board_key, _read(asked.receipt), _read(asked.earlier_checkpoint))
    except (OSError, ValueError) as error:
        return unreadable("not-opened", shown(str(getattr(error, "filename", None) or error)))
    return verify_bundle(asked.bundle, beside, _progress if shows else lambda *_: None)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mvote verify",
        description="Count a secret poll again from its recount bundle, and check every "
        "signature, permit and commitment in it.",
        epilog="Exit code 0: sound; 1: not sound; 2: the bundle, or what is laid beside it, "
        "cannot be read. Needs neither a server nor a database, only the packages "
        "cryptography and rfc8785.",
    )
    parser.add_argument("bundle", type=Path, metavar="BUNDLE", help="the ZIP file")
    parser.add_argument(
        "--board-key",
        metavar="K",
        help="the board's public key from elsewhere than the bundle, as base64url or as a "
        "C2SP verifier key",
    )
    parser.add_argument("--receipt", type=Path, metavar="F", help="a receipt to look for")
    parser.add_argument(
        "--earlier-checkpoint", type=Path, metavar="F", help="a checkpoint kept from before"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _read(path: Path | None) -> bytes | None:
    """What is laid beside the bundle; more than a megabyte of it is none of it."""
    if path is None:
        return None
    with path.open("rb") as file:
        return file.read(MOST_BESIDE)


def _is_korean() -> bool:
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    return next((os.environ[n] for n in names if os.environ.get(n)), "").startswith("ko")


def _progress(done: int, size: int) -> None:
    _write(sys.stderr, f"\r{done * 100 // max(size, 1)} %")


def _as_json(report: Report) -> str:
    """One object; escaped where the terminal cannot show every letter."""
    coded = getattr(sys.stdout, "encoding", None) or ""
    plain = coded.lower().replace("-", "") != "utf8"
    return json.dumps(report.to_json(), ensure_ascii=plain, indent=2) + "\n"


def _write(stream: TextIO | None, text: str) -> None:
    """Whoever stopped reading changes nothing about what was found."""
    if stream is None:
        return
    coded = getattr(stream, "encoding", None) or "utf-8"
    try:
        stream.write(text.encode(coded, "backslashreplace").decode(coded))
        stream.flush()
    except (OSError, ValueError):
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _spell(report: Report, language: str) -> str:
    """The report for people."""
    if report.unreadable is not None:
        return report.unreadable[language] + "\n"
    verdict: Words = {"ko": "맞습니다.", "en": "SOUND."}
    if report.status != SOUND:
        verdict = {"ko": "맞지 않습니다.", "en": "NOT SOUND."}
    lines = [f"{report.title[language]} · {report.poll}" if report.title else "", ""]
    for one in report.checks:
        lines.append(f"{SIGNS[one.state]} {LABELS[one.code][language]}: {one.words[language]}")
    for question, totals in (report.totals or {}).items():
        lines += ["", question, *(f"  {option}: {total}" for option, total in totals.items())]
    proved: Words = {"ko": "확인되지 않은 것:", "en": "What was not proved:"}
    lines += ["", verdict[language], "", proved[language]]
    lines += [f"- {LIMITS[code][language]}" for code in report.not_proved]
    return "\n".join(lines).lstrip("\n") + "\n"


if __name__ == "__main__":
    sys.exit(main())
