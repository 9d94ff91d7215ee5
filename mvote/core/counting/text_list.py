"""Open texts: how many there are.  The texts themselves stand beside the count."""

from collections.abc import Iterable

from mvote.core.counting.method import CountingMethod
from mvote.core.counting.outcome import Outcome
from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.shapes import Text
from mvote.core.ties import TieRule


class TextList(CountingMethod[Text]):
    """Counts texts and elects nothing; a ballot knows only the hash of its text."""

    name = "text-list"
    label = {"ko": "글 목록", "en": "List of texts"}
    shape = Text
    shares = False

    def read_options(self, read: Reader, question: Question) -> None:
        """There are none."""

    def count(
        self,
        question: Question,  # noqa: ARG002
        ballots: Iterable[tuple[Text, int]],
        *,
        ties: TieRule,  # noqa: ARG002
    ) -> Outcome:
        count = blank = 0
        for answer, weight in ballots:
            if weight < 0:
                raise ValueError("a ballot cannot weigh less than nothing")
            count += weight
            blank += weight if answer.blank else 0
        texts = count - blank
        return Outcome(
            method=self.name,
            ballots=count,
            valid=texts,
            blank=blank,
            totals={},
            winners=(),
            ties=(),
            rounds=(),
            explanation={
                "ko": f"글로 답한 사람은 {texts:,}명입니다.",
                "en": f"{texts:,} people answered in words.",
            },
            figures={"texts": texts},
        )
