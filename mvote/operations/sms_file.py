"""Read the codes that the file gateway wrote: what the simulated phones see on their screens."""

import json
import re
import threading
import time
from pathlib import Path

CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
WAIT_SECONDS = 60.0
LOOK_SECONDS = 0.005


class SmsFile:
    """The newest code for each number.  Threads may share it; each line is read once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = path.stat().st_size if path.exists() else 0
        self._rest = b""
        self._codes: dict[str, str] = {}
        self._lock = threading.Lock()

    def code_of(self, number: str) -> str:
        """Take the code that was sent to a number, in E.164.  Raises TimeoutError."""
        end = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < end:
            with self._lock:
                if number not in self._codes:
                    self._read_on()
                if number in self._codes:
                    return self._codes.pop(number)
            time.sleep(LOOK_SECONDS)
        raise TimeoutError(f"no code came for {number}")

    def _read_on(self) -> None:
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._read)
            new = file.read()
        self._read += len(new)
        *lines, self._rest = (self._rest + new).split(b"\n")
        for line in lines:
            message = json.loads(line)
            found = CODE.search(message["text"])
            if found:
                self._codes[message["to"]] = found.group()
