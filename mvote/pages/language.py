"""Pages in the reader's language: flask-babel for words and times, links that keep ``?lang=``."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from flask import Flask, request, url_for
from flask_babel import Babel, format_date, format_datetime, format_decimal, get_locale

from mvote.core.text import LANGUAGES, Words
from mvote.core.times import parse_iso
from mvote.installation import installation
from mvote.web.language import reader_language

MOMENT = {"ko": "y년 M월 d일 EEEE aaaa h시 m분", "en": "EEEE d MMMM y, HH:mm"}
DAY = {"ko": "y년 M월 d일", "en": "d MMMM y"}


def install_language(app: Flask) -> None:
    """Set up flask-babel and the filters that the templates use."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(
        app,
        locale_selector=reader_language,
        timezone_selector=lambda: installation().settings.time_zone,
    )
    app.jinja_env.filters.update(
        words=in_words, moment=moment, day=day, date=date_words, number=number
    )
    app.context_processor(_for_templates)


def in_words(text: Words | None) -> str:
    """A text in the reader's language."""
    return text[_language()] if text else ""


def moment(at: datetime | str | None) -> str:
    """A time in the city's zone, to the minute."""
    return str(format_datetime(_time(at), MOMENT[_language()])) if at else ""


def day(at: datetime | str | None) -> str:
    """A day in the city's zone."""
    return str(format_datetime(_time(at), DAY[_language()])) if at else ""


def date_words(spelled: str) -> str:
    """A day that was written as ``2030-12-31``."""
    return str(format_date(date.fromisoformat(spelled), DAY[_language()]))


def number(value: int) -> str:
    """A number with the reader's grouping."""
    return str(format_decimal(value))


def with_unit(figure: str, unit: Words | None) -> str:
    """A number with what it counts; Hangul stands close to it."""
    words = in_words(unit)
    space = "" if not words or "가" <= words[0] <= "힣" else "\N{NO-BREAK SPACE}"
    return f"{figure}{space}{words}"


def link(endpoint: str, **values: Any) -> str:
    """An address that stays in the language the reader chose by hand."""
    if request.args.get("lang") in LANGUAGES:
        values.setdefault("lang", request.args["lang"])
    return url_for(endpoint, **values)


def here_in(language: str) -> str:
    """This page in another language.

    What the reader asked is never a parameter of ``url_for``, whose own (``_scheme``,
    ``_external`` …) it could set.
    """
    asked = urlencode({**request.args.to_dict(), "lang": language})
    if request.endpoint is None:
        return f"?{asked}"
    return f"{url_for(request.endpoint, **(request.view_args or {}))}?{asked}"


def _time(at: datetime | str) -> datetime:
    return parse_iso(at) if isinstance(at, str) else at


def _language() -> str:
    return str(get_locale())


def _for_templates() -> dict[str, Any]:
    settings = installation().settings
    return {
        "lang": _language(),
        "city": {"ko": settings.city_ko, "en": settings.city_en},
        "public_url": settings.public_url,
        "link": link,
        "here_in": here_in,
    }
