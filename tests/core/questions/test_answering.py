"""What rankings, ratings, points, numbers, texts and “none of these” promise, rule by rule."""

import pytest

from mvote.core import answers
from mvote.core.canonical import b64u
from mvote.core.question import Question, QuestionRefused
from mvote.core.questions import QUESTIONS
from mvote.core.questions.number import spell
from mvote.core.questions.scale import scale_of
from mvote.core.shapes import Amount, Choices, Ranking, Scores, Text
from tests.core.questions.samples import GRADES, options_of, sample, words


def read(question, raw):
    QUESTIONS.get(question.type).check_config(question)
    return QUESTIONS.get(question.type).read_answer(question, raw)


def faults(name, **changes):
    question = sample(name, **changes)
    with pytest.raises(QuestionRefused) as caught:
        QUESTIONS.get(name).check_config(question)
    return caught.value.errors


def refused(question, raw, refusal):
    with pytest.raises(refusal) as caught:
        read(question, raw)
    assert caught.value.status == 422
    return caught.value.params


def test_a_ranking_is_the_best_first_and_may_share_ranks_where_it_is_allowed():
    strict, equal = sample("ranking", config={}), sample("ranking", config={"equal": True})
    assert read(strict, ["c", "a"]) == Ranking.of(["c", "a"])
    assert read(equal, ["c", ["e", "a"], "b"]) == Ranking.of(["c", ["a", "e"], "b"])
    refused(strict, ["c", ["e", "a"]], answers.EqualRanksNotAllowed)


def test_a_shared_rank_holds_two_and_nothing_deeper():
    equal = sample("ranking", config={"equal": True})
    for raw in (["a", []], [["a"]], [["a", ["b", "c"]]], ["a", 2]):
        refused(equal, raw, answers.WrongAnswerType)
    assert refused(equal, ["a", ["b", "a"]], answers.ChosenTwice)["option"] == "a"
    refused(equal, ["a", ["b", "z"]], answers.UnknownOption)


def test_a_ranking_up_to_so_many_or_in_full():
    few, full = sample("ranking", config={"most": 2}), sample("ranking", config={"least": 5})
    assert refused(few, ["a", "b", "c"], answers.TooManyChosen)["most"] == 2
    assert refused(full, ["a", "b", "c", "d"], answers.TooFewChosen)["least"] == 5
    assert read(full, list("edcba")).ids == tuple("edcba")


@pytest.mark.parametrize(
    ("scale", "least", "most"),
    [("stars", 1, 5), ("minus-two-to-two", -2, 2), ("zero-to-ten", 0, 10), (GRADES, 0, 2)],
)
def test_a_rating_keeps_to_its_scale(scale, least, most):
    question = sample("rating", config={"scale": scale})
    assert read(question, [["b", most], ["a", least]]) == Scores.of({"a": least, "b": most})
    for score in (least - 1, most + 1):
        params = refused(question, [["a", score]], answers.ScoreOutOfRange)
        assert (params["option"], params["least"], params["most"]) == ("a", least, most)
    for raw in ([["a"]], [["a", True]], [["a", "1"]], ["a", 1], [["a", 1, 1]], [[1, "a"]]):
        refused(question, raw, answers.WrongAnswerType)
    refused(question, [["a", most], ["a", most]], answers.ChosenTwice)


def test_grades_stand_with_the_best_first_and_the_best_is_the_highest_number():
    scale = scale_of(sample("rating", config={"scale": GRADES}))
    assert scale.name_of(2) == GRADES[0]
    assert scale.name_of(0) == GRADES[-1]
    assert scale_of(sample("rating", config={"scale": "stars"})).name_of(4)["en"] == "4"


@pytest.mark.parametrize(
    ("scale", "field"),
    [
        ("moons", "config.scale"),
        (None, "config.scale"),
        (GRADES[:1], "config.scale"),
        ([GRADES[0], {"ko": "나"}], "config.scale[1]"),
        ({"least": 3, "most": 3}, "config.scale.most"),
        ({"least": 0}, "config.scale.most"),
        ({"least": 0, "most": 5, "step": 2}, "config.scale.step"),
    ],
)
def test_a_scale_that_is_none_is_refused(scale, field):
    assert field in faults("rating", config={"scale": scale})


def test_a_table_wants_every_item_unless_it_says_how_many():
    scale = {"scale": "stars"}
    every, two = sample("matrix", config=scale), sample("matrix", config={**scale, "least": 2})
    pairs = [["a", 1], ["b", 5]]
    assert refused(every, pairs, answers.TooFewChosen)["least"] == 5
    assert read(two, pairs) == Scores.of({"a": 1, "b": 5})


def test_points_are_spent_within_their_sum_and_all_of_them_where_it_is_asked():
    some = sample("points", config={"points": 5, "most": 3})
    every = sample("points", config={"points": 5, "all": True})
    assert read(some, [["b", 3], ["a", 1]]) == Scores.of({"a": 1, "b": 3})
    assert refused(some, [["a", 3], ["b", 3]], answers.TooManyPoints)["given"] == 6
    assert refused(every, [["a", 3], ["b", 1]], answers.PointsLeft)["points"] == 5
    refused(some, [["a", 4]], answers.ScoreOutOfRange)
    refused(some, [["a", 0]], answers.ScoreOutOfRange)
    refused(some, [["a", -1], ["b", 3]], answers.ScoreOutOfRange)


def test_points_that_cannot_all_be_spent_are_refused_when_the_question_is_made():
    config = {"points": 11, "most": 2, "all": True}
    assert "config.most" in faults("points", config=config)


def test_points_and_ranks_can_go_to_projects_that_all_have_costs():
    projects = [{**one, "cost": 7} for one in options_of("points")]
    for name, config in (("points", {"points": 3}), ("ranking", {})):
        made = sample(name, options=projects, config=config)
        QUESTIONS.get(name).check_config(made)
        assert made.has_costs
        assert "options[1].cost" in faults(
            name, options=[projects[0], *options_of(name)[1:]], config=config
        )


def test_a_number_is_whole_in_its_smallest_unit_and_within_its_range():
    question = sample("number", config={"least": -150, "most": 250, "decimals": 2})
    assert read(question, [-150]) == Amount(-150)
    params = refused(question, [251], answers.NumberOutOfRange)
    assert (params["least"], params["most"]) == ("-1.50", "2.50")
    for raw in ([1, 2], ["1"], [True], [[1]], [None]):
        refused(question, raw, answers.WrongAnswerType)


@pytest.mark.parametrize(
    ("value", "decimals", "spelled"),
    [(0, 0, "0"), (-5, 0, "-5"), (5, 2, "0.05"), (-150, 2, "-1.50"), (1234567, 3, "1234.567")],
)
def test_a_number_is_spelled_with_its_decimals(value, decimals, spelled):
    assert spell(value, decimals) == spelled


def test_a_number_has_no_options_and_needs_a_range():
    assert "options" in faults("number", options=options_of("rating"))
    assert "config.most" in faults("number", config={"least": 0})
    assert "config.most" in faults("number", config={"least": 5, "most": 5})
    assert "config.unit" in faults("number", config={"least": 0, "most": 5, "unit": "won"})
    assert "shuffle" in faults("number", shuffle=True)


def test_a_text_is_a_hash_in_its_one_spelling():
    question = sample("open-text")
    assert read(question, [b64u(bytes(range(32)))]) == Text(bytes(range(32)).hex())
    for raw in ([b64u(bytes(31))], [b64u(bytes(32)) + "="], ["A" * 42 + "B"], ["Hello"], [7]):
        refused(question, raw, answers.WrongAnswerType)


def test_a_text_has_no_reason_beside_it():
    assert "reason" in faults("open-text", reason=True)


@pytest.mark.parametrize("name", ["yes-no", "single-choice", "multiple-choice", "ranking"])
def test_none_of_these_is_filled_in_last_and_excludes_the_others(name):
    question = sample(name, none=True, config={})
    assert question.options[-1].id == "none"
    assert read(question, ["none"]).ids == ("none",)
    other = question.options[0].id
    assert refused(question, [other, "none"], answers.NoneStandsAlone) == {"question": "q1"}


def test_none_of_these_is_no_part_of_the_least_or_the_most():
    question = sample("multiple-choice", none=True, config={"least": 2})
    assert read(question, ["none"]) == Choices(("none",))
    assert read(question, list("abcde")).ids == tuple("abcde")
    assert "config.most" in faults("multiple-choice", none=True, config={"most": 6})
    one = [{"id": "a", "title": words("a")}]
    assert "options" in faults("single-choice", none=True, options=one)


def test_none_of_these_may_have_words_of_the_city_but_no_other_place():
    own = {"id": "none", "title": words("nothing")}
    made = sample("single-choice", none=True, options=[*options_of("single-choice"), own])
    assert made.options[-1].title == words("nothing")
    QUESTIONS.get("single-choice").check_config(made)
    first = [own, *options_of("single-choice")]
    assert "options" in faults("single-choice", none=True, options=first)


@pytest.mark.parametrize("name", ["budget", "rating", "points", "number", "open-text", "statement"])
def test_none_of_these_is_refused_where_a_blank_answer_says_it(name):
    assert "none" in faults(name, none=True)


def test_an_option_that_is_called_none_excludes_nothing_unless_the_question_says_so():
    none = {"id": "none", "title": words("none")}
    question = sample("multiple-choice", config={}, options=[*options_of("points"), none])
    assert read(question, ["a", "none"]) == Choices(("a", "none"))


def test_a_statement_is_agreed_with_disagreed_with_or_passed_on():
    question = sample("statement")
    assert [one.id for one in question.options] == ["agree", "disagree", "pass"]
    assert read(question, ["pass"]) == Choices(("pass",))
    refused(question, ["agree", "pass"], answers.TooManyChosen)


PICTURE = {"kind": "picture", "href": "https://city.example/a.jpg", "alt": words("A bridge")}


def with_media(**changes):
    option = {"id": "a", "title": words("a"), "media": {**PICTURE, **changes}}
    return {**sample("single-choice").to_json(), "options": [option], "media": PICTURE}


def test_a_picture_has_words_for_whoever_cannot_see_it():
    made = Question.from_json(with_media(sha256="0" * 64, kind="video"))
    assert made.options[0].media.alt == words("A bridge")
    assert Question.from_json(made.to_json()) == made
    raw = with_media()
    del raw["options"][0]["media"]["alt"]
    with pytest.raises(QuestionRefused) as caught:
        Question.from_json(raw)
    assert set(caught.value.errors) == {"options[0].media.alt"}


@pytest.mark.parametrize(
    "href",
    [
        "http://city.example/a.jpg",
        "javascript:alert(1)",
        "//elsewhere.example/a.jpg",
        "/\\elsewhere.example",
        "a.jpg",
        "https://",
        "https://city.example/a b",
        'https://city.example/"onload=',
        "https://user@city.example/",
        "/" + "a" * 500,
        "",
        7,
    ],
)
def test_a_picture_lies_at_an_https_address_or_on_the_citys_own_site(href):
    with pytest.raises(QuestionRefused) as caught:
        Question.from_json(with_media(href=href))
    assert set(caught.value.errors) == {"options[0].media.href"}


def test_a_picture_on_the_citys_own_site_is_told_from_one_elsewhere():
    assert not Question.from_json(with_media()).options[0].media.own
    assert Question.from_json(with_media(href="/media/a.jpg?v=2")).options[0].media.own


def test_nothing_optional_stands_in_the_json_of_a_question_that_does_not_use_it():
    assert set(sample("single-choice").to_json()) == {
        "id",
        "type",
        "title",
        "options",
        "config",
        "counting",
        "blank",
    }
