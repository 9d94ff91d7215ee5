"""Opening a file of the field: unpacked, as UTF-8 lines, every fault with its line."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO, Any, NoReturn, cast

from mvote.core.text import Words

GZIP_MAGIC = b"\x1f\x8b"
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
SHOWN = 60
BROKEN_GZIP: Words = {
    "ko": "gzip 자료가 깨졌거나 중간에 잘렸습니다.",
    "en": "the gzip data is broken or cut off.",
}
NOT_UTF_8: Words = {
    "ko": "UTF-8 글이 아닙니다. 파일을 UTF-8로 저장해 주십시오.",
    "en": "the text is not UTF-8; save the file as UTF-8.",
}
NUL: Words = {
    "ko": "글에 있을 수 없는 NUL 문자가 있습니다. 파일이 깨졌거나 UTF-8이 아닙니다.",
    "en": "a NUL stands where text is expected: the file is damaged or not UTF-8.",
}


class Unreadable(Exception):
    """A file that cannot be read: which file, which line (0: the file as a whole), and why.

    No refusal of the API: a file is read by a command, which prints the sentence.
    """

    def __init__(self, file: str, line: int, reason: Words) -> None:
        self.file = file
        self.line = line
        self.reason = reason
        super().__init__(self.sentence("en"))

    def sentence(self, language: str) -> str:
        where = {"ko": f"{self.file}, {self.line}번째 줄", "en": f"{self.file}, line {self.line}"}
        return f"{where[language] if self.line else self.file}: {self.reason[language]}"


class WrongValue(ValueError):
    """One value is wrong; ``words`` say how.

    The reader knows where; once a file is read, ``line`` does (0: the file as a whole).
    """

    def __init__(self, ko: str, en: str) -> None:
        self.words: Words = {"ko": ko, "en": en}
        self.line = 0
        super().__init__(en)


def wrong(ko: str, en: str) -> NoReturn:
    """Raises WrongValue."""
    raise WrongValue(ko, en)


def shown(text: str) -> str:
    """A piece of a file that a sentence can quote: on one line and not too long."""
    plain = "".join(c if c.isprintable() else "�" for c in text[: SHOWN + 1])
    return plain if len(plain) <= SHOWN else plain[:SHOWN] + "…"


class Source:
    """The lines of a file; ``line`` is the last line given, from 1.

    ``fallback`` is an encoding for lines that are not UTF-8, for formats whose old
    files have another one; without it such a line is refused.
    """

    def __init__(self, path: Path, *, fallback: str | None = None) -> None:
        self.path = path
        self.name = path.name
        self.line = 0
        self._fallback = fallback

    def lines(self, *, newline: str | None = None) -> Iterator[str]:
        """The lines with their ends, as ``open(newline=…)`` gives them.  Raises WrongValue."""
        with opened(self.path) as raw:
            text = io.TextIOWrapper(
                raw, encoding="utf-8-sig", errors="surrogateescape", newline=newline
            )
            for line in text:
                self.line += 1
                if "\0" in line:
                    raise WrongValue(NUL["ko"], NUL["en"])
                yield line if line.isascii() else self._checked(line)

    def rows(self, *, delimiter: str = ",") -> Iterator[list[str]]:
        """The rows of a CSV file, empty ones too.  Raises WrongValue and csv.Error."""
        yield from csv.reader(self.lines(newline=""), delimiter=delimiter)

    def _checked(self, line: str) -> str:
        try:
            line.encode()
        except UnicodeEncodeError:
            if self._fallback is None:
                raise WrongValue(NOT_UTF_8["ko"], NOT_UTF_8["en"]) from None
            return line.encode(errors="surrogateescape").decode(self._fallback, errors="replace")
        return line

    @contextmanager
    def faults(self, refusal: type[Unreadable] = Unreadable) -> Iterator[None]:
        """Whatever goes wrong in the block becomes a ``refusal`` with file and line."""
        try:
            yield
        except WrongValue as fault:
            raise refusal(self.name, self.line, fault.words) from None
        except (gzip.BadGzipFile, EOFError, zlib.error):
            raise refusal(self.name, self.line, BROKEN_GZIP) from None
        except UnicodeDecodeError:
            raise refusal(self.name, self.line, NOT_UTF_8) from None
        except csv.Error as error:
            why = {
                "ko": f"CSV로 읽을 수 없습니다({error}).",
                "en": f"not readable as CSV ({error}).",
            }
            raise refusal(self.name, self.line, why) from None
        except OSError as error:
            said = error.strerror or type(error).__name__
            why = {"ko": f"파일을 읽을 수 없습니다({said}).", "en": f"cannot be read ({said})."}
            raise refusal(self.name, 0, why) from None


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of a file, unpacked where they begin like gzip, whatever the file is called.

    Raises OSError, and WrongValue for UTF-16, which no format here is written in.
    """
    with path.open("rb") as raw:
        packed = raw.read(len(GZIP_MAGIC)) == GZIP_MAGIC
        raw.seek(0)
        with gzip.open(raw) if packed else nullcontext(raw) as stream:
            unpacked = cast("IO[bytes]", stream)
            _refuse_utf_16(unpacked)
            yield unpacked


def _refuse_utf_16(stream: IO[Any]) -> None:
    begins = stream.read(2)
    stream.seek(0)
    if begins in UTF_16_MARKS:
        raise WrongValue(
            "UTF-16 파일입니다. 파일을 UTF-8로 저장해 주십시오.",
            "the file is UTF-16; save it as UTF-8.",
        )
