"""A recount needs the core, and the core needs two packages."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import mvote.core

PACKAGES = {"cryptography", "rfc8785"}
OPTIONAL = {"gmpy2"}
"""Signs faster for an issuer, is imported when asked for, and no recount asks."""

OPINION = {"numpy"}
"""For the package of opinion groups alone."""


def imported(path: Path) -> Iterator[str]:
    """The full names of the modules that a file imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module or ""


def test_the_core_imports_itself_two_packages_and_the_standard_library() -> None:
    (folder,) = mvote.core.__path__
    others = {
        (path.name, name)
        for path in Path(folder).rglob("*.py")
        for name in imported(path)
        if not f"{name}.".startswith("mvote.core.")
        and name.partition(".")[0] not in sys.stdlib_module_names | PACKAGES | OPTIONAL
        and not (path.parent.name == "opinion" and name.partition(".")[0] in OPINION)
    }
    assert others == set()
