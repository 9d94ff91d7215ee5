"""Refusals of the exchange."""

from mvote.core.errors import Invalid


class DocumentOutOfOrder(Invalid):
    words = {
        "ko": "문서 번호가 {expected}이어야 하는데 {seq}입니다.",
        "en": "Document {expected} was expected and {seq} came.",
    }


class DocumentNotWanted(Invalid):
    words = {
        "ko": "받을 수 없는 종류의 문서입니다: {kind}",
        "en": "Documents of this kind are not taken here: {kind}",
    }
