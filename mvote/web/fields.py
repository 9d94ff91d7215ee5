"""Bodies and fields on the wire: strict JSON, words in two languages, times in UTC."""

from collections.abc import Callable
from typing import Any

import marshmallow as ma
from flask import Request
from flask_smorest import Blueprint
from webargs import core
from webargs.flaskparser import FlaskParser, is_json_request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import UnsupportedMediaType

from mvote.core.canonical import parse
from mvote.core.ids import ID_PATTERN
from mvote.core.text import LANGUAGES, text_fault, words_fault
from mvote.core.times import iso, parse_iso
from mvote.installation import installation


class StrictParser(FlaskParser):
    """Reads bodies with the strict parser of the core, and nothing but JSON.

    Behind an address what a route does not know is refused as in a body, but for the
    reader's language, which may stand behind every address.
    """

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": None}

    def load_querystring(self, req: Request, schema: ma.Schema) -> Any:
        asked = MultiDict((key, one) for key, one in req.args.items(multi=True) if key != "lang")
        return self._makeproxy(asked, schema)

    def _raw_load_json(self, req: Request) -> Any:
        if not is_json_request(req):
            if req.get_data(cache=True):
                raise UnsupportedMediaType
            return core.missing
        return parse(req.get_data(cache=True), max_depth=installation().settings.json_depth)


class Routes(Blueprint):
    """A domain's routes: flask-smorest with the strict parser."""

    ARGUMENTS_PARSER = StrictParser()


class Body(ma.Schema):
    """What comes in: unknown fields are refused."""

    class Meta:
        unknown = ma.RAISE


class Words(ma.fields.Field[dict[str, str]]):
    """A text in Korean and English of ``most`` characters, or as many as ``most()`` says then."""

    def __init__(
        self, *, most: int | Callable[[], int] = 2000, lines: bool = False, **given: Any
    ) -> None:
        self.most, self.lines = most, lines
        super().__init__(**given)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> dict[str, str]:
        most = self.most() if callable(self.most) else self.most
        if fault := words_fault(value, most=most, lines=self.lines):
            raise ma.ValidationError(fault)
        return dict(value)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **_: Any) -> Any:
        return dict(value) if value is not None else None


class Plain(ma.fields.String):
    """A text as a citizen writes it, in one language: Unicode NFC, no control characters.

    It has ``most`` characters at most, or as many as ``most()`` says then.
    """

    def __init__(
        self,
        *,
        most: int | Callable[[], int],
        lines: bool = False,
        empty: bool = False,
        **given: Any,
    ) -> None:
        self.most, self.lines, self.empty = most, lines, empty
        super().__init__(**given)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **given: Any) -> Any:
        text = super()._deserialize(value, attr, data, **given)
        most = self.most() if callable(self.most) else self.most
        if self.empty and text == "":
            return text
        if fault := text_fault(text, most=most, lines=self.lines):
            raise ma.ValidationError(fault)
        return text


class Time(ma.fields.Field[Any]):
    """A time in UTC, ``2030-12-31T23:59:59Z``."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Any:
        try:
            return parse_iso(value)
        except (ValueError, TypeError):
            raise ma.ValidationError("a time has to look like 2030-12-31T23:59:59Z") from None

    def _serialize(self, value: Any, attr: str | None, obj: Any, **_: Any) -> str | None:
        """What is kept as JSON has its times spelled already."""
        return value if value is None or isinstance(value, str) else iso(value)


class Day(ma.fields.Date):
    """A day, ``2030-12-31``."""

    def _serialize(
        self, value: Any, attr: str | None, obj: Any, **given: Any
    ) -> str | float | None:
        """What is kept as JSON has its days spelled already."""
        return value if isinstance(value, str) else super()._serialize(value, attr, obj, **given)


class Id(ma.fields.String):
    """An identifier made by mvote: 16 characters."""

    def __init__(self, **given: Any) -> None:
        super().__init__(validate=ma.validate.Regexp(ID_PATTERN), **given)


def words_schema() -> dict[str, Any]:
    """How ``Words`` looks in the specification."""
    return {
        "type": "object",
        "properties": {language: {"type": "string"} for language in LANGUAGES},
        "required": list(LANGUAGES),
        "additionalProperties": False,
    }


class AccessOut(ma.Schema):
    access = ma.fields.String(required=True)
    expires_in = ma.fields.Integer(
        required=True, metadata={"description": "Seconds that the access token lives."}
    )


class TokensOut(AccessOut):
    """The refresh token serves once; a second use ends the sign-in."""

    refresh = ma.fields.String(required=True)


class OidcLoginOut(ma.Schema):
    login = ma.fields.String(required=True)
    secret = ma.fields.String(
        required=True,
        metadata={"description": "Stays on the device that began."},
    )
    url = ma.fields.String(
        required=True, metadata={"description": "Where the browser goes to sign in."}
    )
    expires_in = ma.fields.Integer(required=True, metadata={"description": "Seconds."})
