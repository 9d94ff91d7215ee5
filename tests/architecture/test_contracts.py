"""The walls of the house: import-linter's contracts hold, and each of them can fail.

What import-linter has no words for is asked of the graph of imports directly.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from tests.require import ROOT

LINT = Path(sys.executable).with_name("lint-imports")
CORE_MAY_USE = sys.stdlib_module_names | {"cryptography", "rfc8785"}
OPEN_TO_OTHER_DOMAINS = {"service", "rules", "errors"}
POLLS, IDENTITY = "mvote/votes/polls", "mvote/people/identity"

BREAKS = [
    # contract, file, line that is put below it
    ("wings", f"{IDENTITY}/service", "import mvote.votes.polls.service"),
    ("wings", f"{POLLS}/rules", "from mvote.people.identity import rules"),
    ("wings", "mvote/audit/service", "import mvote.people.identity.rules"),  # votes use audit
    ("wings", "mvote/keys", "import mvote.votes.polls.rules"),  # people use keys
    ("order", "mvote/settings", "import mvote.db"),
    ("order", "mvote/audit/service", "import mvote.exchange.service"),
    ("order", f"{POLLS}/service", "import mvote.app"),
    ("order", "mvote/a_new_part", ""),
    ("people", f"{IDENTITY}/service", "import mvote.people.permits.service"),
    ("people", "mvote/people/a_new_domain/service", ""),
    ("votes", f"{POLLS}/service", "import mvote.votes.ballots.service"),
    ("votes", "mvote/votes/a_new_domain/service", ""),
    ("files", f"{POLLS}/rules", "import mvote.votes.polls.service"),
    ("files", f"{POLLS}/service", "import mvote.votes.polls.schemas"),
    ("files", f"{POLLS}/a_new_kind_of_file", ""),
    ("plain", "mvote/core/text", "import flask"),
    ("plain", "mvote/core/times", "import mvote.db"),
    ("plain", f"{POLLS}/rules", "import sqlalchemy"),
    ("plain", f"{POLLS}/errors", "import marshmallow"),
    ("services", f"{POLLS}/service", "import flask"),
    ("services", f"{IDENTITY}/service", "import flask_jwt_extended"),
    ("services", "mvote/keys", "import marshmallow"),  # a service uses keys
    ("headless", "mvote/jobs", "import mvote.web.fields"),  # the worker uses jobs
    ("headless", f"{POLLS}/commands", "import mvote.app"),
    ("headless", "mvote/db", "import flask_smorest"),
    ("routes", f"{POLLS}/routes", "import mvote.db"),
    ("routes", f"{POLLS}/routes", "import sqlalchemy"),
    ("routes", f"{POLLS}/routes", "import mvote.votes.polls.tables"),
]


def _lint(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--no-logo", "--no-cache", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_contract_is_kept() -> None:
    done = _lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program, to be broken on purpose."""
    folder = tmp_path_factory.mktemp("broken")
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(ROOT / "mvote", folder / "mvote", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.mark.parametrize(("contract", "module", "line"), BREAKS)
def test_every_contract_can_fail(copy: Path, contract: str, module: str, line: str) -> None:
    package = copy / module
    path = package / "__init__.py" if package.is_dir() else package.with_suffix(".py")
    before = path.read_text() if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{before or ''}\n{line}\n")
    if before is None:
        (path.parent / "__init__.py").touch()
    try:
        done = _lint(copy, "--contract", contract)
    finally:
        _restore(path, before)
    assert done.returncode == 1
    assert "0 kept, 1 broken" in done.stdout


def _restore(path: Path, before: str | None) -> None:
    if before is not None:
        path.write_text(before)
    elif path.parent.name.startswith("a_new"):
        shutil.rmtree(path.parent)
    else:
        path.unlink()


@pytest.fixture
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(
        "mvote",
        include_external_packages=True,
        exclude_type_checking_imports=True,
        cache_dir=None,
    )


def _foreign_to_core(graph: grimp.ImportGraph) -> set[str]:
    """What core and formats import that is neither the standard library nor allowed."""
    used = set()
    for module in graph.modules:
        if module.startswith(("mvote.core", "mvote.formats")):
            used |= graph.find_modules_directly_imported_by(module)
    return {name for name in used if not name.startswith("mvote.")} - CORE_MAY_USE


def test_core_needs_only_cryptography_and_rfc8785(graph: grimp.ImportGraph) -> None:
    """One module looks whether gmpy2 happens to be there; opinion groups alone need numpy."""
    assert _foreign_to_core(graph) == {"gmpy2", "numpy"}
    assert graph.find_modules_that_directly_import("gmpy2") == {"mvote.core.secrecy.raw_rsa"}
    users = graph.find_modules_that_directly_import("numpy")
    assert {one for one in users if not one.startswith("mvote.core.opinion.")} == set()
    graph.add_module("pandas", is_squashed=True)
    graph.add_import(importer="mvote.core.text", imported="pandas")
    assert _foreign_to_core(graph) == {"gmpy2", "numpy", "pandas"}


def test_no_recount_needs_numpy(graph: grimp.ImportGraph) -> None:
    assert not graph.chain_exists("mvote.core.verify", "numpy", as_packages=True)
    graph.add_import(importer="mvote.core.text", imported="mvote.core.opinion.votes")
    assert graph.chain_exists("mvote.core.verify", "numpy", as_packages=True)


def _domain_and_file(module: str) -> tuple[str, str] | None:
    found = re.fullmatch(
        r"(mvote\.(?:(?:people|votes)\.\w+|audit|exchange))\.([a-z]+)\w*(\..*)?", module
    )
    return (found[1], found[2]) if found else None


def _reaching_into_domains(graph: grimp.ImportGraph) -> set[tuple[str, str]]:
    """Imports from one domain of what another keeps to itself."""
    reaching = set()
    for importer in graph.modules:
        own = _domain_and_file(importer)
        for imported in graph.find_modules_directly_imported_by(importer) if own else ():
            other = _domain_and_file(imported)
            if other and own and other[0] != own[0] and other[1] not in OPEN_TO_OTHER_DOMAINS:
                reaching.add((importer, imported))
    return reaching


def _users_of_tables(graph: grimp.ImportGraph) -> set[tuple[str, str]]:
    """Imports of a domain's tables from anywhere else."""
    return {
        (importer, tables)
        for tables in graph.modules
        if tables.startswith("mvote.") and tables.endswith(".tables")
        for importer in graph.find_modules_that_directly_import(tables)
        if not importer.startswith(tables.removesuffix("tables"))
    }


def test_a_domain_speaks_to_another_through_its_service(graph: grimp.ImportGraph) -> None:
    assert _reaching_into_domains(graph) == set()
    wrong = ("mvote.votes.ballots.routes", "mvote.votes.polls.schemas")
    graph.add_import(importer=wrong[0], imported=wrong[1])
    assert _reaching_into_domains(graph) == {wrong}


def test_the_tables_of_a_domain_are_its_own(graph: grimp.ImportGraph) -> None:
    assert _users_of_tables(graph) == set()
    foreign = {
        ("mvote.votes.ballots.service", "mvote.votes.polls.tables"),
        ("mvote.operations.database", "mvote.people.identity.tables"),
    }
    for importer, imported in foreign:
        graph.add_import(importer=importer, imported=imported)
    assert _users_of_tables(graph) == foreign


def test_only_the_command_line_imports_by_name() -> None:
    """An import made from a string would pass beneath every contract."""
    by_name = re.compile(r"import_module|__import__|importlib\.util")
    found = {path.name for path in ROOT.glob("mvote/**/*.py") if by_name.search(path.read_text())}
    assert found == {"cli.py"}
