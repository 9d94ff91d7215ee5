"""Reading an object field by field: every fault is kept under its field's name.

An official who saves a poll wants to see all that is wrong at once, so a reader
collects faults and the caller raises one refusal that carries them.
"""

import re
from collections.abc import Mapping
from datetime import datetime

from mvote.core.canonical import JSON, MAX_SAFE_INTEGER
from mvote.core.errors import Invalid
from mvote.core.text import Words, words_fault
from mvote.core.times import parse_iso

SHOWN = 200


class FieldsRefused(Invalid):
    """Fields are wrong.  ``errors`` says what is wrong, by field (``questions[0].title``)."""

    words = {
        "ko": "다음 항목이 올바르지 않습니다: {fields}",
        "en": "These fields are not right: {fields}",
    }
    errors: Mapping[str, list[str]]

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        self.errors = {field: list(faults) for field, faults in errors.items()}
        super().__init__(fields=", ".join(self.errors)[:SHOWN])


class Faults:
    """Faults by the name of their field."""

    def __init__(self) -> None:
        self.errors: dict[str, list[str]] = {}

    def add(self, field: str, fault: str) -> None:
        self.errors.setdefault(field, []).append(fault)

    def take(self, prefix: str, refusal: FieldsRefused) -> None:
        """Keep the faults that a part found, under the name that the part has here."""
        for field, faults in refusal.errors.items():
            for fault in faults:
                self.add(f"{prefix}.{field}" if prefix else field, fault)

    def refuse(self, kind: type[FieldsRefused]) -> None:
        """Raise ``kind`` when anything was found."""
        if self.errors:
            raise kind(self.errors)


class Reader:
    """One JSON object, read strictly.

    A getter that finds a fault adds it and returns a harmless value of the right
    type, so that reading goes on; nothing read may be used before ``Faults.refuse``.
    """

    def __init__(self, raw: JSON, faults: Faults, prefix: str = "") -> None:
        self.faults = faults
        self.prefix = prefix
        self.raw: Mapping[str, JSON] = raw if isinstance(raw, dict) else {}
        if not isinstance(raw, dict):
            faults.add(prefix or "body", "has to be an object")

    def name(self, key: str) -> str:
        return f"{self.prefix}.{key}" if self.prefix else key

    def fault(self, key: str, words: str) -> None:
        self.faults.add(self.name(key), words)

    def only(self, *known: str) -> None:
        """Refuse keys that mean nothing here: a misspelt key would be lost in silence."""
        for key in self.raw:
            if key not in known:
                self.fault(str(key)[:SHOWN], "is not known here")

    def _get(self, key: str) -> JSON:
        if key not in self.raw:
            self.fault(key, "is missing")
            return None
        return self.raw[key]

    def _wrong(self, key: str, words: str) -> None:
        """Say what a field has to be, unless it was already said that it is missing."""
        if key in self.raw:
            self.fault(key, words)

    def integer(self, key: str, *, least: int = 0, most: int = MAX_SAFE_INTEGER) -> int:
        value = self._get(key)
        if type(value) is int and least <= value <= most:
            return value
        self._wrong(key, f"has to be a whole number from {least} to {most}")
        return least

    def optional_integer(
        self, key: str, *, least: int = 0, most: int = MAX_SAFE_INTEGER
    ) -> int | None:
        """A whole number; None where the field is missing or null."""
        return None if self.raw.get(key) is None else self.integer(key, least=least, most=most)

    def boolean(self, key: str) -> bool:
        value = self._get(key)
        if isinstance(value, bool):
            return value
        self._wrong(key, "has to be true or false")
        return False

    def flag(self, key: str) -> bool:
        """A boolean that is false where it is missing."""
        return self.boolean(key) if key in self.raw else False

    def matching(self, key: str, pattern: re.Pattern[str], what: str) -> str:
        value = self._get(key)
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        self._wrong(key, f"has to be {what}")
        return ""

    def one_of(self, key: str, known: tuple[str, ...]) -> str:
        value = self._get(key)
        if isinstance(value, str) and value in known:
            return value
        self._wrong(key, f"has to be one of: {', '.join(known)}")
        return ""

    def words(self, key: str, *, most: int, lines: bool = False) -> Words:
        value = self._get(key)
        fault = words_fault(value, most=most, lines=lines) if key in self.raw else None
        if fault:
            self.fault(key, fault)
        return {} if fault or not isinstance(value, Mapping) else dict(value)

    def object(self, key: str) -> dict[str, JSON]:
        value = self._get(key)
        if isinstance(value, dict):
            return value
        self._wrong(key, "has to be an object")
        return {}

    def items(self, key: str, *, least: int, most: int) -> list[JSON]:
        value = self._get(key)
        if isinstance(value, list) and least <= len(value) <= most:
            return value
        self._wrong(key, f"has to be a list of {least} to {most}")
        return []

    def time(self, key: str) -> datetime | None:
        """An aware time in UTC; None where it is null or wrong."""
        value = self._get(key)
        if value is None:
            return None
        try:
            return parse_iso(value if isinstance(value, str) else "")
        except ValueError as error:
            self._wrong(key, str(error))
            return None
