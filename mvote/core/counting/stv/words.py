"""What a count of the single transferable vote says of itself."""

from mvote.core.counting.outcome import joined, named, tie_words
from mvote.core.counting.ranked import NO_VOTES, NOTHING_WON, votes_shown
from mvote.core.counting.stv.course import Course
from mvote.core.text import Words
from mvote.core.ties import label_of

REACHED: Words = {"ko": "기준표에 이르러 선정되었습니다", "en": "Elected with the quota"}
DEFEATED: Words = {
    "ko": "{votes}표로 가장 적어 탈락했습니다",
    "en": "Eliminated with the fewest votes ({votes})",
}
SURE_LOSERS: Words = {
    "ko": "합쳐서 {votes}표로 앞선 선택지에 미칠 수 없어 함께 탈락했습니다",
    "en": "Eliminated together, for with all their {votes} votes none could pass the next",
}


def explain(course: Course) -> Words:
    """Why these won."""
    valid = course.packed.valid
    if not course.stages:
        return NO_VOTES
    quota = votes_shown(course.arithmetic.shown(course.quota))
    stages = len(course.stages)
    rounds = "1 round" if stages == 1 else f"{stages} rounds"
    said: list[Words] = [
        {
            "ko": f"유효표 {valid:,}표를 {stages}단계에 걸쳐 집계했으며, "
            f"마지막 단계의 기준표는 {quota}표입니다.",
            "en": f"{valid:,} valid votes were counted in {rounds}; "
            f"the quota in the last was {quota}.",
        }
    ]
    for number, stage in enumerate(course.stages, start=1):
        if stage.elected:
            who = named(course.question, stage.elected, most=len(stage.elected))
            votes = ", ".join(votes_shown(stage.totals[one]) for one in stage.elected)
            said.append(
                {
                    "ko": f"{number}단계에서 선정: {who['ko']} ({votes}표).",
                    "en": f"Elected in round {number}: {who['en']} ({votes} votes).",
                }
            )
    if not course.elected:
        said.append(NOTHING_WON)
    said += [tie_words(course.question, tie, label_of(tie, course.rule)) for tie in course.ties]
    return joined(*said)
