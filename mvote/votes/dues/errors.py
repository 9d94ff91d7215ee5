"""Why a due cannot be paused or handed on."""

from mvote.core.errors import NotFound


class DueUnknown(NotFound):
    words = {"ko": "그런 기한이 없습니다.", "en": "There is no such due date."}
