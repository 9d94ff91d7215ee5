"""The rule for ties of a file that fixes an order of its candidates for them."""

from collections.abc import Sequence
from dataclasses import dataclass

from mvote.core.question import Question
from mvote.core.ties import History, TieRule


@dataclass(frozen=True)
class FileOrder(TieRule):
    """``best_first`` holds ids; who is missing in it comes last, in the file's order."""

    best_first: tuple[str, ...] = ()
    name = "file"
    label = {
        "ko": "동점은 파일이 정한 순서로 가립니다.",
        "en": "A tie is decided by the order that the file fixes.",
    }

    def order(
        self,
        question: Question,
        tied: Sequence[str],
        history: History = (),  # noqa: ARG002
    ) -> tuple[str, ...]:
        among = set(tied)
        rest = [one for one in question.by_id if one not in self.best_first]
        return tuple(one for one in (*self.best_first, *rest) if one in among)
