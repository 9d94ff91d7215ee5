"""What the doctor finds."""

from dataclasses import dataclass
from typing import Literal

Grade = Literal["good", "look", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """``about`` is a setting or a thing; ``do`` is what an operator should do, empty if good.

    ``bad`` keeps citizens from voting or tells what nobody may know; ``look`` may be meant.
    """

    grade: Grade
    about: str
    said: str
    do: str = ""
