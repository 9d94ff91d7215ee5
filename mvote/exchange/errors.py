"""Refusals of the exchange."""

from mvote.core.errors import Invalid, Unavailable


class DocumentOutOfOrder(Invalid):
    words = {
        "ko": "문서 번호가 {expected}이어야 하는데 {seq}입니다.",
        "en": "Document {expected} was expected and {seq} came.",
    }


class DocumentsForgotten(Unavailable):
    """What is said from now on would get numbers that the other wing has taken already."""

    words = {
        "ko": "상대 쪽은 문서를 {taken}번까지 받았는데 이 저장소에는 {said}번까지만 있습니다. 이전 "
        "사본으로 복구된 것으로 보입니다.",
        "en": "The other wing has taken document {taken}, and this database ends with {said}: it "
        "was restored from an older copy.",
    }


class NumbersNotKnown(Unavailable):
    words = {
        "ko": "사본에서 되돌린 뒤 상대 쪽이 문서를 몇 번까지 받았는지 아직 모릅니다. 잠시 뒤 다시 "
        "해 주십시오.",
        "en": "After a copy was put back it is not known yet how far the other wing has taken "
        "documents. Please try again shortly.",
    }


class DocumentNotWanted(Invalid):
    words = {
        "ko": "받을 수 없는 종류의 문서입니다: {kind}",
        "en": "Documents of this kind are not taken here: {kind}",
    }
