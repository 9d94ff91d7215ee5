"""One small election in every format that is read."""

import json

BLT = """# a comment
4 2
-4
[tie 1 2 3 4]
3 1 2=3 - 4 0
2 2 0   # two for the second
(ab-1) 1 3 1
  2 0
0 4 0
0
"Ann" "Bo \\"B\\" Li"
"Chris # 3"
"Dee"
"A small election"
"""
PREFLIB = """# FILE NAME: small.toi
# TITLE: A small election
# DATA TYPE: toi
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 7
# NUMBER UNIQUE ORDERS: 3
# ALTERNATIVE NAME 1: Ann
# ALTERNATIVE NAME 2: Bo
# ALTERNATIVE NAME 3: Chris
4: 1,{2,3}
2: 2,1
1: 3
"""
CAT = """# TITLE: Grades
# DATA TYPE: cat
# NUMBER ALTERNATIVES: 2
# NUMBER VOTERS: 3
# NUMBER CATEGORIES: 3
# ALTERNATIVE NAME 1: Ann
# ALTERNATIVE NAME 2: Bo
2: 1,2,{}
1: {},{1,2}
"""
DEBIAN = """Tally Sheet for the votes cast.

     Option 1------->: Ann
   /  Option 2------>: Bo
   |/  Option 3----->: None Of The Above
   ||/
V: 12-	5de2
V: 113	8277
V: ---	8278
"""
PABULIB = """META
key;value
num_projects;2
num_votes;3
budget;100
vote_type;approval
rule;greedy
PROJECTS
project_id;cost;votes;name
a;60;2;Trees
b;50;2;Lamps
VOTES
voter_id;vote
1;a,b
2;a
3;b
"""
RANKS_CSV = (
    "Ballot #,Precinct,1st Choice,2nd Choice,COUNT\n1,P1,Ann,Bo,2\n2,P2,undervote,Bo|Ann,1\n"
)
CHOICE_CSV = "id,choice\n1,Ann\n2,Bo\n3,\n"
CHOICES_CSV = "id,choices\n1,Ann|Bo\n2,Bo\n"
RANKING_CSV = "id,ranking\n1,Ann > Bo = Chris\n2,Bo\n"
GRID_CSV = "ballot,Ann,Bo,Chris\n1,1,2,\n2,,1,2\n3,1,1,0\n"
CROSSES_CSV = "Ann;Bo;Chris\nx;X;\n;yes;no\n"


def nist(*marks, variation="rcv", **changes):
    """A report with a record for each of ``marks``: pairs of option and rank."""
    return json.dumps(
        {
            "@type": "CVR.CastVoteRecordReport",
            "CVR": [_record(place, one) for place, one in enumerate(marks)],
            "Election": [
                {
                    "@id": "e",
                    "Candidate": [{"@id": "c-a", "Name": "Ann"}, {"@id": "c-b", "Name": "Bo"}],
                    "Contest": [
                        {
                            "@id": "mayor",
                            "Name": "Mayor",
                            "VoteVariation": variation,
                            "ContestSelection": [
                                {"@id": "a", "CandidateIds": ["c-a"]},
                                {"@id": "b", "CandidateIds": ["c-b"]},
                            ],
                        }
                    ],
                }
            ],
            **changes,
        },
        indent=1,
    )


def _record(place, marks):
    selections = [
        {
            "ContestSelectionId": one,
            "SelectionPosition": [{"HasIndication": "yes", "NumberVotes": 1, "Rank": rank}],
        }
        for one, rank in marks
    ]
    contest = {"ContestId": "mayor", "CVRContestSelection": selections}
    return {
        "CurrentSnapshotId": f"s{place}",
        "CVRSnapshot": [{"@id": f"s{place}", "Type": "original", "CVRContest": [contest]}],
    }


NIST = nist([("a", 1), ("b", 2)], [("b", 2)], [("a", 1), ("b", 1)])
ALL = {
    "small.blt": (BLT, "plurality"),
    "small.toi": (PREFLIB, "plurality"),
    "small.cat": (CAT, "approval"),
    "small_tally.txt": (DEBIAN, "plurality"),
    "small.pb": (PABULIB, "budget-greedy"),
    "ranks.csv": (RANKS_CSV, "plurality"),
    "choice.csv": (CHOICE_CSV, "plurality"),
    "choices.csv": (CHOICES_CSV, "approval"),
    "ranking.csv": (RANKING_CSV, "plurality"),
    "grid.csv": (GRID_CSV, "score-mean"),
    "crosses.csv": (CROSSES_CSV, "approval"),
    "small.json": (NIST, "plurality"),
}
