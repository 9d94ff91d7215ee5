"""``python -m mvote.core.verify`` runs where nothing is installed but two packages."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import mvote
from tests.core.verify.city import Case, City
from tests.core.verify.insiders import BY_THE_BOARD

PACKAGES = ("cryptography", "rfc8785", "_cffi_backend", "cffi")
"""The two, and what the first of them brings along."""


def bare_folder(folder: Path) -> Path:
    """A folder of packages that holds the core alone, and links to the two packages."""
    site = folder / "site"
    site.mkdir()
    for name in PACKAGES:
        found = importlib.util.find_spec(name)
        if found is None or found.origin is None:
            continue
        origin = Path(found.origin)
        target = origin.parent if origin.name == "__init__.py" else origin
        (site / target.name).symlink_to(target)
    (site / "mvote").mkdir()
    [own] = mvote.__path__
    for name in ("__init__.py", "core"):
        (site / "mvote" / name).symlink_to(Path(own) / name)
    return site


def run(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Without the environment's own packages, settings and folders."""
    start = "import runpy,sys;sys.path.append(sys.argv.pop(1));runpy.run_module"
    script = f"{start}('mvote.core.verify', run_name='__main__', alter_sys=True)"
    return subprocess.run(
        [sys.executable, "-I", "-S", "-W", "error", "-c", script, str(site), *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=site,
    )


def test_flask_is_out_of_reach_there(tmp_path: Path) -> None:
    script = "import sys;sys.path.append(sys.argv[1]);import mvote.core.verify;import flask"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script, str(bare_folder(tmp_path))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "No module named 'flask'" in done.stderr


def test_the_recount_needs_nothing_more(tmp_path: Path, city: City) -> None:
    site, bundle, altered = bare_folder(tmp_path), tmp_path / "bundle.zip", tmp_path / "altered.zip"
    bundle.write_bytes(Case(city.files).bundle)
    altered.write_bytes(BY_THE_BOARD["a ballot altered"][0](city).bundle)
    done = run(site, str(bundle), "--board-key", city.key, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["sound"] is True
    done = run(site, str(altered))
    assert (done.returncode, done.stderr) == (1, "")
    assert "NOT SOUND." in done.stdout
