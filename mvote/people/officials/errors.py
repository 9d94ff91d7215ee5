"""Refusals of officials and their signing in."""

from mvote.core.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    TooMany,
    Unauthenticated,
)


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


class PasswordsNotAllowed(NotAllowed):
    words = {
        "ko": "이 도시에서는 비밀번호로 로그인하지 않습니다. 패스키를 써 주십시오.",
        "en": "Passwords are not used in this city. Please sign in with a passkey.",
    }


class PasskeyRefused(Unauthenticated):
    words = {
        "ko": "패스키를 확인하지 못했습니다. 처음부터 다시 해 주십시오.",
        "en": "The passkey could not be verified. Please begin again.",
    }


class PasskeyCopied(Unauthenticated):
    words = {
        "ko": "복제된 패스키로 보여 쓸 수 없게 했습니다. 관리자에게 알려 주십시오.",
        "en": "This passkey seems to have a copy and was taken out of use."
        " Please tell an administrator.",
    }


class PasskeyKnown(Conflict):
    words = {
        "ko": "이미 등록된 패스키입니다.",
        "en": "This passkey is known already.",
    }


class TooManyPasskeys(Conflict):
    words = {
        "ko": "패스키는 {most}개까지 등록할 수 있습니다.",
        "en": "An official has at most {most} passkeys.",
    }


class NoSuchPasskey(NotFound):
    words = {"ko": "그런 패스키가 없습니다.", "en": "There is no such passkey."}


class NoSuchSession(NotFound):
    words = {"ko": "그런 로그인이 없습니다.", "en": "There is no such sign-in."}


class EnrolmentNotValid(Unauthenticated):
    words = {
        "ko": "등록 링크가 올바르지 않거나, 이미 쓰였거나, 기한이 지났습니다."
        " 관리자에게 새 링크를 받아 주십시오.",
        "en": "The link is not valid, was used already or has expired."
        " Please ask an administrator for a new one.",
    }


class NoSuchOfficial(NotFound):
    words = {"ko": "그런 담당자가 없습니다.", "en": "There is no such official."}


class OwnDuties(NotAllowed):
    words = {
        "ko": "자기 자신의 부서, 권한, 사용 여부는 바꿀 수 없습니다."
        " 다른 관리자에게 부탁해 주십시오.",
        "en": "Nobody changes their own department or duties, nor disables themselves."
        " Please ask another administrator.",
    }


class LastAdministrator(Conflict):
    words = {
        "ko": "마지막 관리자입니다. 다른 관리자를 먼저 두어 주십시오.",
        "en": "This is the last administrator. Please let there be another one first.",
    }


class AccountDisabled(NotAllowed):
    words = {
        "ko": "사용이 중지된 담당자입니다. 관리자에게 알아보십시오.",
        "en": "This official is disabled. Please ask an administrator.",
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


class SubjectNotKnown(Unauthenticated):
    """Signed in at the provider, and no official here."""

    words = {
        "ko": "이 로그인에 연결된 담당자 계정이 없습니다. 관리자에게 등록 링크를 요청해 주십시오.",
        "en": "No official is bound to this sign-in. Ask an administrator for an enrolment link.",
    }


class SubjectTaken(Conflict):
    words = {
        "ko": "이 로그인은 이미 다른 담당자 계정에 연결되어 있습니다.",
        "en": "This sign-in is bound to another official already.",
    }
