"""How soon a phone on a slow line can vote, by Lighthouse's phone profile; run by hand, no test.

    python -m tests.benchmarks.phone FILE.pb.gz [--json REPORTS] [--runs 3]

A city opens the budget vote of a Pabulib file at the level secret.  Lighthouse (npm, its
default: a phone of the middle class, slow 4G) opens the app at the poll's link, and as its
anchor in the same run the poll's page without the app.  Both are loaded cold.  The bytes of
the ballot itself are counted on top, as Chromium receives them when a phone that never was
here goes from the link to the first control of the ballot, its phone check included; how many
projects it shows is counted too.  What the app fetches by itself some seconds after its start,
to look after receipts and to keep itself for when there is no net, is not among them: no screen
waits for it, and how much of it falls into the walk hangs on how fast this machine walks.
Seconds are simulated by Lighthouse from what it measured; on a machine that is busy otherwise
they are too many.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import CDPSession, Page, sync_playwright

from mvote.formats.pabulib import Instance, read
from mvote.formats.pabulib_question import question_of
from mvote.operations import database, pabulib_vote
from mvote.operations.city import City, serving
from mvote.operations.officials import add_departments, add_official, add_register, as_operator
from mvote.operations.pabulib_city import SECRET, settings_for
from mvote.operations.sms_file import SmsFile
from mvote.settings import WINGS, Settings
from tests.browser import ARGUMENTS
from tests.require import ROOT, require

HERE = ROOT / "tests" / "phone"
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "ko-KR",
}
AT_ONCE = """
const late = setTimeout;
setTimeout = (work, pause, ...given) =>
  ([3_000, 8_000].includes(pause) ? 0 : late(work, pause, ...given));
"""
"""Without what the app does by itself for later: QUIET and LATER of its main.js."""


class Measured(NamedTuple):
    """``kilobytes`` transferred; seconds until the page is painted and until it can be used."""

    kilobytes: float
    painted: float
    usable: float
    accessibility: float
    best_practices: float


def install() -> Path:
    """Lighthouse, beside its package.json."""
    program = HERE / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        npm = str(require("npm"))
        subprocess.run(
            [npm, "install", "--no-audit", "--no-fund", "--silent"], cwd=HERE, check=True
        )
    return program


def open_poll(instance: Instance, city: City) -> str:
    """The poll's id, open for the voters of the file."""
    drafter, approver = (
        add_official(duty, duty, department="budget") for duty in ("drafter", "approver")
    )
    api = city.api()
    draft = pabulib_vote.draft_of(
        instance, question_of(instance), department="budget", level=SECRET
    )
    return pabulib_vote.prepare(drafter.sign_in(api, api), approver.sign_in(api, api), draft)


@contextmanager
def voting(instance: Instance, settings: Settings) -> Iterator[tuple[City, str]]:
    database.upgrade(settings, WINGS)
    with as_operator(settings):
        add_register(pabulib_vote.register_of(instance).splitlines())
        add_departments({"budget": {"ko": "예산과", "en": "Budget"}})
        port = int(settings.public_url.rpartition(":")[2])
        with serving(settings, port=port, log=settings.home / "serve.log") as city:
            yield city, open_poll(instance, city)


def measure(program: Path, url: str, folder: Path) -> Measured:
    """One cold load."""
    report = folder / "report.json"
    flags = ["--headless=new", *ARGUMENTS, *(["--no-sandbox"] if os.getuid() == 0 else [])]
    asked = ["--quiet", "--output=json", f"--output-path={report}"]
    kinds = "--only-categories=performance,accessibility,best-practices"
    subprocess.run(
        [program, url, *asked, kinds, f"--chrome-flags={' '.join(flags)}"],
        env=os.environ | {"CHROME_PATH": str(require("chromium"))},
        check=True,
    )
    return read_report(json.loads(report.read_text()))


def read_report(report: Mapping[str, Any]) -> Measured:
    audits, categories = report["audits"], report["categories"]
    return Measured(
        kilobytes=audits["total-byte-weight"]["numericValue"] / 1000,
        painted=audits["largest-contentful-paint"]["numericValue"] / 1000,
        usable=audits["interactive"]["numericValue"] / 1000,
        accessibility=100 * categories["accessibility"]["score"],
        best_practices=100 * categories["best-practices"]["score"],
    )


def walk(page: Page, session: CDPSession, url: str, sms: SmsFile, number: str) -> tuple[float, int]:
    """Kilobytes received from the link to the first control of the ballot; projects shown."""
    received = [0]
    session.send("Network.enable")
    session.on(
        "Network.loadingFinished",
        lambda told: received.append(int(told["encodedDataLength"])),
    )
    page.goto(url)
    page.locator(".buttons a.button").first.click()
    page.locator("input[type=tel]").fill(number)
    page.locator("button[type=submit], form button").first.click()
    page.locator("input[autocomplete=one-time-code]").fill(sms.code_of(number))
    page.locator("button[type=submit], form button").first.click()
    page.wait_for_url("**/ballot*")
    projects = page.locator("main input[type=checkbox], main li button")
    projects.first.wait_for()
    return sum(received) / 1000, projects.count()


def cold_walk(url: str, settings: Settings, number: str) -> tuple[float, int]:
    sms = SmsFile(Path(settings.sms_gateway.removeprefix("file:")))
    flags = [*ARGUMENTS, *(["--no-sandbox"] if os.getuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(require("chromium")), args=flags)
        with browser.new_context(**PHONE) as context:
            context.add_init_script(AT_ONCE)
            page = context.new_page()
            found = walk(page, context.new_cdp_session(page), url, sms, number)
        browser.close()
    return found


def median(runs: list[Measured]) -> Measured:
    return Measured(*(statistics.median(values) for values in zip(*runs, strict=True)))


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    reader.add_argument("file", type=Path)
    reader.add_argument("--runs", type=int, default=3)
    asked = reader.parse_args()
    instance, program, say = read(asked.file), install(), sys.stdout.write
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_for(Path(folder), "", "")
        with voting(instance, settings) as (city, poll):
            places = {
                "page": f"{city.url}/polls/{poll}?lang=ko",
                "app": f"{city.url}/app/polls/{poll}",
            }
            runs = [
                {name: measure(program, url, Path(folder)) for name, url in places.items()}
                for _ in range(asked.runs)
            ]
            number = pabulib_vote.number_of(0)
            kilobytes, projects = cold_walk(places["app"], settings, number)
    found = {name: median([run[name] for run in runs]) for name in places}
    for name, one in found.items():
        say(
            f"{name:>5}: {one.kilobytes:6.1f} kB, painted after {one.painted:.2f} s, usable after "
            f"{one.usable:.2f} s, accessibility {one.accessibility:.0f}, best practices "
            f"{one.best_practices:.0f}\n"
        )
    page, app = found["page"], found["app"]
    say(f"app / page: {app.kilobytes / page.kilobytes:.2f} × the bytes, ")
    say(f"{app.usable / page.usable:.2f} × the seconds\n")
    say(f"From the link to a ballot with {projects} projects: {kilobytes:.1f} kB in all\n")


if __name__ == "__main__":
    main()
