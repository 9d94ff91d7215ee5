"""Refusals of a citizen's own data."""

from mvote.core.errors import NotFound


class NothingDeclared(NotFound):
    words = {
        "ko": "직접 밝히신 정보가 없습니다.",
        "en": "You have not declared anything.",
    }
