"""Open data: every table fits what describes it, and the catalogue is one by DCAT."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mvote.votes.indicators import service as indicators
from mvote.votes.indicators.rules_data import TABLES, harmless, read_back
from tests.pages.carried import carry
from tests.pages.city.shapes import SHAPES
from tests.votes import carrying

FORMULA = '=HYPERLINK("http://x","y")'


@pytest.fixture
def city(app: Flask) -> Any:
    with app.app_context():
        made = carry()
        lines = "name,unit,period,value,source,department\r\n" + "\r\n".join(
            [
                f'"{FORMULA.replace(chr(34), chr(34) * 2)}",명,2030,-3,"@a, b",roads',
                "'a,명,2030,1,c,roads",
            ]
        )
        indicators.import_indicators(lines.encode(), now=carrying.now())
        measured = indicators.list_indicators(limit=1)[0].id
    return made, measured


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize(
    "text", [FORMULA, "+1", "-1", "@x", "\tx", "\r=x", "'x", "''x", "＝1", "x", ""]
)
def test_no_text_is_a_formula_and_each_can_be_read_back(text: str) -> None:
    written = harmless(text)
    assert not written.startswith(tuple("=+-@\t\r＝"))
    assert read_back(written) == text


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_tables_and_the_catalogue_are_what_they_say(
    city: Any, http: FlaskClient, tmp_path: Path
) -> None:
    made, measured = city
    _check_pages(http, measured)
    found = {name: http.get(f"/data/{name}.csv") for name in TABLES}
    rows = {name: _rows(answer.text) for name, answer in found.items()}
    for name, answer in found.items():
        assert answer.status_code == 200
        assert f"/data/{name}.csv-metadata.json" in answer.headers["Link"]
        assert "Content-Length" not in answer.headers  # it is not put together first
    assert {one["record"] for one in rows["records"]} >= {made.record, made.owed}
    assert {one["record"] for one in rows["dues"]} == {made.record, made.owed}
    assert {"adopted", "not-adopted"} <= {one["decision"] for one in rows["answers"]}
    assert "It floods." in {one["reason_en"] for one in rows["answers"]}
    told = {read_back(one["name_ko"]): one for one in rows["indicators"]}
    assert sorted(told) == ["'a", FORMULA]
    assert (told[FORMULA]["name_ko"][0], told[FORMULA]["value"]) == ("'", "-3")
    assert read_back(told[FORMULA]["source"]) == "@a, b"
    _check_schemas(http, found, tmp_path)
    _check_catalog(http)
    for unknown in ("/data/nothing.csv", "/data/nothing.csv-metadata.json"):
        assert http.get(unknown).status_code == 404


def _check_schemas(http: FlaskClient, found: dict[str, Any], tmp_path: Path) -> None:
    """Every table, read by a library for CSV on the Web, beside its description."""
    from csvw import Table

    for name, answer in found.items():
        described = http.get(f"/data/{name}.csv-metadata.json").get_json(force=True)
        assert described["url"] == f"http://localhost:8000/data/{name}.csv"
        (tmp_path / f"{name}.csv").write_bytes(answer.data)
        path = tmp_path / f"{name}.csv-metadata.json"
        path.write_text(json.dumps({**described, "url": f"{name}.csv"}))
        table = Table.from_file(path)
        assert len(list(table.iterdicts(strict=True))) == len(_rows(answer.text))
        assert table.check_primary_key()


def _check_catalog(http: FlaskClient) -> None:
    """Read by rdflib, and held to the shapes of a catalogue."""
    from pyshacl import validate
    from rdflib import DCAT, DCTERMS, RDF, Graph, URIRef

    graph = Graph().parse(data=http.get("/data/catalog.jsonld").text, format="json-ld")
    datasets = set(graph.subjects(RDF.type, DCAT.Dataset))
    assert len(datasets) == len(TABLES)
    catalog = URIRef("http://localhost:8000/data/catalog.jsonld")
    assert set(graph.objects(catalog, DCAT.dataset)) == datasets
    shapes = Graph().parse(data=SHAPES, format="turtle")
    conforms, _, told = validate(graph, shacl_graph=shapes, advanced=False)
    assert conforms, told
    graph.remove((catalog, DCTERMS.publisher, None))
    assert not validate(graph, shacl_graph=shapes, advanced=False)[0]


def _check_pages(http: FlaskClient, measured: str) -> None:
    """In both languages, without a script, and not sent twice."""
    for path, korean, english in (
        ("/city", "채택된 투표", "Polls adopted"),
        ("/mayor", "시장이 챙기는 답변", "Before the mayor"),
        ("/overdue", "답변 지연", "Overdue answers"),
        ("/data/", "공개 데이터", "Open data"),
        (f"/city/indicators/{measured}", "질문", "Questions"),
    ):
        assert korean in http.get(f"{path}?lang=ko").text
        answer = http.get(f"{path}?lang=en")
        assert english in answer.text
        assert "<script" not in answer.text
        again = http.get(f"{path}?lang=en", headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
    assert "100.00" in http.get("/city?lang=en").text
