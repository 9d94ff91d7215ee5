"""Counting files through the command as a person would, and putting together what it needs."""

import csv
import gzip
import json
import warnings
from functools import cache
from pathlib import Path

import openpyxl
from click.testing import CliRunner

from mvote.operations.count import count

UNDECLARED = "Undeclared Write-ins"


def counted(file, method, *, seats=None, ties=None, **options):
    """What ``mvote count --json`` prints."""
    arguments = [str(file), "--method", method, "--json"]
    arguments += ["--seats", str(seats)] if seats else []
    arguments += ["--ties", ties] if ties else []
    for key, value in options.items():
        arguments += ["--option", f"{key}={value}"]
    result = CliRunner().invoke(count, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@cache
def report(folder: Path):
    """The report of RCTab that lies in a folder, and the config that it was made by."""
    config = json.loads(next(folder.glob("*_config.json")).read_text())
    return config, json.loads(next(folder.glob("*_detailed_report.json")).read_text())


def names_of(config):
    """Every name that the config gives a candidate → the first of them."""
    write_in = {source.get("undeclaredWriteInLabel") for source in config["cvrFileSources"]}
    names = {one: UNDECLARED for one in write_in if one}
    for one in config["candidates"]:
        names |= dict.fromkeys([one["name"], *one.get("aliases", ())], one["name"])
    return names


def to_csv(workbook: Path, config, file: Path, *, blank: str = "") -> Path:
    """The first sheet of a workbook, its candidates under their first names."""
    source, names = config["cvrFileSources"][0], names_of(config)
    first = int(source["firstVoteColumnIndex"]) - 1
    most = config["rules"]["maxRankingsAllowed"]
    rows = iter(_rows(workbook))
    header = next(rows)
    last = first + int(most) if most != "max" else len(header)
    with file.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([f"rank{place}" for place in range(1, len(header[first:last]) + 1)])
        for row in rows:
            cells = (row[first:last] + (None,) * len(header))[: len(header[first:last])]
            if any(row):
                writer.writerow(_cell(cell, names, blank) for cell in cells)
    return file


def _rows(workbook: Path):
    with warnings.catch_warnings(action="ignore"):  # styles that do not matter here
        book = openpyxl.load_workbook(workbook, read_only=True)
        rows = list(book.worksheets[0].iter_rows(values_only=True))
        book.close()
    return rows


def _cell(cell, names, blank):
    plain = str(cell or "").strip()
    return "|".join(names.get(one, one) for one in plain.split("|")) or blank


def alaska_to_csv(folder: Path, file: Path) -> Path:
    """Dominion's cast vote records as a CSV with the candidates' names by rank."""
    listed = json.loads((folder / "CandidateManifest.json").read_text())["List"]
    names = {one["Id"]: one["Description"] for one in listed}
    names |= {key: UNDECLARED for key, name in names.items() if name == "(undeclared)"}
    with gzip.open(folder / "CvrExport.json.gz") as stream:
        sessions = json.load(stream)["Sessions"]
    with file.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([f"rank{place}" for place in range(1, 10)])
        for session in sessions:
            kept = session.get("Modified") or session["Original"]
            cells = [[] for _ in range(9)]
            for card in kept.get("Cards") or [kept]:
                for contest in card["Contests"]:
                    for mark in contest["Marks"]:
                        if not mark["IsAmbiguous"]:
                            cells[mark["Rank"] - 1].append(names[mark["CandidateId"]])
            writer.writerow("|".join(cell) for cell in cells)
    return file
