"""The two files of the interface are valid, fresh, clean, and leave no route out."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openapi_spec_validator import validate

from mvote.core.text import LANGUAGES
from mvote.settings import Settings
from mvote.web.openapi import UNDESCRIBED, undescribed
from tests.commands import on_sqlite, run_mvote
from tests.require import ROOT
from tests.spec.conftest import HERE, NpmTools

SPEC = ROOT / "mobile_api_spec"
SQLITE_ONLY = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def document() -> Any:
    return json.loads((SPEC / "openapi.json").read_text())


@pytest.fixture(scope="module")
def refusals() -> Any:
    return json.loads((SPEC / "refusals.json").read_text())


def operations(document: Any) -> list[Any]:
    methods = ("get", "post", "put", "delete")
    return [path[m] for path in document["paths"].values() for m in methods if m in path]


def test_the_specification_is_valid_openapi_3_1(document: Any) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_the_files_are_what_the_routes_say_now(tmp_path: Path) -> None:
    """Asked of the command, because tests define refusals of their own in this process."""
    done = run_mvote(on_sqlite(tmp_path), "spec", "--check", "--output", SPEC)
    assert done.returncode == 0, done.stderr


def test_a_stale_file_is_told_and_written_anew(tmp_path: Path) -> None:
    settings, folder = on_sqlite(tmp_path / "home"), tmp_path / "spec"
    assert run_mvote(settings, "spec", "--check", "--output", folder).returncode == 1
    assert not folder.exists()
    assert run_mvote(settings, "spec", "--output", folder).returncode == 0
    assert run_mvote(settings, "spec", "--check", "--output", folder).returncode == 0
    (folder / "refusals.json").write_text("[]")
    done = run_mvote(settings, "spec", "--check", "--output", folder)
    assert done.returncode == 1
    assert "refusals.json" in done.stderr
    assert "openapi.json" not in done.stderr


@SQLITE_ONLY
def test_no_route_is_outside_the_specification_but_the_short_list(app: Flask) -> None:
    assert undescribed(app, app.extensions["mvote-api"]) == UNDESCRIBED


def test_every_operation_says_who_it_is_open_to_and_has_a_name_of_its_own(document: Any) -> None:
    found = operations(document)
    names = [operation["operationId"] for operation in found]
    assert len(set(names)) == len(names)
    for operation in found:
        assert operation["x-open-to"]
        assert "Open to:" in operation["description"]
        assert (operation["security"] == []) == (
            operation["x-open-to"] in ("everyone", "permit-holder")
        )


def test_every_refusal_has_one_code_and_both_languages(refusals: Any) -> None:
    codes = [row["code"] for row in refusals]
    assert codes == sorted(set(codes))
    for row in refusals:
        assert set(row["sentence"]) == set(LANGUAGES)
        assert 400 <= row["status"] < 600


def test_every_refusal_that_a_route_names_is_listed(document: Any, refusals: Any) -> None:
    status_of = {row["code"]: row["status"] for row in refusals}
    for operation in operations(document):
        for status, response in operation["responses"].items():
            if int(status) < 400:
                continue
            for code in response["description"].removeprefix("Refused: ").split(", "):
                assert status_of[code] == int(status), operation["operationId"]


def test_the_linter_finds_nothing(npm_tools: NpmTools) -> None:
    done = npm_tools.run(
        "spectral",
        *("lint", SPEC / "openapi.json", "--ruleset", HERE / "spectral.yaml"),
        "--fail-severity=hint",
    )
    assert done.returncode == 0, done.stdout


def test_the_linter_would_find_something(
    npm_tools: NpmTools, document: Any, tmp_path: Path
) -> None:
    document = json.loads(json.dumps(document))
    del document["paths"]["/api/v1/me"]["get"]["operationId"]
    broken = tmp_path / "openapi.json"
    broken.write_text(json.dumps(document))
    done = npm_tools.run(
        "spectral", "lint", broken, "--ruleset", HERE / "spectral.yaml", "--fail-severity=hint"
    )
    assert done.returncode != 0


@SQLITE_ONLY
def test_the_specification_is_made_without_a_setting_of_this_machine(settings: Settings) -> None:
    text = (SPEC / "openapi.json").read_text() + (SPEC / "refusals.json").read_text()
    assert str(settings.home.parent) not in text
    assert "localhost" not in text
