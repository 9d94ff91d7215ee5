"""Who may vote: laws over the registry of conditions, and what each condition promises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvote.core.eligibility import (
    CONDITIONS,
    AudienceRefused,
    Facts,
    check_audience,
    is_targeted,
    unmet,
)
from mvote.core.text import LANGUAGES

SAMPLES = {
    "verified-number": {},
    "proved": {},
    "verified-resident": {},
    "district": {"any_of": ["mapo", "jongno"]},
    "birth-year": {"from": 1990, "to": 2004},
    "gender": {"any_of": ["f", "x"]},
    "list": {"list": "youth-council"},
    "room": {"room": "12345678"},
    "declared": {"of": {"condition": "gender", "any_of": ["f"]}},
}
MEETS = Facts(
    True,
    "mapo",
    1990,
    "f",
    frozenset({"youth-council"}),
    resident=True,
    rooms=frozenset({"12345678"}),
    proved=True,
)
DECLARES = Facts(False, declared=Facts(False, gender="f"))
NOBODY = Facts(False)
NAMES = pytest.mark.parametrize("name", CONDITIONS.names())


def audience(*names):
    return {"all": [{"condition": name, **SAMPLES[name]} for name in names]}


@NAMES
def test_a_condition_has_labels_in_both_languages(name):
    condition = CONDITIONS.get(name)
    whom = condition.whom(SAMPLES[name])
    for label in (condition.label, whom, *condition.form.values()):
        assert set(label) == set(LANGUAGES)
        assert all(label.values())


@NAMES
def test_a_condition_is_met_by_one_and_told_to_another(name):
    check_audience(audience(name))
    assert unmet(audience(name), DECLARES if name == "declared" else MEETS) == ()
    (told,) = unmet(audience(name), NOBODY)
    assert told.condition == name
    for words in (told.words, told.what_to_do):
        assert set(words) == set(LANGUAGES)
        assert all(words.values())


@NAMES
def test_a_condition_refuses_what_it_does_not_know(name):
    with pytest.raises(AudienceRefused) as caught:
        check_audience({"all": [{"condition": name, **SAMPLES[name], "luck": 1}]})
    assert "all[0].luck" in caught.value.errors


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@NAMES
@given(data=st.data())
def test_a_condition_with_junk_is_refused_or_can_be_asked(name, data):
    keys = sorted(CONDITIONS.get(name).form) or ["x"]
    raw = {"condition": name, **{key: data.draw(JUNK) for key in keys}}
    try:
        check_audience({"all": [raw]})
    except AudienceRefused:
        return
    assert unmet({"all": [raw]}, NOBODY)


@given(junk=JUNK)
def test_junk_is_no_audience(junk):
    for raw in (junk, {"all": junk}, {"all": [junk]}, {"any": [junk]}, {"all": [{"any": junk}]}):
        with pytest.raises(AudienceRefused):
            check_audience(raw)


def test_every_unmet_condition_is_told():
    told = unmet(audience(*CONDITIONS.names()), NOBODY)
    assert [one.condition for one in told] == list(CONDITIONS.names())


def test_only_a_part_of_the_city_is_targeted():
    assert not is_targeted(audience("verified-number"))
    assert is_targeted(audience("verified-number", "gender"))


def test_two_lists_may_both_be_asked_for_but_no_other_condition_twice():
    check_audience(
        {"all": [{"condition": "list", "list": "a"}, {"condition": "list", "list": "b"}]}
    )
    with pytest.raises(AudienceRefused):
        check_audience(audience("gender", "gender"))


@pytest.mark.parametrize(
    ("first", "last", "band", "met"),
    [
        (1990, 2004, 1990, True),
        (1990, 2004, 2000, True),
        (1990, 2004, 1985, False),
        (1990, 2004, 2005, False),
        (None, 1994, 1990, True),
        (None, 1994, 1995, False),
        (2000, None, 2010, True),
        (2000, None, 1995, False),
        (2000, None, None, False),
    ],
)
def test_bands_of_birth_years_are_inclusive(first, last, band, met):
    raw = {"all": [{"condition": "birth-year", "from": first, "to": last}]}
    check_audience(raw)
    assert (unmet(raw, Facts(True, birth_band=band)) == ()) is met


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({"from": 1991, "to": 2004}, "from"),
        ({"from": 1990, "to": 2003}, "to"),
        ({"from": 2000, "to": 1994}, "to"),
        ({"from": None, "to": None}, "from"),
        ({}, "from"),
        ({"from": "1990"}, "from"),
        ({"from": 1800}, "from"),
    ],
)
def test_years_that_the_register_cannot_tell_apart_are_refused(raw, field):
    with pytest.raises(AudienceRefused) as caught:
        check_audience({"all": [{"condition": "birth-year", **raw}]})
    assert f"all[0].{field}" in caught.value.errors


def test_an_unknown_district_is_told_apart_from_another_one():
    (unknown,) = unmet(audience("district"), Facts(True))
    (other,) = unmet(audience("district"), Facts(True, "gangnam"))
    assert "not known" in unknown.words["en"]
    assert "not known" not in other.words["en"]


def test_codes_of_a_list_are_checked_one_by_one():
    raw = {"all": [{"condition": "gender", "any_of": ["f", "q", "f", 3]}]}
    with pytest.raises(AudienceRefused) as caught:
        check_audience(raw)
    assert set(caught.value.errors) == {f"all[0].any_of[{place}]" for place in (1, 2, 3)}


def by_word(**condition):
    return {"all": [{"condition": "declared", "of": condition}]}


def test_ones_own_word_counts_only_where_the_register_is_silent():
    asked = by_word(condition="district", any_of=["mapo"])
    check_audience(asked)
    says_mapo = Facts(True, district="mapo")
    for registered, may in ((None, True), ("mapo", False), ("jongno", False)):
        facts = Facts(True, district=registered, declared=says_mapo)
        assert (unmet(asked, facts) == ()) is may
    either = {"any": [{"condition": "district", "any_of": ["mapo"]}, *asked["all"]]}
    check_audience(either)
    for registered, may in ((None, True), ("mapo", True), ("jongno", False)):
        facts = Facts(True, district=registered, declared=says_mapo)
        assert (unmet(either, facts) == ()) is may
    assert not is_targeted(asked)


@pytest.mark.parametrize(
    "of", [None, {}, {"condition": "list", "list": "a"}, {"condition": "gender", "any_of": ["q"]}]
)
def test_only_what_can_be_declared_is_asked_for(of):
    with pytest.raises(AudienceRefused):
        check_audience({"all": [{"condition": "declared", "of": of}]})
