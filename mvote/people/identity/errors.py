"""Refusals of identity."""

from mvote.core.errors import (
    Conflict,
    Invalid,
    NotAllowed,
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


class OtherKeyHeld(Conflict):
    """``key`` is number, oidc or entry."""

    words = {
        "ko": "이 계정에는 같은 종류의 다른 본인 확인 수단이 이미 있습니다({key}). 로그아웃한 뒤 "
        "새 수단으로 로그인해 주십시오.",
        "en": "This account already holds another proof of the same kind ({key}). Please sign "
        "out and sign in with the new one.",
    }


class StrongerSignInNeeded(NotAllowed):
    """The account holds what was proved by more than this sign-in."""

    words = {
        "ko": "이 계정에는 더 확실한 방법으로 확인하신 수단이 있습니다. 그 방법으로 로그인하신 "
        "뒤에 추가해 주십시오.",
        "en": "This account holds something that was proved by more than this sign-in. Please "
        "sign in that way first, then add to it.",
    }


class AccountGone(Unauthenticated):
    words = {
        "ko": "이 계정은 더는 없습니다. 다시 로그인해 주십시오.",
        "en": "This account does not exist any more. Please sign in again.",
    }


class OidcNotOffered(NotFound):
    words = {
        "ko": "이 시에서는 이 방법의 로그인을 제공하지 않습니다.",
        "en": "This city does not offer this way of signing in.",
    }


class TooManyOidcLogins(TooMany):
    words = {
        "ko": "지금 로그인을 시작하시는 분이 너무 많습니다. 잠시 뒤 다시 시도해 주십시오.",
        "en": "Too many people are beginning to sign in. Please try again later.",
    }


class OidcLoginUnknown(Conflict):
    """It never was, was finished, or took too long."""

    words = {
        "ko": "이미 끝났거나 시간이 지난 로그인입니다. 처음부터 다시 로그인해 주십시오.",
        "en": "This sign-in has ended or took too long. Please sign in anew.",
    }


class OidcLoginRefused(Unauthenticated):
    """The provider, or the person there, said no."""

    words = {
        "ko": "로그인 서비스에서 로그인이 완료되지 않았습니다.",
        "en": "The sign-in was not completed at the sign-in service.",
    }


class PurposeUnknown(NotFound):
    words = {
        "ko": "그런 목적의 동의문이 없습니다.",
        "en": "There is no consent text for this purpose.",
    }


class ConsentOutdated(Conflict):
    """``version`` is the one to read and agree to."""

    words = {
        "ko": "동의문이 바뀌었습니다. 새 동의문({purpose}, {version}판)에 다시 동의해 주십시오.",
        "en": "The text has changed. Please read and agree to version {version} of “{purpose}”.",
    }


class ConsentNeeded(NotAllowed):
    """``version`` is the one to read and agree to."""

    words = {
        "ko": "먼저 동의문({purpose}, {version}판)에 동의하셔야 합니다.",
        "en": "You have to agree to version {version} of “{purpose}” first.",
    }


class ConsentCarriesAccount(Conflict):
    words = {
        "ko": "이 동의 없이는 계정을 유지할 수 없습니다. 동의를 거두시려면 계정을 삭제해 주십시오.",
        "en": "The account rests on this consent. To withdraw it, delete the account.",
    }


class TooBusyToSignIn(Unavailable):
    """Too many passwords are checked at this moment, whatever they open."""

    words = {
        "ko": "지금 비밀번호를 입력한 사람이 많습니다. 잠시 뒤 다시 시도해 주십시오.",
        "en": "Many passwords are being checked right now. Please try again shortly.",
    }
