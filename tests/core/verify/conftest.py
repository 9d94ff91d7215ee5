"""Cities that voted, and their bundles laid in files for the verifier."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mvote.core.verify.beside import Beside
from mvote.core.verify.report import Report
from mvote.core.verify.verification import verify_bundle
from tests.core.verify.city import Case, City

Verify = Callable[[Case], Report]


@pytest.fixture(scope="session")
def city() -> City:
    return City()


@pytest.fixture(scope="session")
def city_without_revote() -> City:
    return City(revote=False)


@pytest.fixture(scope="session")
def city_with_chair() -> City:
    return City(ties="chair")


@pytest.fixture
def verify(tmp_path: Path) -> Verify:
    """The report on a bundle with what lies beside it."""

    def made(case: Case) -> Report:
        path = tmp_path / "bundle.zip"
        path.write_bytes(case.bundle)
        return verify_bundle(path, beside_of(case))

    return made


def beside_of(case: Case) -> Beside:
    return Beside(
        case.board_key,
        case.receipt.encode() if case.receipt else None,
        case.earlier_checkpoint.encode() if case.earlier_checkpoint else None,
    )


def failed(report: Report) -> set[str]:
    return {one.code for one in report.checks if one.state == "failed"}
