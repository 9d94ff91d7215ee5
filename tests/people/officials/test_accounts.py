"""Administrators manage officials, officials their own sign-ins, and what ends with each."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from sqlalchemy import select

from mvote.app import create_app
from mvote.db import engines, transaction
from mvote.people.officials.service.accounts import change_official
from mvote.people.officials.service.signing_in import sign_in_as
from mvote.people.officials.tables import OfficialRow
from mvote.settings import Settings
from tests.people.conftest import on_sqlite
from tests.people.officials.authenticator import Authenticator
from tests.people.officials.conftest import Office, said

NEW = {"login": "lee", "department": "roads", "duties": ["approver", "drafter"]}
REVOKED = (401, "token-revoked")


def me(office: Office, token: str) -> tuple[int, str]:
    return said(office.call("GET", "/me", token=token))


def test_an_administrator_adds_an_official_who_enrols_by_the_link(office: Office) -> None:
    chief, _, token = office.enrolled("chief", "administrator")
    made = office.post("/officials", NEW, token=token)
    assert made.status_code == 201
    official = made.json["official"]
    assert official | NEW == official | {"duties": ["approver", "drafter"]}
    assert (official["disabled"], official["passkeys"]) == (False, 0)
    assert official["duties"] == ["drafter", "approver"]
    link = made.json["enrolment"]["link"]
    enrolled = office.enrol(link.partition("#")[2], Authenticator())
    assert enrolled.status_code == 201
    assert said(office.post("/officials", NEW, token=token)) == (409, "login-taken")
    path = f"/officials/{official['id']}"
    assert office.call("GET", path, token=token).json["passkeys"] == 1
    [added] = [one for one in office.happened("OfficialAdded") if one["by"] == chief]
    assert (added["subject"], added["department"]) == (official["id"], "roads")
    assert link.partition("#")[2] not in str(office.happened("EnrolmentLinkMade"))
    again = office.post(f"{path}/enrolments", token=token)
    assert office.enrol(again.json["link"].partition("#")[2], Authenticator()).status_code == 201


def test_officials_are_listed_in_pages_by_login(office: Office) -> None:
    _, _, token = office.enrolled("zoe", "auditor")
    for login in ("bo", "al", "cy"):
        office.invite(login, "drafter")
    first = office.call("GET", "/officials?limit=3", token=token).json
    assert [one["login"] for one in first["items"]] == ["al", "bo", "cy"]
    rest = office.call("GET", f"/officials?after={first['next']}", token=token).json
    assert ([one["login"] for one in rest["items"]], rest["next"]) == (["zoe"], None)


def test_other_duties_end_the_sign_ins_that_carry_the_old_ones(office: Office) -> None:
    _, _, token = office.enrolled("chief", "administrator")
    account, key, old = office.enrolled("kim", "drafter")
    refresh = office.sign_in(key).json["refresh"]
    changed = office.call(
        "PUT",
        f"/officials/{account}/duties",
        {"department": "roads", "duties": ["moderator"]},
        token=token,
    )
    assert (changed.status_code, changed.json["duties"]) == (200, ["moderator"])
    assert me(office, old) == REVOKED
    assert said(office.post("/tokens/refresh", token=refresh)) == REVOKED
    told = office.call("GET", "/me", token=office.sign_in(key).json["access"]).json
    assert (told["department"], told["duties"]) == ("roads", ["moderator"])


@pytest.mark.parametrize("database_urls", ["postgresql"], indirect=True)
def test_who_signs_in_while_duties_change_gets_the_new_ones(office: Office) -> None:
    """On SQLite nobody reads in one writing transaction what another writes meanwhile."""
    lee, _ = office.invite("lee", "administrator", "approver")
    office.invite("chief", "administrator")
    now = datetime.now(UTC)

    def change() -> None:
        with office.app.app_context():
            change_official(lee, department="roads", duties=("drafter",), by="command", now=now)

    people = transaction("people")
    with ThreadPoolExecutor(1) as pool, office.app.app_context(), people as session:
        [seen] = session.scalars(select(OfficialRow).where(OfficialRow.id == lee))
        assert seen.department == "parks"  # as a link does that is looked up first
        pool.submit(change).result()
        made = sign_in_as(session, lee, proof="passkey", now=now)
    assert (made.department, made.duties) == ("roads", ("drafter",))


def test_a_disabled_official_is_out_at_once(office: Office) -> None:
    chief, _, token = office.enrolled("chief", "administrator")
    account, key, old = office.enrolled("kim", "approver")
    challenge = office.challenge()
    options = office.post("/tokens/fresh-challenges", token=old).json
    stopped = office.post(f"/officials/{account}/disable", token=token)
    assert (stopped.status_code, stopped.json["disabled"]) == (200, True)
    assert me(office, old) == REVOKED
    assert said(office.answer(key.get(challenge))) == (403, "account-disabled")
    again = office.post("/tokens/fresh", {"passkey": key.get(options)}, token=old)
    assert said(again) == REVOKED
    assert said(office.post(f"/officials/{account}/enrolments", token=token)) == (
        403,
        "account-disabled",
    )
    assert office.post(f"/officials/{account}/enable", token=token).json["disabled"] is False
    assert office.sign_in(key).status_code == 201
    assert office.happened("OfficialDisabled") == [{"subject": account, "by": chief}]


def test_a_link_dies_with_the_account_and_no_disabled_official_enrols(office: Office) -> None:
    _, _, token = office.enrolled("chief", "administrator")
    account, secret = office.invite("kim", "drafter")
    office.post(f"/officials/{account}/disable", token=token)
    assert said(office.post("/officials/enrolment-challenges", {"secret": secret})) == (
        401,
        "enrolment-not-valid",
    )


@on_sqlite
def test_nobody_changes_what_they_may_themselves(office: Office) -> None:
    office.enrolled("other", "administrator")
    account, _, token = office.enrolled("chief", "administrator")
    more = {"department": "parks", "duties": ["administrator", "approver"]}
    for method, path, body in (
        ("PUT", "duties", more),
        ("POST", "disable", None),
        ("POST", "enable", None),
    ):
        answer = office.call(method, f"/officials/{account}/{path}", body, token=token)
        assert said(answer) == (403, "own-duties")
    for path in ("duties", "disable", "enable", "enrolments", "sessions"):
        method = {"duties": "PUT", "sessions": "DELETE"}.get(path, "POST")
        body = more if path == "duties" else None
        answer = office.call(method, f"/officials/{'0' * 16}/{path}", body, token=token)
        assert said(answer) == (404, "no-such-official")


def test_two_administrators_do_not_put_each_other_out(office: Office) -> None:
    """Each asks at the same moment; one has to stay."""
    one, _, first = office.enrolled("one", "administrator")
    two, _, second = office.enrolled("two", "administrator")
    asked = [(two, first), (one, second)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(
                lambda pair: said(office.post(f"/officials/{pair[0]}/disable", token=pair[1])),
                asked,
            )
        )
    # The slower one was put out before its request was looked at, or finds itself the last.
    assert answers.count((200, "ok")) == 1
    assert set(answers) - {(200, "ok")} <= {(409, "last-administrator"), REVOKED}


def test_sign_ins_are_listed_and_ended_one_by_one_and_all(office: Office) -> None:
    _, key, first = office.enrolled("kim", "drafter")
    second, third = (office.sign_in(key).json["access"] for _ in range(2))
    listed = office.call("GET", "/officials/me/sessions", token=second).json["items"]
    today = datetime.now(UTC).date().isoformat()
    assert {(one["started"], one["proof"], one["device"]) for one in listed} == {
        (today, "passkey", "blue key")
    }
    assert [one["current"] for one in listed].count(True) == 1
    [mine] = [one["id"] for one in listed if one["current"]]
    _, _, stranger = office.enrolled("lee", "drafter")
    path = f"/officials/me/sessions/{mine}"
    assert said(office.call("DELETE", path, token=stranger)) == (404, "no-such-session")
    assert office.call("DELETE", path, token=third).status_code == 204
    assert [me(office, token) for token in (second, third)] == [REVOKED, (200, "ok")]
    assert office.call("DELETE", "/officials/me/sessions", token=third).status_code == 204
    assert [me(office, token) for token in (first, third)] == [REVOKED] * 2
    assert me(office, stranger) == (200, "ok")


def test_an_administrator_ends_all_of_an_official(office: Office) -> None:
    chief, _, token = office.enrolled("chief", "administrator")
    account, key, old = office.enrolled("kim", "drafter")
    office.sign_in(key)
    ended = office.call("DELETE", f"/officials/{account}/sessions", token=token)
    assert ended.status_code == 204
    assert me(office, old) == REVOKED
    assert office.happened("SignInsEnded") == [{"subject": account, "sign_ins": 2, "by": chief}]


# -- on the votes side --------------------------------------------------------------------


@on_sqlite
def test_the_votes_side_takes_a_token_for_as_long_as_it_lives_and_no_longer(
    office: Office, settings: Settings
) -> None:
    """It asks nobody whether a sign-in has ended: ten minutes are what that costs."""
    _, _, chief = office.enrolled("chief", "administrator")
    account, _, token = office.enrolled("kim", "drafter")
    assert office.post(f"/officials/{account}/disable", token=chief).status_code == 200
    votes = create_app("votes", replace(settings, people_url="http://127.0.0.1:9"))
    try:
        elsewhere = replace(office, app=votes)
        asked = ("GET", "/departments/parks/polls")
        assert me(office, token) == REVOKED
        assert elsewhere.call(*asked, token=token).status_code == 200
        claims = jwt.decode(token, options={"verify_signature": False})
        assert claims["exp"] - claims["iat"] == settings.access_seconds == 600
        late = _aged(settings, token, claims, seconds=600 + settings.clock_leeway_seconds + 1)
        assert said(elsewhere.call(*asked, token=late)) == (401, "token-expired")
    finally:
        with votes.app_context():
            engines.engines["votes"].dispose()


def _aged(settings: Settings, token: str, claims: dict[str, Any], *, seconds: int) -> str:
    """The same token as if it had been made so long ago."""
    raw = (settings.keys("people") / "identity.pem").read_bytes()
    key: Any = serialization.load_pem_private_key(raw, None)
    back = int(timedelta(seconds=seconds).total_seconds())
    times = {name: claims[name] - back for name in ("iat", "nbf", "exp")}
    return jwt.encode(
        claims | times, key, algorithm="EdDSA", headers=jwt.get_unverified_header(token)
    )


def test_what_cannot_be_an_id_is_asked_of_no_database(office: Office) -> None:
    """PostgreSQL takes no NUL, and would answer 500."""
    _, _, chief = office.enrolled("chief", "administrator")
    duties = {"department": "parks", "duties": []}
    came = {"login": "x", "secret": "x", "code": "x"}
    answers = {
        said(office.call(method, path.format("%00"), body, token=chief))
        for method, path, body in (
            ("GET", "/officials/{}", None),
            ("PUT", "/officials/{}/duties", duties),
            ("POST", "/officials/{}/disable", None),
            ("POST", "/officials/{}/enable", None),
            ("POST", "/officials/{}/enrolments", None),
            ("DELETE", "/officials/{}/sessions", None),
            ("DELETE", "/officials/me/sessions/{}", None),
            ("DELETE", "/officials/me/passkeys/{}", None),
            ("POST", "/oidc/logins/{}/tokens", {"secret": "x", "code": "x"}),
            ("POST", "/officials/oidc-tokens", came),
        )
    }
    assert answers == {
        (404, "no-such-official"),
        (404, "no-such-session"),
        (404, "no-such-passkey"),
        (409, "oidc-login-unknown"),
    }
