"""Reading Pabulib files: what is read, and how a bad file is refused."""

import gzip

import pytest

from mvote.formats.pabulib import PabulibUnreadable, read

META = {
    "description": "A small budget",
    "num_projects": "3",
    "num_votes": "3",
    "budget": "100",
    "vote_type": "approval",
    "rule": "greedy",
}
PROJECTS = [
    "project_id;cost;votes;name;selected",
    "a/1;60;2;Trees;1",
    "b;50;2;Lamps;0",
    "c;40;1;Café;1",
]
VOTES = ["voter_id;vote;age;sex", "1;a/1,b;34;F", "2;a/1;;M", "3;b,c;200;"]


def text(meta=None, projects=PROJECTS, votes=VOTES, end="\n"):
    keys = {**META, **(meta or {})}
    lines = ["META", "key;value", *(f"{k};{v}" for k, v in keys.items() if v is not None)]
    return end.join([*lines, "PROJECTS", *projects, "VOTES", *votes, ""])


@pytest.fixture
def reading(tmp_path):
    """Read a text or bytes as a file."""

    def act(content, name="small.pb"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read(path)

    return act


@pytest.fixture
def refusal(reading):
    """The sentence with which a file is refused."""

    def act(content, name="small.pb"):
        with pytest.raises(PabulibUnreadable) as caught:
            reading(content, name)
        assert caught.value.sentence("ko")
        return str(caught.value)

    return act


def test_a_file_is_read_whole(reading):
    made = reading(text())
    assert (made.budget, made.scale, made.rule, made.vote_type) == (100, 1, "greedy", "approval")
    assert [(one.id, one.cost, one.votes, one.name) for one in made.projects] == [
        ("a/1", 60, 2, "Trees"),
        ("b", 50, 2, "Lamps"),
        ("c", 40, 1, "Café"),
    ]
    assert [one.projects for one in made.voters] == [("a/1", "b"), ("a/1",), ("b", "c")]
    assert [(one.age, one.sex) for one in made.voters] == [(34, "F"), (None, "M"), (None, None)]
    assert made.official_selection.chosen == {"a/1", "c"}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_a_byte_order_mark_and_empty_lines_do_not_matter(reading, end):
    plain = reading(text())
    other = text(end=end).replace(f"PROJECTS{end}", f"{end}PROJECTS;{end}{end}")
    assert reading(b"\xef\xbb\xbf" + other.encode()) == plain


def test_a_packed_file_is_read_whatever_its_name(reading):
    packed = gzip.compress(text().encode())
    assert reading(packed) == reading(text())
    assert reading(packed, "small.pb.gz").voters == reading(text()).voters


def test_spaces_around_values_do_not_matter(reading):
    assert reading(text().replace(";", " ; ").replace(",", ", ")) == reading(text())


def test_quotes_hold_semicolons_quotes_and_line_breaks(reading):
    projects = [*PROJECTS[:3], '"c";40;1;"""Park""; stage 2\nand more";1']
    assert reading(text(projects=projects)).projects[2].name == '"Park"; stage 2\nand more'


def test_columns_may_come_in_another_order_and_be_missing(reading):
    projects = ["cost;project_id", "60;a/1", "50;b", "40;c"]
    votes = ["vote;voter_id", "a/1,b;1", "a/1;2", "b,c;3"]
    made = reading(text(projects=projects, votes=votes))
    assert [one.cost for one in made.projects] == [60, 50, 40]
    assert [one.votes for one in made.projects] == [None] * 3
    assert made.official_selection is None


def test_an_empty_vote_is_read_as_blank(reading):
    assert reading(text(votes=[*VOTES[:3], "3;;5;F"])).voters[2].projects == ()


@pytest.mark.parametrize(
    ("budget", "cost", "scale", "money"),
    [
        ("100.00", "60", 1, (100, 60)),
        ("100.5", "60,25", 100, (10050, 6025)),
        ("0.3", "0.1", 10, (3, 1)),
        ("0", "0", 1, (0, 0)),
    ],
)
def test_money_is_exact(reading, budget, cost, scale, money):
    projects = [PROJECTS[0], f"a/1;{cost};2;Trees;1", *PROJECTS[2:]]
    made = reading(text({"budget": budget}, projects))
    assert made.scale == scale
    assert (made.budget, made.projects[0].cost) == money


def test_what_was_funded_outside_the_rule_is_kept_apart(reading):
    made = reading(text(projects=[*PROJECTS[:2], "b;50;2;Lamps;2", "c;40;1;Café;3"]))
    assert made.official_selection.chosen == {"a/1"}
    assert made.official_selection.otherwise == {"b", "c"}


BAD = [
    ("", "begins with META"),
    ("hello", "begins with META"),
    ("PK\x03\x04 a zip", "begins with META"),
    ("META\nVOTES", "key;value has to follow"),
    ("META\nkey;value\nbudget;1", "ends before PROJECTS"),
    (text({"budget": None}), "META has no budget"),
    (text({"budget": ""}), "META has no budget"),
    (text({"budget": "-5"}), "line 6: budget is negative"),
    (text({"budget": "much"}), "line 6: budget has to be an amount"),
    (text({"budget": "1e3"}), "budget has to be an amount"),
    (text({"budget": "99999999999999999999"}), "budget has to be an amount"),
    (text({"budget": "0.0000001"}), "too many decimals"),
    (text({"budget": "999999999999999.999"}), "too large"),
    (text({"num_votes": "x"}), "line 5: num_votes has to be a whole number"),
    (text({"num_projects": None}), "META has no num_projects"),
    (text({"vote_type": "loud"}), "line 7: votes of the type “loud”"),
    (text({"vote_type": "cumulative"}), "VOTES needs a column points"),
    (text({"vote_type": "scoring"}), "VOTES needs a column points"),
    (text({"vote_type": None}), "META has no vote_type"),
    (text().replace("rule;greedy", "budget;7"), "budget stands twice"),
    (text(projects=["project_id;name", "a;b"]), "one column cost"),
    (text(projects=["project_id;cost;cost", "a;1;1"]), "one column cost"),
    (text(projects=[PROJECTS[0], "a/1;60;2;Trees"]), "line 11: 5 columns are expected"),
    (text(projects=[*PROJECTS, "d;1;0;Tree; and more;0"]), "line 14: 5 columns are expected"),
    (text(projects=[*PROJECTS, PROJECTS[1]]), "line 14: project_id “a/1” stands twice"),
    (text(projects=[*PROJECTS[:3], ";40;1;Park;1"]), "line 13: project_id is empty"),
    (text(projects=[*PROJECTS[:3], "c;-40;1;Park;1"]), "line 13: cost is negative: -40"),
    (text(projects=[*PROJECTS[:3], "c;;1;Park;1"]), "line 13: cost has to be an amount"),
    (text(projects=[*PROJECTS[:3], "c;1;-1;Park;1"]), "line 13: votes has to be a whole number"),
    (text(projects=[*PROJECTS[:3], "c;1;1;Park;yes"]), "line 13: selected has to be"),
    (text(projects=[*PROJECTS[:3], "c;1;1;Park;"]), "only some projects have a value in selected"),
    (text(projects=PROJECTS[:3]), "num_projects says 3, but there are only 2"),
    (text({"num_projects": "2"}), "num_projects says 2, but there are 3"),
    (text(votes=["voter_id;age"]), "one column vote"),
    (text(votes=[*VOTES[:3], "3;b,z;5;F"]), "line 18: a vote for project “z”"),
    (text(votes=[*VOTES[:3], "3;b,b;5;F"]), "line 18: a vote names a project twice"),
    (text(votes=[*VOTES[:3], "2;b;5;F"]), "line 18: voter_id “2” stands twice"),
    (text(votes=[*VOTES[:3], "3;b"]), "line 18: 4 columns are expected, but there are 2"),
    (text(votes=VOTES[:3]), "line 17: num_votes says 3, but there are only 2"),
    (text({"num_votes": "2"}), "num_votes says 2, but there are 3"),
    (text()[:-40].rsplit("VOTES", maxsplit=1)[0], "ends before VOTES"),
    (text().replace("Trees", '"Trees'), "5 columns are expected"),
    (text().encode().replace(b"Caf\xc3\xa9", b"Caf\xe9"), "not UTF-8"),
    (text().replace("Café", "Café" * 40_000), "line 13: not readable as CSV"),
    (gzip.compress(text().encode())[:-20], "gzip data is broken or cut off"),
    (b"\x1f\x8bnothing packed", "gzip data is broken"),
]


@pytest.mark.parametrize(("content", "words"), BAD)
def test_a_bad_file_is_refused_with_its_name_line_and_reason(refusal, content, words):
    said = refusal(content)
    assert said.startswith("small.pb")
    assert words in said


def test_a_broken_packed_file_is_refused(refusal):
    packed = bytearray(gzip.compress(text().encode() * 50))
    packed[len(packed) // 2] ^= 0xFF
    assert "small.pb" in refusal(bytes(packed))


def test_a_missing_file_is_refused(tmp_path):
    for path in (tmp_path / "none.pb", tmp_path):
        with pytest.raises(PabulibUnreadable, match="cannot be read"):
            read(path)


def test_a_file_cut_off_anywhere_before_its_last_line_is_refused(refusal):
    whole = text()
    last_line = whole.rstrip("\n").rindex("\n")
    for end in range(last_line):
        assert refusal(whole[:end])
