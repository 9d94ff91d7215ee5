"""``tsc`` checks the JSDoc types of the phone's modules; nothing of the build is shipped."""

import json
import subprocess
from pathlib import Path

from mvote.pages.phone import FOLDER, written
from tests.phone.conftest import NODE_SECONDS
from tests.require import ROOT, require
from tests.spec.conftest import NpmTools

CONFIG = Path(__file__).with_name("tsconfig.json")
PROGRAM = CONFIG.with_name("same_program.mjs")
APP = ROOT / "mvote" / "phone" / "app"
WRONG = """
import { sha256 } from './bytes.js';
export const digest = sha256('a text is not bytes');
"""


def test_the_types_of_the_phone_hold_and_only_a_wrong_one_is_found(
    npm_tools: NpmTools, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.js"
    wrong.write_text(WRONG.replace("./", f"{APP}/"))
    config = tmp_path / "tsconfig.json"
    include = [str(wrong), str(APP.parent)]
    config.write_text(json.dumps({"extends": str(CONFIG), "include": include}))
    done = npm_tools.run("tsc", "-p", config, cwd=tmp_path)
    found = [line for line in done.stdout.splitlines() if " error " in line]
    assert len(found) == 1, done.stdout
    assert found[0].startswith("wrong.js")
    assert "Argument of type 'string' is not assignable" in found[0]


def test_modules_lose_nothing_but_comments_where_they_are_served(npm_tools: NpmTools) -> None:
    pairs = {
        name: [(FOLDER / name).read_text(), served.decode()]
        for name, served in written().items()
        if name.endswith(".js")
    }
    assert all(one.count("\n") == other.count("\n") for one, other in pairs.values())
    assert not [name for name, (_, served) in pairs.items() if "/**" in served]
    broken = {"broken.js": ["const one = 'https://two';\n", "const one = 'https:\n"]}
    assert not_the_same(npm_tools, pairs | broken) == ["broken.js"]


def not_the_same(npm_tools: NpmTools, pairs: dict[str, list[str]]) -> list[str]:
    """The names of those whose texts differ in more than comments, as TypeScript reads them."""
    done = subprocess.run(
        [require("node"), PROGRAM, npm_tools.folder / "typescript"],
        input=json.dumps(pairs),
        capture_output=True,
        text=True,
        check=True,
        timeout=NODE_SECONDS,
    )
    found: list[str] = json.loads(done.stdout)
    return found


def test_no_module_needs_a_package_or_the_network() -> None:
    imports = [
        line
        for path in APP.rglob("*.js")
        for line in path.read_text().splitlines()
        if line.startswith(("import ", "export ")) and " from " in line
    ]
    assert imports
    assert [line for line in imports if " from './" not in line] == []
    texts = {path.name: path.read_text() for path in APP.rglob("*.js")}
    calls = ("fetch(", "XMLHttpRequest", "WebSocket", "eval(", "innerHTML", "localStorage")
    assert {name for name, text in texts.items() for call in calls if call in text} == set()
