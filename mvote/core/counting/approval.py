"""Approval: each ballot names any number of options, the options named most often win."""

from mvote.core.counting.plurality import Plurality
from mvote.core.counting.seats import read_seats
from mvote.core.fields import Reader
from mvote.core.question import Question


class Approval(Plurality):
    """Options: ``seats`` (1 where it is missing) and ``withdrawn``.

    Source: Brams and Fishburn, Approval Voting, American Political Science Review 72 (1978).
    """

    name = "approval"
    label = {"ko": "승인 투표", "en": "Approval"}

    def read_options(self, read: Reader, question: Question) -> None:
        read_seats(read, question)
