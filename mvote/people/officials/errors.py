"""Refusals of officials and their signing in."""

from mvote.core.errors import Conflict, Invalid, TooMany, Unauthenticated, Unavailable


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


class TooBusyToSignIn(Unavailable):
    words = {
        "ko": "지금 로그인하려는 사람이 많습니다. 잠시 뒤 다시 시도해 주십시오.",
        "en": "Many people are signing in right now. Please try again shortly.",
    }
