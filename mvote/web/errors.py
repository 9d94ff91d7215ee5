"""Refusals that belong to HTTP itself."""

from mvote.core.errors import (
    Malformed,
    NotAllowed,
    NotFound,
    Refusal,
    TooLarge,
    Unauthenticated,
    Unavailable,
)


class TokenMissing(Unauthenticated):
    words = {
        "ko": "로그인이 필요합니다. 인증 토큰이 없습니다.",
        "en": "Please sign in. The identity token is missing.",
    }


class TokenExpired(Unauthenticated):
    words = {
        "ko": "로그인 시간이 지났습니다. 토큰을 새로 받아 주십시오.",
        "en": "The sign-in has expired. Please refresh the token.",
    }


class TokenNotValid(Unauthenticated):
    words = {
        "ko": "인증 토큰이 올바르지 않습니다. 다시 로그인해 주십시오.",
        "en": "The identity token is not valid. Please sign in again.",
    }


class TokenRevoked(Unauthenticated):
    words = {
        "ko": "이 로그인은 끝났습니다. 다시 로그인해 주십시오.",
        "en": "This sign-in was ended. Please sign in again.",
    }


class TokenForOthers(NotAllowed):
    words = {
        "ko": "이 토큰으로는 할 수 없는 일입니다. {audience}만 할 수 있습니다.",
        "en": "This token does not serve here. It is open to: {audience}.",
    }


class FreshSignInNeeded(Unauthenticated):
    words = {
        "ko": "중요한 처리입니다. 본인임을 한 번 더 확인해 주십시오.",
        "en": "This act needs a fresh sign-in. Please prove once more who you are.",
    }


class DutyMissing(NotAllowed):
    words = {
        "ko": "이 일에는 ‘{duty}’ 권한이 필요합니다.",
        "en": "This needs the duty “{duty}”.",
    }


class IdentityNotAllowedHere(Malformed):
    words = {
        "ko": "표를 보낼 때는 신원 토큰과 쿠키, 주소 뒤에 붙은 값을 뺀 채로 다시 보내 주십시오.",
        "en": "A ballot must come without identity token, cookie and anything behind its address."
        " Send it again without them.",
    }


class NoSuchAddress(NotFound):
    words = {"ko": "그런 주소가 없습니다.", "en": "There is nothing at this address."}


class MethodNotAllowed(Refusal):
    status = 405
    words = {
        "ko": "이 주소에서는 쓸 수 없는 방법입니다.",
        "en": "This method cannot be used at this address.",
    }


class BodyTooLarge(TooLarge):
    words = {
        "ko": "보낸 내용이 너무 큽니다. {most}바이트까지 보낼 수 있습니다.",
        "en": "The content is too large. At most {most} bytes can be sent.",
    }


class NotJson(Refusal):
    status = 415
    words = {
        "ko": "내용은 application/json 형식이어야 합니다.",
        "en": "The content has to be application/json.",
    }


class RequestNotReadable(Malformed):
    words = {"ko": "요청을 읽을 수 없습니다.", "en": "The request cannot be read."}


class CursorNotValid(Malformed):
    words = {
        "ko": "목록의 다음 위치(after)가 올바르지 않습니다.",
        "en": "The position in the list (after) is not valid.",
    }


class InternalFault(Unavailable):
    status = 500
    words = {
        "ko": "내부 오류가 났습니다. 잠시 뒤 다시 시도해 주십시오.",
        "en": "Something went wrong inside. Please try again shortly.",
    }
