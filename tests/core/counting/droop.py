"""The reference reports of Droop, read stage by stage, and our counts laid beside them."""

import re
from decimal import Decimal
from fractions import Fraction

from mvote.core.counting import METHODS
from mvote.core.question import Counting, Option, Question
from mvote.core.shapes import Ranking
from mvote.formats.blt import read_blt
from mvote.formats.file_order import FileOrder

LINE = re.compile(r"\t(Elected|Pending|Hopeful): +(.*) \(([\d._]+)\)")
OUT = re.compile(r"\tDefeated: +(.*) \(([\d._]+)\)")
DECIDES = ("Begin Count", "Count Votes", "Surplus transferred", "Transfer", "Count Complete")


def counted(path, method, options=None, *, best_first=None):
    """Count a file.  Ties go as Droop has them: who stands first in its order goes out first."""
    election = read_blt(path)
    given = {"seats": election.seats, "withdrawn": list(election.withdrawn), **(options or {})}
    question = Question(
        id="q1",
        type="ranking",
        title={"ko": election.title, "en": election.title},
        options=tuple(
            Option(one.id, {"ko": one.name, "en": one.name}) for one in election.candidates
        ),
        config={},
        counting=Counting(method, given),
        blank=True,
    )
    ids = [one.id for one in election.candidates]
    order = best_first or election.tie_order or tuple(reversed(ids))
    ballots = [(Ranking.of(ranks), weight) for ranks, weight in election.ballots.items()]
    METHODS.get(method).check_options(question)
    outcome = METHODS.get(method).count(question, ballots, ties=FileOrder(best_first=order))
    return question, outcome


def stages_of(question, outcome):
    """Totals by name where they changed, and last what the winners keep."""
    names = {one.id: one.title["en"].strip() for one in question.options}
    shown = [
        {names[one]: Fraction(votes) for one, votes in stage.totals.items()}
        for stage in outcome.rounds
    ]
    return _changes(
        [*shown, {names[one]: Fraction(outcome.totals[one]) for one in outcome.winners}]
    )


def report_of(path, actions=DECIDES):
    """The same from a report: what stands under each action that moved votes."""
    found = []
    for block in re.split(r"^(?=Action: |Round )", path.read_text("utf-8"), flags=re.M):
        if not block.startswith(tuple(f"Action: {action}" for action in actions)):
            continue
        votes = {name.strip(): Fraction(Decimal(value)) for _, name, value in LINE.findall(block)}
        if votes:
            found.append(votes)
    return _changes(found)


def sharing_report_of(path):
    """The same from a report of Meek's or Warren's method, without those who have nothing.

    What lies before an option goes stands under the action by which it goes.
    """
    found = []
    for block in re.split(r"^(?=Action: |Round )", path.read_text("utf-8"), flags=re.M):
        if not block.startswith(("Action: Elect:", "Action: Defeat", "Action: Count Complete")):
            continue
        lines = [(name, value) for _, name, value in LINE.findall(block)] + OUT.findall(block)
        votes = {name.strip(): Fraction(Decimal(value)) for name, value in lines}
        found.append({name: value for name, value in votes.items() if value})
    return _changes(found)


def with_votes(stages):
    return _changes([{name: votes for name, votes in one.items() if votes} for one in stages])


def elected_by(path):
    last = path.read_text("utf-8").split("Action: Count Complete")[-1]
    return {name.strip() for state, name, _ in LINE.findall(last) if state == "Elected"}


def winners_of(question, outcome):
    return {question.by_id[one].title["en"].strip() for one in outcome.winners}


def _changes(stages):
    return [one for place, one in enumerate(stages) if place == 0 or one != stages[place - 1]]


def exhausted_by(path):
    """The votes that a report calls nontransferable, where they changed."""
    found = re.findall(r"Nontransferable votes: ([\d.]+)", path.read_text("utf-8"))
    return _changes([Fraction(Decimal(one)) for one in found])


def rounded(stages, places):
    """To so many decimals, as reports of exact counts show them."""
    return [{name: round(votes, places) for name, votes in stage.items()} for stage in stages]


def rounds_by(path):
    """By round of a report, whom it elected and whom it let go, where it did either."""
    found = []
    for block in re.split(r"^(?=Round \d)", path.read_text("utf-8"), flags=re.M)[1:]:
        acts = re.findall(r"^Action: (Elect|Defeat(?! remaining))[^:\n]*: (.*)$", block, re.M)
        sides = [
            {name.strip() for act, name in acts if act == side} for side in ("Elect", "Defeat")
        ]
        found.append(tuple(sides))
    return [one for one in found if any(one)]


def rounds_of(question, outcome):
    names = {one.id: one.title["en"].strip() for one in question.options}
    return [
        tuple({names[one] for one in side} for side in (stage.elected, stage.eliminated))
        for stage in outcome.rounds
        if stage.elected or stage.eliminated
    ]


def finally_by(path):
    """What the elected have at the end of a report."""
    last = path.read_text("utf-8").split("Action: Count Complete")[-1]
    return {n.strip(): Fraction(Decimal(v)) for s, n, v in LINE.findall(last) if s == "Elected"}
