"""A question of every type, several ways set up, and the answers that it takes."""

from hypothesis import strategies as st

from mvote.core.question import Question
from mvote.core.questions import QUESTIONS
from mvote.core.shapes import Amount, Choices, Ranking, Scores, Text

GRADES = [{"ko": f"{n}등급", "en": f"Grade {n}"} for n in "ABC"]
VARIANTS = {
    "yes-no": [{}, {"none": True, "reason": True}],
    "single-choice": [{}, {"none": True, "shuffle": True}],
    "multiple-choice": [{"config": {"least": 2, "most": 3}}, {"config": {}, "none": True}],
    "budget": [
        {"config": {"limit": 60, "least": 1, "most": 3}},
        {"config": {"most": 5}, "reason": True},
    ],
    "ranking": [
        {"config": {}},
        {"config": {"equal": True, "least": 2, "most": 4}, "none": True},
        {"config": {"least": 5}, "shuffle": True},
    ],
    "rating": [
        {"config": {"scale": "stars"}},
        {"config": {"scale": "minus-two-to-two", "least": 5}},
        {"config": {"scale": "zero-to-ten"}, "reason": True},
        {"config": {"scale": {"least": -7, "most": 100}}},
        {"config": {"scale": GRADES}},
    ],
    "points": [
        {"config": {"points": 10}},
        {"config": {"points": 10, "most": 2, "all": True}},
        {"config": {"points": 1}},
    ],
    "number": [
        {"config": {"least": 0, "most": 100}},
        {"config": {"least": -5, "most": 250, "decimals": 2, "unit": GRADES[0]}},
    ],
    "open-text": [{"config": {}}, {"config": {"least": 10, "most": 200}}],
    "matrix": [{"config": {"scale": GRADES}}, {"config": {"scale": "stars", "least": 2}}],
    "statement": [{}, {"reason": True}],
}
CASES = [(name, number) for name, variants in VARIANTS.items() for number in range(len(variants))]
FIXED = ("yes-no", "statement")
WITHOUT_OPTIONS = ("number", "open-text")


def words(text):
    return {"ko": f"{text} 항목", "en": f"The {text}"}


def options_of(name):
    if name in (*FIXED, *WITHOUT_OPTIONS):
        return []
    options = [{"id": one, "title": words(one)} for one in "abcde"]
    if name == "budget":
        options = [{**option, "cost": 10 * place} for place, option in enumerate(options, 1)]
    return options


def sample(name, number=0, **changes):
    """A complete question of type ``name``, set up in its ``number``-th way."""
    raw = {
        "id": "q1",
        "type": name,
        "title": words("question"),
        "options": options_of(name),
        "config": {},
        "counting": {"method": "any", "options": {}},
        "blank": True,
        **VARIANTS[name][number],
        **changes,
    }
    return QUESTIONS.get(name).complete(Question.from_json(raw))


@st.composite
def answers(draw, question):
    """An answer within the limits of a question whose config was checked, never a blank one."""
    kind = QUESTIONS.get(question.type)
    limits = kind.limits(question)
    ids = [one for one in question.by_id if not (question.none and one == "none")]
    if question.none and draw(st.integers(0, 4)) == 0:
        return {Choices: Choices(("none",)), Ranking: Ranking((("none",),))}[kind.shape]
    if kind.shape is Amount:
        return Amount(draw(st.integers(limits.least, limits.most)))
    if kind.shape is Text:
        return Text(draw(st.binary(min_size=32, max_size=32)).hex())
    chosen = draw(st.permutations(ids))[: draw(st.integers(limits.least, limits.most))]
    if kind.shape is Choices:
        return Choices.of(affordable(question, chosen, limits))
    if kind.shape is Ranking:
        return Ranking.of(draw(groups(chosen, equal=limits.equal)))
    if limits.together is None:
        score = st.integers(limits.lowest, limits.highest)
        return Scores.of({one: draw(score) for one in chosen})
    return draw(points(ids, limits))


def affordable(question, chosen, limits):
    """As many of the chosen as the money allows; all where they are too few without."""
    if limits.cost is None:
        return chosen
    cheapest = sorted(chosen, key=lambda one: question.by_id[one].cost)
    while sum(question.by_id[one].cost for one in cheapest) > limits.cost:
        cheapest.pop()
    fits = len(cheapest) >= limits.least
    by_cost = sorted(question.by_id, key=lambda one: question.by_id[one].cost)
    return cheapest if fits else by_cost[: limits.least]


@st.composite
def groups(draw, chosen, *, equal):
    made = []
    for one in chosen:
        if made and equal and draw(st.booleans()):
            made[-1].append(one)
        else:
            made.append([one])
    return made


@st.composite
def points(draw, ids, limits):
    left, made = limits.together, {}
    for one in draw(st.permutations(ids)):
        made[one] = draw(st.integers(0, min(left, limits.highest)))
        left -= made[one]
    while left and (limits.spend_all or left == limits.together):
        one = draw(st.sampled_from([one for one in ids if made[one] < limits.highest]))
        more = min(left, limits.highest - made[one])
        made[one] += more
        left -= more
    return Scores.of({one: given for one, given in made.items() if given})


def within(question, answer):
    """Whether an answer that is not blank keeps to the limits, checked in another way."""
    limits = QUESTIONS.get(question.type).limits(question)
    if isinstance(answer, Amount):
        return limits.least <= answer.value <= limits.most
    if isinstance(answer, Text):
        return len(bytes.fromhex(answer.sha256)) == 32
    ids = [one for one, _ in answer.pairs] if isinstance(answer, Scores) else list(answer.ids)
    if not set(ids) <= set(question.by_id):
        return False
    if question.none and "none" in ids:
        return ids == ["none"]
    if not limits.least <= len(ids) <= limits.most:
        return False
    if isinstance(answer, Ranking):
        return limits.equal or all(len(group) == 1 for group in answer.groups)
    if isinstance(answer, Choices):
        return limits.cost is None or limits.cost >= sum(question.by_id[i].cost for i in ids)
    given = [number for _, number in answer.pairs]
    spent = limits.together is None or (
        sum(given) == limits.together if limits.spend_all else sum(given) <= limits.together
    )
    return spent and all(limits.lowest <= one <= limits.highest for one in given)
