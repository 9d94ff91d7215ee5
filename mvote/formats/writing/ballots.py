"""What is written: one question, and how often each answer to it was given."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mvote.core.errors import Conflict
from mvote.core.question import Option, Question
from mvote.core.shapes import Answer, Choices, Ranking, Scores
from mvote.core.text import Words

ORDERED = (Choices, Ranking, Scores)


class NotWritable(Conflict):
    words = {
        "ko": "‘{question}’ 질문의 답은 {format} 형식으로 쓸 수 없습니다.",
        "en": "The answers to the question {question} cannot be written in the format {format}.",
    }


@dataclass(frozen=True)
class Export:
    """``counts`` gives each distinct answer its number of voters; ``closed`` is ISO 8601.

    ``winners`` is None where no result was published.
    """

    poll: str
    poll_hash: str
    title: Words
    closed: str
    question: Question
    counts: Mapping[Answer, int]
    winners: tuple[str, ...] | None = None

    @property
    def voters(self) -> int:
        return sum(self.counts.values())

    def ballots(self) -> Iterator[Answer]:
        """Every ballot, equal ones behind one another: the order says nothing about who came when.

        Raises NotWritable for answers that name no options.
        """
        for answer, count in self.counts.items():
            for _ in range(count):
                yield answer

    def require(self, format: str, *shapes: type) -> None:
        """Raises NotWritable where an answer has another shape."""
        if not all(isinstance(answer, shapes) for answer in self.counts):
            raise NotWritable(question=self.question.id, format=format)


def name_of(option: Option) -> str:
    """Both titles on one line, one where they are the same."""
    both = dict.fromkeys(" ".join(option.title[one].split()) for one in ("ko", "en"))
    return " / ".join(both)


def line_of(words: Words) -> str:
    """Both languages on one line."""
    return " / ".join(dict.fromkeys(" ".join(words[one].split()) for one in ("ko", "en")))
