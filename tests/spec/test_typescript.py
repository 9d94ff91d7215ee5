"""A TypeScript client made by ``openapi-typescript`` votes in the eyes of ``tsc``."""

from pathlib import Path

from tests.require import ROOT
from tests.spec.conftest import NpmTools

SPEC = ROOT / "mobile_api_spec" / "openapi.json"

PHONE = """
import type { components, operations, paths } from "./api";

type Ballot = components["schemas"]["BallotIn"];
type Permit = components["schemas"]["PermitOut"];
type Pseudonym = Exclude<Ballot["permit"], unknown[]>;
type Receipt =
  operations["cast_ballot"]["responses"][201]["content"]["application/json"];
type Problem = components["schemas"]["Problem"];

export function makeOut(poll: string, ph: string, permit: Permit): Ballot {
  const nonce = "AAAAAAAAAAAAAAAAAAAAAA";
  return { v: 1, poll, ph, seq: 1, nonce, ans: { q1: ["yes"] }, permit: permit as Pseudonym };
}

export async function cast(ballot: Ballot): Promise<Receipt> {
  const path: keyof paths = "/api/v1/polls/{poll_id}/ballots";
  const answer = await fetch(path.replace("{poll_id}", ballot.poll), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(ballot),
  });
  if (!answer.ok) {
    const problem = (await answer.json()) as Problem;
    throw new Error(problem.sentence.ko + " " + problem.code);
  }
  return (await answer.json()) as Receipt;
}
"""
WRONG = PHONE.replace("seq: 1", 'seq: "one"')
OPTIONS = (
    *("--strict", "--noEmit", "--target", "es2022", "--lib", "es2022,dom"),
    *("--module", "es2022", "--moduleResolution", "bundler"),
)


def check(npm_tools: NpmTools, folder: Path, source: str) -> tuple[int, str]:
    made = npm_tools.run("openapi-typescript", SPEC, "-o", folder / "api.d.ts")
    assert made.returncode == 0, made.stdout
    (folder / "phone.ts").write_text(source)
    done = npm_tools.run("tsc", *OPTIONS, folder / "phone.ts", cwd=folder)
    return done.returncode, done.stdout


def test_a_typescript_phone_is_type_checked(npm_tools: NpmTools, tmp_path: Path) -> None:
    code, said = check(npm_tools, tmp_path, PHONE)
    assert code == 0, said


def test_a_wrong_typescript_phone_is_found(npm_tools: NpmTools, tmp_path: Path) -> None:
    code, said = check(npm_tools, tmp_path, WRONG)
    assert code != 0
    assert "Type 'string' is not assignable to type 'number'" in said
