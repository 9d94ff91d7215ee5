"""Departments, over HTTP and by command."""

import json
import unicodedata

from mvote.settings import Settings
from tests.commands import run_mvote
from tests.makers import words
from tests.votes.polls.conftest import Office


def test_everyone_sees_the_departments_by_their_code(office: Office) -> None:
    answer = office.get("/departments")
    assert answer.status_code == 200
    assert [one["code"] for one in answer.json["items"]] == ["parks", "roads"]
    assert answer.json["items"][1]["name"] == words("Department of roads")


def test_a_department_is_added_once_and_noted(office: Office) -> None:
    body = {"code": "culture", "name": words("Culture")}
    assert office.post("/departments", body, office.administrator).status_code == 201
    again = office.post("/departments", body, office.administrator)
    assert (again.status_code, again.json["code"]) == (409, "department-exists")
    (entry,) = office.happened("culture")
    assert (entry.name, entry.body["by"]) == ("DepartmentAdded", "adam")


def test_only_an_administrator_adds_departments(office: Office) -> None:
    body = {"code": "culture", "name": words("Culture")}
    for token, status, code in (
        (office.drafter, 403, "duty-missing"),
        (office.citizen(), 403, "token-for-others"),
        (None, 401, "token-missing"),
    ):
        answer = office.post("/departments", body, token)
        assert (answer.status_code, answer.json["code"]) == (status, code)


WRONG = [
    ("Über", words("A")),
    ("a b", words("A")),
    ("roads\n", words("A")),
    ("", words("A")),
    ("x" * 65, words("A")),
    ("x", {"ko": "가"}),
    ("x", {"ko": "가", "en": " "}),
    ("x", {"ko": "가" * 101, "en": "A"}),
]


def test_a_wrong_department_is_refused(office: Office) -> None:
    for code, name in WRONG:
        body = {"code": code, "name": name}
        answer = office.post("/departments", body, office.administrator)
        assert answer.status_code == 422, body
    assert len(office.get("/departments").json["items"]) == 2


def test_departments_are_added_and_listed_by_command(settings: Settings) -> None:
    added = run_mvote(
        settings, "department", "add", "parks", "--ko", "푸른도시과", "--en", "Parks", "--json"
    )
    assert added.returncode == 0, added.stderr
    one = {"code": "parks", "name": {"ko": "푸른도시과", "en": "Parks"}}
    assert json.loads(added.stdout) == one
    listed = run_mvote(settings, "department", "list", "--json")
    assert json.loads(listed.stdout) == {"departments": [one]}
    assert "푸른도시과" in run_mvote(settings, "department", "list").stdout


def test_the_command_refuses_in_one_sentence(settings: Settings) -> None:
    nfd = unicodedata.normalize("NFD", "공원과")
    for code, ko, refusal in (
        ("parks", nfd, "department-refused"),
        ("Parks!", "공원과", "department-refused"),
    ):
        done = run_mvote(settings, "department", "add", code, "--ko", ko, "--en", "Parks")
        assert done.returncode == 2
        assert refusal in done.stderr
        assert "Traceback" not in done.stderr
    assert run_mvote(settings, "department", "list").stdout == ""
