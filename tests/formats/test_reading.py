"""Files of every format: what is read from them, under whatever name, and how bad ones are met."""

import gzip
import json
from contextlib import suppress

import pytest

from mvote.formats.election import OVERVOTE, Kind
from mvote.formats.reading import read_election
from mvote.formats.source import Unreadable
from tests.formats import samples


@pytest.fixture
def reading(tmp_path):
    def act(content, name, **options):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_election(path, **options)

    return act


def test_a_blt_has_comments_withdrawn_ties_ids_skips_and_shared_ranks(reading):
    made = reading(samples.BLT, "small.blt")
    assert [(one.id, one.name) for one in made.candidates] == [
        ("1", "Ann"),
        ("2", 'Bo "B" Li'),
        ("3", "Chris # 3"),
        ("4", "Dee"),
    ]
    assert (made.title, made.seats, made.withdrawn) == ("A small election", 2, ("4",))
    assert made.tie_order == ("4", "3", "2", "1")
    assert made.ballots == {
        (("1",), ("2", "3"), (), ("4",)): 3,
        (("2",),): 2,
        (("3",), ("1",), ("2",)): 1,
        (("4",),): 0,
    }


def test_a_blt_may_name_candidates_by_nicknames(reading):
    text = '2 1\n[nick ann bo]\n1 bo ann 0\n0\n"Ann"\n"Bo"\n"T"\n'
    assert reading(text, "nick.blt").ballots == {(("2",), ("1",)): 1}


def test_names_of_a_blt_may_stand_with_a_party_or_on_one_line_or_without_marks(reading):
    for names, first in (
        ('"Ann" "Greens"\n"Bo" "Reds"\n"Ward 1"\n', "Ann (Greens)"),
        ('"Ann" "Bo" "Ward 1"\n', "Ann"),
        ("Ann O'Hara\nBo\nWard 1\n\nremarks: 1\n", "Ann O'Hara"),
    ):
        made = reading(f"2 1\n1 1 0\n0\n{names}", "names.blt")
        assert made.candidates[0].name == first
        assert (len(made.candidates), made.title) == (2, "Ward 1")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ('"John "Jack" Smith"', 'John "Jack" Smith'),
        ('"John ""Jack"" Smith"', 'John "Jack" Smith'),
        ('"Ann /* not a remark */"', "Ann /* not a remark */"),
        ('"Ann" /* a remark */ # and one more', "Ann"),
    ],
)
def test_marks_and_remarks_within_a_name_do_not_move_the_names_on(reading, written, name):
    made = reading(f'2 1\n1 1 0\n0\n{written}\n"Bo"\n"Ward 1"\n', "names.blt")
    assert [one.name for one in made.candidates] == [name, "Bo"]
    assert made.title == "Ward 1"


def test_a_blt_may_have_tabs_spaces_around_equals_and_long_remarks(reading):
    text = '3\t1 /* seats */\n/* two\nlines */ 4\t1\t2 = 3\t0\n0\n"A"\n"B"\n"C"\n"T"\n'
    assert reading(text, "t.blt").ballots == {(("1",), ("2", "3")): 4}


def test_preflib_files_from_before_2022_are_read(reading):
    made = reading("3\n1,Ann\n2,Bo, Jr.\n3,Chris\n7,7,2\n4,1,{2,3}\n3,2\n", "old.toi")
    assert [(one.id, one.name) for one in made.candidates] == [
        ("1", "Ann"),
        ("2", "Bo, Jr."),
        ("3", "Chris"),
    ]
    assert made.ballots == {(("1",), ("2", "3")): 4, (("2",),): 3}
    with pytest.raises(Unreadable, match="NUMBER VOTERS says 7, but there are only 4"):
        reading("3\n1,Ann\n2,Bo\n3,Chris\n7,7,2\n4,1,{2,3}\n", "old.toi")


def test_orders_of_preflib_hold_ties(reading):
    made = reading(samples.PREFLIB, "small.toi")
    assert made.ballots == {(("1",), ("2", "3")): 4, (("2",), ("1",)): 2, (("3",),): 1}
    assert [one.name for one in made.candidates] == ["Ann", "Bo", "Chris"]


def test_categories_of_preflib_may_be_empty_or_left_out(reading):
    made = reading(samples.CAT, "small.cat")
    assert made.kind is Kind.GRADES
    assert made.ballots == {(("1",), ("2",), ()): 2, ((), ("1", "2"), ()): 1}


def test_ranks_of_a_debian_sheet_are_relative(reading):
    made = reading(samples.DEBIAN, "small_tally.txt")
    assert made.ballots == {(("1",), ("2",)): 1, (("1", "2"), ("3",)): 1, (): 1}
    assert made.candidates[2].name == "None Of The Above"


def test_old_debian_sheets_are_latin_1(reading):
    old = samples.DEBIAN.replace("Ann", "Rapha\xebl").encode("latin-1")
    assert reading(old, "old_tally.txt").candidates[0].name == "Rapha\xebl"


def test_ranked_records_hold_skipped_ranks_and_overvotes(reading):
    made = reading(samples.RANKS_CSV, "ranks.csv")
    assert made.ballots == {(("Ann",), ("Bo",)): 2, ((), ("Bo", "Ann")): 1}
    assert made.marked
    over = reading("rank1,rank2\novervote,Ann\n", "over.csv")
    assert over.ballots == {((OVERVOTE,), ("Ann",)): 1}


def test_candidates_can_be_named_in_their_order(reading):
    made = reading(samples.RANKS_CSV, "ranks.csv", candidates=["Zoe", "Bo"])
    assert [one.id for one in made.candidates] == ["Zoe", "Bo", "Ann"]


@pytest.mark.parametrize(
    "header",
    [
        "First Choice,Second Choice",
        "1st,2nd",
        "rank1|rank2",
        "1순위;2순위",
        "voter,preference 1,preference_2",
        "",
    ],
)
def test_columns_of_ranks_are_known_by_many_names_or_need_none(reading, header):
    sign = next((one for one in "|;" if one in header), ",")
    rows = ["Ann,Bo", "Bo,Ann", "Ann,", "Chris,Bo"]
    rows = [f"v1,{row}" if header.startswith("voter") else row for row in rows]
    text = "\n".join([*([header] if header else []), *(row.replace(",", sign) for row in rows)])
    made = reading(text + "\n", "ranks.csv")
    assert {tuple(filter(None, ranks)) for ranks in made.ballots} == {
        (("Ann",), ("Bo",)),
        (("Bo",), ("Ann",)),
        (("Ann",),),
        (("Chris",), ("Bo",)),
    }


@pytest.mark.parametrize("header", ["vote\n", "선택\n", "voter,candidate\n", ""])
def test_one_choice_a_row_is_known_by_many_names_or_needs_none(reading, header):
    before = "v," if "," in header else ""
    made = reading(header + f"{before}Ann\n{before}Bo\n{before}Ann\n", "choice.csv")
    assert (made.ballots, made.single) == ({("Ann",): 2, ("Bo",): 1}, True)


def test_a_column_may_hold_choices_or_a_ranking(reading):
    assert reading(samples.CHOICE_CSV, "c.csv").ballots == {("Ann",): 1, ("Bo",): 1, (): 1}
    assert reading(samples.CHOICES_CSV, "c.csv").ballots == {("Ann", "Bo"): 1, ("Bo",): 1}
    ranking = reading(samples.RANKING_CSV, "r.csv")
    assert ranking.ballots == {(("Ann",), ("Bo", "Chris")): 1, (("Bo",),): 1}


def test_a_column_for_each_option_is_kept_as_it_is_written(reading):
    made = reading(samples.GRID_CSV, "g.csv")
    assert [one.id for one in made.candidates] == ["Ann", "Bo", "Chris"]
    assert made.ballots == {("1", "2", ""): 1, ("", "1", "2"): 1, ("1", "1", "0"): 1}
    assert reading(samples.CROSSES_CSV, "x.csv").ballots == {
        ("x", "X", ""): 1,
        ("", "yes", "no"): 1,
    }


def test_cast_vote_records_are_read_by_rank(reading):
    made = reading(samples.NIST, "small.json")
    assert [(one.id, one.name) for one in made.candidates] == [("a", "Ann"), ("b", "Bo")]
    assert made.ballots == {(("a",), ("b",)): 1, ((), ("b",)): 1, (("a", "b"),): 1}


@pytest.mark.parametrize("padding", range(8))
def test_cast_vote_records_may_be_one_line_without_an_end(reading, padding):
    """Wherever the end falls, in the middle of a letter too."""
    report = {**json.loads(samples.NIST), "Notes": "박" * 3 + "x" * padding}
    text = json.dumps(report, ensure_ascii=False)
    assert reading(text, "compact.json").ballots == reading(samples.NIST, "lines.json").ballots


def test_one_of_several_contests_is_named(reading):
    text = samples.NIST.replace('"Contest": [', '"Contest": [{"@id": "sheriff"},', 1)
    with pytest.raises(Unreadable, match="contest=…: sheriff, mayor"):
        reading(text, "two.json")
    assert reading(text, "two.json", contest="Mayor").title == "Mayor"


@pytest.mark.parametrize("name", samples.ALL)
def test_packing_a_byte_order_mark_and_line_ends_do_not_matter(reading, name):
    text, _ = samples.ALL[name]
    plain = reading(text, name)
    other = b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
    for content, as_name in ((other, name), (gzip.compress(other), f"{name}.gz")):
        made = reading(content, as_name)
        assert (made.ballots, made.candidates, made.format) == (
            plain.ballots,
            plain.candidates,
            plain.format,
        )


@pytest.mark.parametrize("name", ["small.blt", "small.toi", "small.pb", "small.json"])
def test_a_file_of_another_name_is_known_by_its_beginning(reading, name):
    text, _ = samples.ALL[name]
    assert reading(text, "download").ballots == reading(text, name).ballots


@pytest.mark.parametrize("name", samples.ALL)
def test_a_file_that_is_cut_off_is_read_or_refused_and_nothing_else(reading, name):
    content = samples.ALL[name][0].encode()
    for end in range(0, len(content), 7):
        for cut in (content[:end], gzip.compress(content)[:end]):
            with suppress(Unreadable):
                reading(cut, name)


@pytest.mark.parametrize("name", samples.ALL)
def test_a_file_in_another_encoding_is_refused_with_its_line(reading, name):
    text = samples.ALL[name][0].replace("Ann", "\ubc15").replace("Trees", "\ubc15")
    if name != "small_tally.txt" and "\ubc15" in text:
        with pytest.raises(Unreadable, match="UTF-8"):
            reading(text.encode("euc-kr"), name)
    with pytest.raises(Unreadable, match="UTF-16"):
        reading(text.encode("utf-16"), name)


BAD = [
    ("", "x.blt", "line 0|x.blt: the first line has to be the number of candidates"),
    ("3 x\n", "x.blt", "line 1: the first line has to be"),
    ("0 1\n0\n", "x.blt", "line 1: there have to be 1 to"),
    ("2 1\n1 3 0\n0\n", "x.blt", "line 2: “3” is not the number of a candidate|cut off"),
    ('2 1\n1 3 0\n0\n"A"\n"B"\n', "x.blt", "line 2: “3” is not the number of a candidate"),
    ('2 1\nx 1 0\n0\n"A"\n"B"\n', "x.blt", "line 2: a line of ballots begins with how many"),
    ('2 1\n1.5 1 0\n0\n"A"\n"B"\n', "x.blt", "line 2: .*a whole number, not with “1.5”"),
    ('2 1\n1 1 1 0\n0\n"A"\n"B"\n', "x.blt", "line 2: a ballot names a candidate twice"),
    ('2 1\n1 1 0\n"A"\n"B"\n', "x.blt", "the 0 that ends the ballots is missing"),
    ('2 1\n1 1 0\n0\n"A"\n', "x.blt", "there have to be 2 names .* only 1: .*cut off"),
    ("1: 1,2\n", "x.soc", "line 1: the header has no whole number NUMBER ALTERNATIVES"),
    (samples.PREFLIB.replace("2,1", "2,4"), "x.toi", "line 11: “4” is not the number of an alt"),
    (samples.PREFLIB.replace("2,1", "2,2"), "x.toi", "line 11: an order names an alternative tw"),
    (samples.PREFLIB.replace("{2,3}", "{2,3"), "x.toi", "line 10: the order cannot be read"),
    (samples.PREFLIB.replace("4: ", "four: "), "x.toi", "line 10: a line “number: order”"),
    (samples.PREFLIB.replace("S: 7", "S: 9"), "x.toi", "NUMBER VOTERS says 9, .*cut off"),
    (samples.PREFLIB.replace("S: 7", "S: 5"), "x.toi", "NUMBER VOTERS says 5, but there are 7"),
    (samples.PREFLIB.replace("S: 3", "S: 4", 1), "x.toi", "NUMBER ALTERNATIVES says 4, but 3"),
    (samples.PREFLIB.replace("TYPE: toi", "TYPE: wmd"), "x.toi", "data type “wmd” cannot be read"),
    (samples.DEBIAN.replace("12-", "12"), "tally.txt", "line 7: a vote has 3 ranks, .*“12”"),
    ("V: 123\n", "tally.txt", "format of this file is not known"),
    ("hello\n", "hello.xyz", "the format of this file is not known; known are .blt"),
    ("rank1,rank2\nAnn,Bo\nA\0,Bo\n", "x.csv", "line 3: a NUL stands where text"),
    ("\n\n", "x.csv", "line 1: the first line has to name the columns"),
    ("rank1,rank2\nAnn\n", "x.csv", "line 2: 2 columns are expected, but there are 1"),
    ("Ann,count\nx,2.5\n", "x.csv", "line 2: how often a row counts .*“2.5”"),
    ("Ann,Ann\nx,\n", "x.csv", "line 1: the first line has to name the options, each once"),
    ("ranking\nA > B > A\n", "x.csv", "line 2: a ballot names an option twice"),
    ("[]", "x.json", "line 1: “{” is expected in the JSON"),
    ("{}", "x.json", "this is no CastVoteRecordReport"),
    (samples.NIST.replace('"a"', '"z"', 1), "x.json", "marks “z”, which the contest does not"),
    (samples.NIST.replace('"s0"', '"s9"', 1), "x.json", "no snapshot “s9”, its CurrentSnap"),
    (samples.NIST.replace('"Rank": 1', '"Rank": "1"', 1), "x.json", "Rank has to be a whole"),
    (samples.NIST[:-40], "x.json", "line [0-9]+: the file ends where .* cut off"),
    (samples.NIST.replace(":", "", 1), "x.json", "line 2: “:” is expected in the JSON"),
]


LONG = [
    (f"#{' ' * 50_000}x", "x.toi", "line 1: a line “# KEY: value” is expected"),
    ("# " * 2_000, "x.xyz", "the format of this file is not known"),
    ("\n" * 4_000, "x.xyz", "the format of this file is not known"),
    (f"Option 1 ->: A\nOption 2{' ' * 50_000}x\nV: 12\n", "x.txt", "line 3: a vote has 1 ranks"),
    (f"2 1\n1 {' ' * 50_000}3 0\n0\n", "x.blt", "there have to be 2 names|is not the number"),
]
"""What a pattern that tries every way to divide blanks would look at for hours."""


@pytest.mark.parametrize(("content", "name", "words"), [*BAD, *LONG])
def test_a_bad_file_is_refused_with_its_name_line_and_what_was_expected(
    reading, content, name, words
):
    with pytest.raises(Unreadable, match=words) as caught:
        reading(content, name)
    assert str(caught.value).startswith(name)
    assert caught.value.sentence("ko") != caught.value.sentence("en")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Unreadable, match=r"gone\.blt: cannot be read"):
        read_election(tmp_path / "gone.blt")
    with pytest.raises(Unreadable, match="cannot be read"):
        read_election(tmp_path)
