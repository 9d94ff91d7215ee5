"""The reader's language: ``?lang=`` first, then Accept-Language, then Korean."""

from flask import has_request_context, request

from mvote.core.text import LANGUAGES


def reader_language() -> str:
    """``ko`` or ``en``."""
    if not has_request_context():
        return LANGUAGES[0]
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        return asked
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
