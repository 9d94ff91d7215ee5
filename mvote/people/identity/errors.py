"""Refusals of identity."""

from mvote.core.errors import (
    Conflict,
    Invalid,
    NotFound,
    TooMany,
    Unauthenticated,
    Unavailable,
)


class NumberNotValid(Invalid):
    words = {
        "ko": "휴대전화 번호가 올바르지 않습니다. 해외 번호는 +와 국가 번호부터 적어 주십시오.",
        "en": "This is not a valid mobile number. Write one from abroad with + and country code.",
    }


class TooManyCodes(TooMany):
    words = {
        "ko": "인증번호를 너무 많이 요청하셨습니다. 잠시 뒤 다시 시도해 주십시오.",
        "en": "Too many codes were asked for. Please try again later.",
    }


class SmsBudgetUsedUp(TooMany):
    words = {
        "ko": "오늘 보낼 수 있는 인증 문자를 모두 보냈습니다. 내일 다시 시도해 주십시오.",
        "en": "The city has sent all the codes it can send today. Please try again tomorrow.",
    }


class PhoneCheckUnknown(NotFound):
    words = {
        "ko": "그런 번호 인증이 없습니다. 인증번호를 새로 요청해 주십시오.",
        "en": "There is no such phone check. Please ask for a new code.",
    }


class PhoneCheckExpired(Conflict):
    words = {
        "ko": "인증번호의 유효 시간이 지났습니다. 새로 요청해 주십시오.",
        "en": "The code has expired. Please ask for a new one.",
    }


class PhoneCheckSpent(Conflict):
    words = {
        "ko": "이미 쓰였거나 여러 번 틀려서 쓸 수 없는 인증번호입니다. 새로 요청해 주십시오.",
        "en": "This code was used already or entered wrongly too often. Please ask for a new one.",
    }


class CodeWrong(Invalid):
    words = {
        "ko": "인증번호가 맞지 않습니다. {tries_left}번 더 시도하실 수 있습니다.",
        "en": "The code is not right. Tries left: {tries_left}.",
    }


class RefreshReused(Unauthenticated):
    words = {
        "ko": "이미 쓴 갱신 토큰이 다시 쓰여 안전을 위해 로그아웃했습니다. 다시 로그인해 주십시오.",
        "en": "A refresh token came a second time, so you were signed out. Please sign in again.",
    }


class SignInRefused(Unauthenticated):
    words = {
        "ko": "아이디나 비밀번호가 맞지 않습니다.",
        "en": "The login or the password is not right.",
    }


class TooManySignIns(TooMany):
    words = {
        "ko": "비밀번호를 여러 번 틀리셨습니다. 잠시 뒤 다시 시도해 주십시오.",
        "en": "The password was wrong too often. Please try again later.",
    }


class AccountGone(Unauthenticated):
    words = {
        "ko": "이 계정은 더는 없습니다. 다시 로그인해 주십시오.",
        "en": "This account does not exist any more. Please sign in again.",
    }


class LoginNotValid(Invalid):
    words = {
        "ko": "아이디는 영문 소문자, 숫자, ‘.’, ‘_’, ‘-’로 2자에서 64자까지 적어 주십시오.",
        "en": "A login has 2 to 64 small letters, digits, dots, underscores or hyphens.",
    }


class LoginTaken(Conflict):
    words = {
        "ko": "이미 쓰이는 아이디입니다: {login}",
        "en": "There is an official with this login already: {login}",
    }


class PasswordNotValid(Invalid):
    words = {
        "ko": "비밀번호는 {least}자에서 {most}자까지여야 합니다.",
        "en": "A password has {least} to {most} characters.",
    }


class DepartmentNotValid(Invalid):
    words = {
        "ko": "부서 코드는 영문 소문자, 숫자, ‘-’로 64자까지 적어 주십시오: {department}",
        "en": "The code of a department has 1 to 64 small letters, digits or hyphens: {department}",
    }


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


class TooBusyToSignIn(Unavailable):
    words = {
        "ko": "지금 로그인하려는 사람이 많습니다. 잠시 뒤 다시 시도해 주십시오.",
        "en": "Many people are signing in right now. Please try again shortly.",
    }
