"""Why a result is not shown."""

from mvote.core.errors import Conflict, Invalid


class ResultNotPublished(Conflict):
    words = {
        "ko": "이 투표의 결과는 아직 발표되지 않았습니다.",
        "en": "The result of this poll has not been published.",
    }


class QuestionUnnamed(Invalid):
    words = {
        "ko": "투표의 질문 하나를 지정해 주십시오: {known}",
        "en": "Name one question of the poll: {known}",
    }


class NoTieToDecide(Conflict):
    words = {
        "ko": "의장의 결정을 기다리는 동점이 없습니다.",
        "en": "No tie of this poll waits for the chair.",
    }


class TieOrderRefused(Invalid):
    words = {
        "ko": "질문 {question}의 동점인 선택지를 한 번씩 순서대로 적어 주십시오: {options}",
        "en": "Question {question} needs each of the tied options once, in order: {options}",
    }
