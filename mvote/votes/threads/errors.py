"""Why something is not said in a discussion."""

from mvote.core.errors import Conflict, Invalid, NotFound, TooMany


class PostUnknown(NotFound):
    words = {
        "ko": "이 기록의 토론에 그런 글이 없습니다.",
        "en": "There is no such post in the discussion of this record.",
    }


class OnlyOneLevel(Conflict):
    """A reply answers a post, and nothing answers a reply."""

    words = {
        "ko": "답글에는 답글을 달 수 없습니다. 원래 글에 답해 주십시오.",
        "en": "Replies have no replies. Please reply to the post above.",
    }


class PostNotShown(Conflict):
    words = {
        "ko": "지금 공개되어 있지 않은 글입니다.",
        "en": "This post is not shown now.",
    }


class PostKindWrong(Invalid):
    """A post for, against or a question stands alone; a reply or an addition names a post."""

    words = {
        "ko": "답글과 덧붙임은 어느 글에 다는지 밝혀야 하고, 다른 글은 밝히지 않습니다.",
        "en": "A reply or an addition has to name a post, and other posts name none.",
    }


class TooManyPosts(TooMany):
    words = {
        "ko": "한 기록의 토론에는 한 사람이 글을 {most}개까지 쓸 수 있습니다.",
        "en": "One person may write {most} posts in the discussion of one record.",
    }


class TooManyPostsToday(TooMany):
    words = {
        "ko": "한 기록의 토론에는 하루에 글을 {most}개까지 쓸 수 있습니다. 내일 다시 써 주십시오.",
        "en": "One person may write {most} posts a day in the discussion of one record. Please"
        " come back tomorrow.",
    }


class StatementNotSigned(Invalid):
    """What an expert's key signs is said in ``rules_experts``."""

    words = {
        "ko": "전문가의 열쇠로 한 서명이 이 의견서와 맞지 않습니다.",
        "en": "The signature is not one of the expert's key over this statement.",
    }


class TagNotValid(Invalid):
    words = {
        "ko": "해시태그는 글자, 숫자, 밑줄로 {most}자까지 쓸 수 있고 글자가 하나는 있어야 합니다.",
        "en": "A hashtag has at most {most} letters, digits and underscores, at least one letter.",
    }
