"""Why nothing is sent, or nobody follows."""

from mvote.core.errors import Conflict, Invalid, NotFound, TooMany


class MailAddressNotValid(Invalid):
    words = {
        "ko": "전자우편 주소가 올바르지 않습니다.",
        "en": "This is not an e-mail address.",
    }


class TopicUnknown(Invalid):
    words = {
        "ko": "‘{topic}’은(는) 구독할 수 있는 주제가 아닙니다.",
        "en": "“{topic}” is not a topic that can be followed.",
    }


class TooManyAsked(TooMany):
    words = {
        "ko": "오늘은 더 이상 신청을 받을 수 없습니다. 내일 다시 시도해 주십시오.",
        "en": "No more can be asked for today. Please try again tomorrow.",
    }


class SubscriptionUnknown(NotFound):
    words = {
        "ko": "그런 구독이 없습니다. 이미 해지되었거나 주소가 잘못되었습니다.",
        "en": "There is no such subscription. It has ended, or the address is wrong.",
    }


class WebhookAddressNotTaken(Invalid):
    words = {
        "ko": "이 주소로는 보낼 수 없습니다. 주소는 https://로 시작해야 하고, 이름, 비밀번호, "
        "# 뒤의 조각이나 443이 아닌 포트를 담을 수 없습니다.",
        "en": "Nothing is sent to this address. It has to begin with https:// and may hold no "
        "name, password, fragment or port but 443.",
    }


class WebhookKnown(Conflict):
    words = {
        "ko": "이미 등록된 웹훅 주소입니다.",
        "en": "There is a webhook at this address already.",
    }


class TooManyWebhooks(Conflict):
    words = {
        "ko": "웹훅은 {most}개까지 등록할 수 있습니다.",
        "en": "There can be at most {most} webhooks.",
    }


class PushServiceNotKnown(Invalid):
    words = {
        "ko": "이 브라우저의 알림 서비스로는 보낼 수 없습니다.",
        "en": "Nothing is sent to the push service of this browser.",
    }
