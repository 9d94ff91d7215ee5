"""Refusals of registers and lists."""

from mvote.core.errors import Invalid


class ListNameNotValid(Invalid):
    words = {
        "ko": "명단 이름은 글자, 숫자, ‘.’, ‘_’, ‘-’로 64자까지 적어 주십시오.",
        "en": "The name of a list has 1 to 64 letters, digits, dots, underscores or hyphens.",
    }


class FileRefused(Invalid):
    """A register file or a list, by the command line; nothing of it was taken."""

    words = {
        "ko": "{line}번째 줄 때문에 파일을 읽지 않았습니다: {reason}",
        "en": "Nothing was imported. Line {line}: {reason}",
    }
