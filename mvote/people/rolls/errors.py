"""Refusals of registers and lists."""

from mvote.core.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany, Unavailable


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


class RoomUnknown(NotFound):
    words = {"ko": "그런 방이 없습니다.", "en": "There is no such room."}


class RoomNotYours(NotAllowed):
    words = {
        "ko": "다른 부서의 방입니다.",
        "en": "This room belongs to another department.",
    }


class RoomPasswordTooShort(Invalid):
    words = {
        "ko": "방의 비밀번호는 {least}자 이상이어야 합니다.",
        "en": "The password of a room needs at least {least} characters.",
    }


class TooManyRooms(Conflict):
    words = {
        "ko": "한 부서가 열어 둘 수 있는 방은 {most}개입니다. 쓰지 않는 방을 닫아 주십시오.",
        "en": "A department keeps at most {most} rooms open. Please close one that is not used.",
    }


class RoomEntryRefused(NotAllowed):
    """Also for a room that is closed or does not exist."""

    words = {
        "ko": "방 번호나 비밀번호가 맞지 않습니다.",
        "en": "The number of the room or the password is not right.",
    }


class TooManyRoomEntries(TooMany):
    words = {
        "ko": "방 비밀번호를 여러 번 입력하셨습니다. 잠시 뒤 다시 시도해 주십시오.",
        "en": "You tried room passwords too often. Please try again later.",
    }


class RoomsBusy(Unavailable):
    words = {
        "ko": "지금 방에 들어오려는 사람이 많습니다. 잠시 뒤 다시 시도해 주십시오.",
        "en": "Many people are entering rooms just now. Please try again shortly.",
    }


class TooManyCounts(TooMany):
    words = {
        "ko": "대상자 수를 너무 자주 물으셨습니다. 잠시 뒤 다시 시도해 주십시오.",
        "en": "You asked for too many counts. Please try again later.",
    }
