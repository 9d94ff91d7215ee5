"""A poll from draft to frozen definition, and what is refused on the way."""

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from hypothesis import given
from hypothesis import strategies as st

from mvote.core.canonical import b64u, canonical_bytes, parse
from mvote.core.fields import FieldsRefused
from mvote.core.poll import (
    ApprovedPoll,
    BlindIssuerKey,
    DefinitionRefused,
    DraftRefused,
    IssuerKey,
    PollDefinition,
    Roll,
    check_draft,
    poll_hash,
)

NOW = datetime(2030, 1, 1, tzinfo=UTC)
KEY = b64u(bytes(32))


def title(text):
    return {"ko": f"{text} 제목", "en": text}


def yes_no(name="q1"):
    return {
        "id": name,
        "type": "yes-no",
        "title": title("A park?"),
        "options": [],
        "config": {},
        "counting": {"method": "plurality", "options": {}},
        "blank": False,
    }


def budget(name="q2"):
    return {
        "id": name,
        "type": "budget",
        "title": title("Projects"),
        "options": [{"id": one, "title": title(one), "cost": 10} for one in "ab"],
        "config": {"most": 2},
        "counting": {"method": "budget-greedy", "options": {"budget": 15}},
        "blank": True,
    }


def draft(**changes):
    return {
        "v": 1,
        "kind": "city",
        "title": title("Spring"),
        "summary": {"ko": "두 줄\n설명", "en": "Two\nlines"},
        "department": "parks",
        "record": "r1",
        "level": "confidential",
        "proof": "sms",
        "roll_key": "number",
        "audience": {"all": [{"condition": "verified-number"}]},
        "questions": [yes_no(), budget()],
        "decision": {
            "weight_percent": 50,
            "quorum": {"kind": "voters", "least": 10},
            "threshold": {"numerator": 1, "denominator": 2},
            "ties": "listed",
            "results": "after-close",
        },
        "opens": None,
        "closes": "2030-02-01T00:00:00Z",
        "grace_seconds": 600,
        "revote": True,
        "answer_days": 30,
        "dispute_days": 14,
        "turnout_step": 10,
        **changes,
    }


def decision(**changes):
    return {**draft()["decision"], **changes}


def frozen(**changes):
    approved = check_draft(draft(**changes), now=NOW).approved(poll="p1")
    return approved.frozen(
        roll=Roll("growing", None), issuer=(IssuerKey("city-1", KEY, "City"),), board_key=KEY
    )


def faults(**changes):
    with pytest.raises(DraftRefused) as caught:
        check_draft(draft(**changes), now=NOW)
    return caught.value.errors


def test_a_draft_comes_back_with_what_its_question_types_fill_in():
    made = check_draft(draft(), now=NOW).to_json()
    assert [one["id"] for one in made["questions"][0]["options"]] == ["yes", "no"]
    made["questions"][0]["options"] = []
    assert made == draft()


def test_a_frozen_poll_survives_json_and_keeps_its_hash():
    made = frozen()
    raw = parse(canonical_bytes(made.to_json()))
    again = PollDefinition.from_json(raw)
    assert again == made
    assert again.hash == poll_hash(raw) == made.hash
    assert len(made.hash) == 64


def test_everything_that_voters_rely_on_is_in_the_hash():
    hashes = [
        frozen().hash,
        frozen(revote=False).hash,
        frozen(closes="2030-02-01T00:00:01Z").hash,
        frozen(decision=decision(ties="drawn")).hash,
        frozen(questions=[yes_no("q3")]).hash,
        frozen(title=title("Summer")).hash,
    ]
    assert len(set(hashes)) == len(hashes)


def test_the_approved_poll_names_the_versions_of_its_counting_methods():
    made = check_draft(draft(), now=NOW).approved(poll="p1").to_json()
    assert made["methods"] == {"budget-greedy": 1, "plurality": 1}
    assert not {"roll", "issuer", "board_key"} & made.keys()
    assert ApprovedPoll.from_json(made).to_json() == made


def test_ballots_are_due_on_the_board_by_closing_and_grace():
    assert frozen().include_by == datetime(2030, 2, 1, 0, 10, tzinfo=UTC)


def test_a_city_poll_whose_draft_names_no_level_is_secret():
    unsaid = {key: value for key, value in draft().items() if key != "level"}
    assert check_draft(unsaid, now=NOW).level == "secret"
    with pytest.raises(DraftRefused) as caught:
        check_draft({**unsaid, "kind": "statistic"}, now=NOW)
    assert caught.value.errors["level"] == ["is missing"]
    approved = check_draft(unsaid, now=NOW).approved(poll="p1").to_json()
    del approved["level"]
    with pytest.raises(DefinitionRefused):
        ApprovedPoll.from_json(approved)


@pytest.fixture(scope="module")
def blind_key():
    return BlindIssuerKey.of(generate_private_key(65537, 2048).public_key(), operator="City")


def freeze(level, *issuer, eligible=None):
    approved = check_draft(draft(level=level), now=NOW).approved(poll="p1")
    return approved.frozen(roll=Roll("growing", eligible), issuer=issuer, board_key=KEY)


def test_a_secret_poll_is_frozen_with_a_key_that_signs_blindly(blind_key):
    made = freeze("secret", blind_key, eligible=20)
    raw = parse(canonical_bytes(made.to_json()))
    again = PollDefinition.from_json(raw)
    assert again == made
    assert again.hash == poll_hash(raw)
    assert freeze("secret", blind_key).roll.eligible is None


def test_the_keys_of_the_issuers_fit_the_level(blind_key):
    plain = IssuerKey("city-1", KEY, "City")
    misfits = [
        ("secret", plain),
        ("confidential", blind_key),
        ("open", plain, blind_key),
        ("secret", blind_key, plain),
    ]
    for level, *issuer in misfits:
        with pytest.raises(DefinitionRefused) as caught:
            freeze(level, *issuer)
        assert "issuer" in caught.value.errors
    other = BlindIssuerKey.of(generate_private_key(65537, 2048).public_key(), operator="City")
    with pytest.raises(DefinitionRefused) as caught:
        freeze("secret", blind_key, other)
    assert caught.value.errors == {"issuer": ["has one key where permits are blind"]}


def test_a_poll_of_too_few_is_not_secret(blind_key):
    with pytest.raises(DefinitionRefused) as caught:
        freeze("secret", blind_key, eligible=19)
    assert "at least 20" in caught.value.errors["roll.eligible"][0]
    plain = IssuerKey("city-1", KEY, "City")
    assert freeze("confidential", plain, eligible=19).roll.eligible == 19


def test_a_secret_poll_shows_no_count_before_the_end():
    live = {**draft()["decision"], "results": "live"}
    with pytest.raises(DraftRefused) as caught:
        check_draft(draft(level="secret", decision=live), now=NOW)
    assert "use after-close" in caught.value.errors["decision.results"][0]
    assert check_draft(draft(level="confidential", decision=live), now=NOW)


def test_a_level_to_come_is_refused_in_plain_words():
    (words,) = faults(level="sealed")["level"]
    assert "not available in this version" in words


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"v": 2}, "v"),
        ({"kind": "citizens"}, "kind"),
        ({"kind": "statistic"}, "questions"),
        ({"kind": "budget", "questions": [yes_no()]}, "questions"),
        ({"title": {"ko": "제목"}}, "title"),
        ({"title": title("x" * 201)}, "title"),
        ({"summary": title("x" * 4001)}, "summary"),
        ({"title": title("a\nb")}, "title"),
        ({"department": "공원"}, "department"),
        ({"record": ""}, "record"),
        ({"level": "top"}, "level"),
        ({"level": ["open"]}, "level"),
        ({"proof": "oidc"}, "proof"),
        ({"roll_key": "account"}, "roll_key"),
        ({"audience": {"all": []}}, "audience.all"),
        ({"audience": {"all": [{"condition": "district"}]}}, "audience.all[0].any_of"),
        ({"audience": None}, "audience"),
        ({"questions": []}, "questions"),
        ({"questions": [yes_no(f"q{n}") for n in range(21)]}, "questions"),
        ({"questions": [yes_no(), yes_no()]}, "questions[1].id"),
        ({"questions": [{**yes_no(), "config": {"most": 2}}]}, "questions[0].config.most"),
        ({"questions": [{**budget(), "counting": {}}]}, "questions[0].counting.method"),
        (
            {"questions": [{**budget(), "counting": {"method": "budget-greedy", "options": {}}}]},
            "questions[0].counting.options.budget",
        ),
        (
            {"questions": [{**yes_no(), "counting": budget()["counting"]}]},
            "questions[0].counting.method",
        ),
        ({"decision": None}, "decision"),
        ({"decision": decision(weight_percent=101)}, "decision.weight_percent"),
        ({"decision": decision(ties="duel")}, "decision.ties"),
        (
            {"decision": decision(quorum={"kind": "percent-of-eligible", "least": 5})},
            "decision.quorum",
        ),
        ({"opens": "2030-02-01T00:00:00Z"}, "closes"),
        ({"opens": "tomorrow"}, "opens"),
        ({"closes": None}, "closes"),
        ({"closes": "2030-02-01T00:00:00+09:00"}, "closes"),
        ({"closes": "2029-12-31T23:59:59Z"}, "closes"),
        ({"closes": 5}, "closes"),
        ({"closes": "9999-12-31T23:59:59Z"}, "closes"),
        ({"closes": "2200-01-01T00:00:00Z"}, "closes"),
        ({"opens": "0001-01-01T00:00:00Z"}, "opens"),
        ({"grace_seconds": 59}, "grace_seconds"),
        ({"revote": 1}, "revote"),
        ({"answer_days": 0}, "answer_days"),
        ({"turnout_step": 0}, "turnout_step"),
        ({"poll": "p1"}, "poll"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_bad_draft_is_refused_at_the_field(changes, field):
    assert field in faults(**changes)


@pytest.mark.parametrize("key", sorted(set(draft()) - {"level"}))
def test_every_field_of_a_draft_is_needed(key):
    raw = draft()
    del raw[key]
    with pytest.raises(DraftRefused) as caught:
        check_draft(raw, now=NOW)
    assert caught.value.errors[key] == ["is missing"]


def test_all_faults_are_told_at_once():
    assert {"kind", "closes", "revote"} <= faults(kind="x", closes="y", revote="z").keys()


def test_a_share_of_the_eligible_fits_a_targeted_poll():
    targeted = {"all": [{"condition": "district", "any_of": ["mapo"]}]}
    share = decision(quorum={"kind": "percent-of-eligible", "least": 5})
    made = check_draft(draft(audience=targeted, decision=share), now=NOW).approved(poll="p1")
    parts = {"issuer": (IssuerKey("city-1", KEY, "City"),), "board_key": KEY}
    assert made.frozen(roll=Roll("growing", 100), **parts).roll.eligible == 100
    with pytest.raises(DefinitionRefused) as caught:
        made.frozen(roll=Roll("growing", None), **parts)
    assert "roll.eligible" in caught.value.errors


def test_a_closed_roll_is_said_and_kept_and_a_growing_one_leaves_the_form_as_it_was():
    targeted = {"all": [{"condition": "district", "any_of": ["mapo"]}]}
    parts = {"issuer": (IssuerKey("city-1", KEY, "City"),), "board_key": KEY}
    closed = check_draft(draft(audience=targeted, roll_mode="closed"), now=NOW)
    assert closed.to_json()["roll_mode"] == "closed"
    assert closed.approved(poll="p1").frozen(roll=Roll("closed", 9), **parts).roll.mode == "closed"
    with pytest.raises(DefinitionRefused) as caught:
        closed.approved(poll="p1").frozen(roll=Roll("growing", 9), **parts)
    assert "roll.mode" in caught.value.errors
    growing = check_draft(draft(audience=targeted, roll_mode="growing"), now=NOW)
    assert "roll_mode" not in growing.to_json()
    assert "roll_mode" in faults(roll_mode="closed")
    by_oidc = {"roll_key": "oidc", "proof": "oidc"}
    assert "roll_mode" in faults(audience=targeted, roll_mode="closed", **by_oidc)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"poll": "a/b"}, "poll"),
        ({"methods": {"plurality": 1}}, "methods"),
        ({"methods": {"plurality": 2, "budget-greedy": 1}}, "methods"),
        ({"methods": {"plurality": True, "budget-greedy": 1}}, "methods"),
        ({"roll": {"mode": "growing"}}, "roll.eligible"),
        ({"roll": {"mode": "shrinking", "eligible": 1}}, "roll.mode"),
        ({"roll": {"mode": "closed", "eligible": -1}}, "roll.eligible"),
        ({"issuer": []}, "issuer"),
        ({"issuer": [{"kid": "a", "alg": "RS256", "x": KEY, "operator": "City"}]}, "issuer[0].alg"),
        ({"issuer": [{"kid": "a", "alg": "Ed25519", "x": "AA", "operator": "C"}]}, "issuer[0].x"),
        (
            {"issuer": [{"kid": "a", "alg": "Ed25519", "x": KEY, "operator": ""}]},
            "issuer[0].operator",
        ),
        ({"board_key": KEY + "="}, "board_key"),
        ({"board_key": None}, "board_key"),
        ({"secret": 1}, "secret"),
    ],
)
def test_a_bad_definition_is_refused_at_the_field(change, field):
    with pytest.raises(DefinitionRefused) as caught:
        PollDefinition.from_json({**frozen().to_json(), **change})
    assert field in caught.value.errors


def test_a_definition_that_leaves_something_to_be_filled_in_is_refused():
    raw = frozen().to_json()
    raw["questions"][0]["options"] = []
    with pytest.raises(DefinitionRefused):
        PollDefinition.from_json(raw)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


def paths(value, path=()):
    yield path
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, item in inner:
        yield from paths(item, (*path, key))


def replaced(value, path, junk):
    if not path:
        return junk
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], junk)
    return copy


def test_a_threshold_needs_totals_that_are_shares_of_the_valid_votes():
    scores = yes_no() | {
        "type": "rating",
        "options": [{"id": "a", "title": title("A")}, {"id": "b", "title": title("B")}],
        "config": {"scale": "stars"},
        "counting": {"method": "score-mean", "options": {}},
    }
    assert "decision.threshold" in faults(questions=[scores])
    check_draft(draft(questions=[scores], decision=decision(threshold=None)), now=NOW)


@given(data=st.data())
def test_junk_anywhere_in_a_definition_is_refused_by_field_or_harmless(data):
    raw = frozen().to_json()
    mangled = replaced(raw, data.draw(st.sampled_from(list(paths(raw)))), data.draw(JUNK))
    try:
        made = PollDefinition.from_json(mangled)
    except FieldsRefused as refusal:
        told = refusal.errors
    else:
        told = {}
        assert made.to_json() == mangled
        assert made.hash == poll_hash(mangled)
    assert all(told.values())
