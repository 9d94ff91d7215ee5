"""Why a feed is not given."""

from mvote.core.errors import NotFound


class FeedPartUnknown(NotFound):
    words = {
        "ko": "피드에 그런 부분이 없습니다. 피드의 처음부터 다시 읽어 주십시오.",
        "en": "The feed has no such part. Please read it from its beginning again.",
    }
