"""Refusals of registers and lists."""

from mvote.core.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany


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


class TooManyCounts(TooMany):
    words = {
        "ko": "대상자 수를 너무 자주 물으셨습니다. 잠시 뒤 다시 시도해 주십시오.",
        "en": "You asked for too many counts. Please try again later.",
    }


class ListOfCodes(Conflict):
    words = {
        "ko": "인쇄 코드 묶음의 명단이라 파일로 바꿀 수 없습니다.",
        "en": "This list belongs to a batch of printed codes, so no file can take its place.",
    }


class BatchNameTaken(Conflict):
    words = {
        "ko": "같은 이름의 코드 묶음이나 명단이 이미 있습니다: {name}",
        "en": "There is a batch of codes or a list of this name already: {name}",
    }


class CodeBatchUnknown(NotFound):
    words = {
        "ko": "그런 코드 묶음이 없거나, 그 일련번호의 코드가 없습니다.",
        "en": "There is no such batch of codes, or no code with that serial number in it.",
    }


class PrintedCodeUnknown(NotFound):
    words = {
        "ko": "이 도시가 인쇄한 코드가 아닙니다. 적힌 대로 다시 입력해 주십시오.",
        "en": "This is no code that the city printed. Please enter it again as it is written.",
    }


class PrintedCodeUsed(Conflict):
    """Who holds 128 bits may know what became of them; nobody guesses one."""

    words = {
        "ko": "이미 쓰인 인쇄 코드입니다. 쓰신 적이 없다면 시 창구에 문의해 주십시오.",
        "en": "This printed code was used already. If not by you, please ask the city's counter.",
    }


class PrintedCodeRevoked(Conflict):
    words = {
        "ko": "시가 무효로 한 인쇄 코드입니다. 시 창구에 문의해 주십시오.",
        "en": "The city revoked this printed code. Please ask the city's counter.",
    }


class EntryUnknown(NotFound):
    words = {
        "ko": "명부에 그런 사람이 없습니다. 시에서 쓰는 번호를 다시 확인해 주십시오.",
        "en": "Nobody stands on the roll under this id. Please check the city's own id.",
    }


class DeskRequestUnknown(NotFound):
    words = {
        "ko": "그런 창구 확인 요청이 없거나 시간이 지났습니다. 휴대전화에서 새로 시작해 주십시오.",
        "en": "There is no such request, or its time is over. Please begin anew on the phone.",
    }


class DeskNotConfirmed(Conflict):
    words = {
        "ko": "아직 창구에서 확인하지 않았습니다.",
        "en": "The official at the counter has not confirmed it yet.",
    }


class DeskRequestTaken(Conflict):
    words = {
        "ko": "이미 다른 사람으로 확인된 요청입니다. 휴대전화에서 새로 시작해 주십시오.",
        "en": "This request was confirmed for somebody else. Please begin anew on the phone.",
    }


class TooManyDeskRequests(TooMany):
    words = {
        "ko": "창구 확인 요청이 너무 많습니다. 잠시 뒤 다시 시도해 주십시오.",
        "en": "There are too many requests for the counter. Please try again later.",
    }


class TooManyDeskConfirmations(TooMany):
    words = {
        "ko": "한 시간에 확인하실 수 있는 사람 수를 넘었습니다. 잠시 뒤 다시 시도해 주십시오.",
        "en": "You confirmed as many people as an official may in an hour. Please go on later.",
    }


class TooManyPeopleNamed(TooMany):
    words = {
        "ko": "명부 정정을 위해 한 시간에 찾아보실 수 있는 사람 수를 넘었습니다. 잠시 뒤 다시 "
        "시도해 주십시오.",
        "en": "You named as many people for corrections as an official may in an hour. Please go "
        "on later.",
    }


class TooManyDeskTries(TooMany):
    words = {
        "ko": "틀린 번호를 너무 많이 입력하셨습니다. 잠시 뒤 다시 시도해 주십시오.",
        "en": "Too many wrong numbers or ids were entered. Please try again later.",
    }
