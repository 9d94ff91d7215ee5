"""The access matrix, whole: every route, asked by everybody who is to be let in or turned away."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from flask import Flask
from werkzeug.routing import Rule

from mvote.app import create_app
from mvote.core.official import DUTIES, FOR_DEPARTMENT
from mvote.core.wing_call import WingNotKnown
from mvote.db import transaction
from mvote.installation import installation
from mvote.people.identity.service.sign_ins import end_all, open_sign_in
from mvote.settings import WINGS, Settings
from mvote.web.access import Access
from mvote.web.errors import (
    DutyMissing,
    FreshSignInNeeded,
    IdentityNotAllowedHere,
    TokenExpired,
    TokenForOthers,
    TokenMissing,
    TokenNotValid,
    TokenRevoked,
)
from mvote.web.guard import guarded, require_guards
from mvote.web.matrix import MATRIX
from mvote.web.tokens import CITIZEN, OFFICIAL, make_access, make_refresh
from tests.databases import city_on_sqlite

ACCESS_CODES = {
    kind.code()
    for kind in (
        DutyMissing,
        FreshSignInNeeded,
        IdentityNotAllowedHere,
        TokenExpired,
        TokenForOthers,
        TokenMissing,
        TokenNotValid,
        TokenRevoked,
        WingNotKnown,
    )
}
METHODS = {"GET", "POST", "PUT", "DELETE"}
NOTHING = "0" * 16
"""An id that nothing has."""


@dataclass(frozen=True)
class Stranger:
    """Who asks: with which token, and what everybody is told who brings one like it."""

    audience: str | None = None
    duties: tuple[str, ...] = ()
    fresh: bool = True
    kind: str = "access"
    spoilt: str = ""

    def told_by(self, access: Access) -> str | None:
        """The code of the refusal; None: let in."""
        if access.name in ("everyone", "office", "permit-holder"):
            identity = self.audience and access.name == "permit-holder"
            return IdentityNotAllowedHere.code() if identity else None
        if access.name.endswith("-wing"):
            return WingNotKnown.code()
        return self._spoilt(access) or self._others(access)

    def _spoilt(self, access: Access) -> str | None:
        if self.audience is None:
            return TokenMissing.code()
        if self.spoilt == "expired":
            return TokenExpired.code()
        if self.spoilt == "audience" or self.kind != _kind_for(access):
            return TokenNotValid.code()
        return TokenRevoked.code() if self.spoilt == "revoked" else None

    def _others(self, access: Access) -> str | None:
        if access.fresh and not self.fresh:
            return FreshSignInNeeded.code()
        if access.name in ("citizen", "official") and self.audience != f"mvote-{access.name}":
            return TokenForOthers.code()
        if access.duties and not set(access.duties) & set(self.duties):
            return DutyMissing.code()
        return None


def _kind_for(access: Access) -> str:
    return "refresh" if access.name == "refresh-token" else "access"


STRANGERS = {
    "nobody": Stranger(),
    "a citizen": Stranger(CITIZEN),
    "an official without a duty": Stranger(OFFICIAL),
    **{f"a {duty}": Stranger(OFFICIAL, (duty,)) for duty in DUTIES},
    "an official not freshly signed in": Stranger(OFFICIAL, DUTIES, fresh=False),
    "a citizen's refresh token": Stranger(CITIZEN, kind="refresh"),
    "an official's refresh token": Stranger(OFFICIAL, DUTIES, kind="refresh"),
    "a citizen who signed out": Stranger(CITIZEN, spoilt="revoked"),
    "an official whose sign-in was ended": Stranger(OFFICIAL, DUTIES, spoilt="revoked"),
    "an official whose token expired": Stranger(OFFICIAL, DUTIES, spoilt="expired"),
    "a token for another audience": Stranger("mvote-kiosk", DUTIES, spoilt="audience"),
}


@pytest.fixture(scope="module")
def app(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Both wings; nothing here is decided by the engine."""
    with city_on_sqlite(sqlite_template, tmp_path_factory.mktemp("matrix")) as made:
        yield made


@pytest.fixture(scope="module")
def token_of(app: Flask) -> Callable[[Stranger], str]:
    """A token of a sign-in of its own, for what is called may end it."""

    def make(who: Stranger) -> str:
        assert who.audience is not None
        kind: Any = "citizen" if who.audience == CITIZEN else "official"
        with app.app_context():
            with transaction("people") as session:
                family = open_sign_in(session, kind, kind=kind, proof="x", now=now()).family
                if who.spoilt == "revoked":
                    end_all(session, kind)
            if who.kind == "refresh":
                return make_refresh(kind, audience=who.audience, family=family, turn=1)
            token = make_access(
                kind,
                audience=who.audience,
                family=family,
                proof="x",
                fresh=who.fresh,
                department="parks",
                duties=who.duties,
            )
            return _aged(token) if who.spoilt == "expired" else token

    return make


def _aged(token: str) -> str:
    """Signed as ours are, an hour ago."""
    claims = jwt.decode(token, options={"verify_signature": False})
    back = timedelta(hours=1).seconds
    times = {name: claims[name] - back for name in ("iat", "nbf", "exp")}
    key = installation().keys["people"]["identity"].private
    header = jwt.get_unverified_header(token)
    return jwt.encode(claims | times, key, algorithm="EdDSA", headers=header)


def now() -> datetime:
    return datetime.now(UTC)


def rules_of(app: Flask, name: str) -> list[tuple[Rule, str]]:
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.rsplit(".", 1)[-1] == name
        for method in (rule.methods or set()) & METHODS
    ]


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_a_route_lets_in_whom_the_matrix_names_and_nobody_else(
    app: Flask, token_of: Callable[[Stranger], str], name: str
) -> None:
    found = rules_of(app, name)
    assert found, "a line of the matrix without a route"
    for rule, method in found:
        path = rule.build(dict.fromkeys(rule.arguments, NOTHING), append_unknown=False)
        assert path is not None
        for who, stranger in STRANGERS.items():
            token = token_of(stranger) if stranger.audience else ""
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            answer = app.test_client().open(path[1], method=method, headers=headers)
            told = (answer.get_json(silent=True) or {}) if answer.is_json else {}
            wanted = stranger.told_by(MATRIX[name])
            if wanted is not None:
                assert told.get("code") == wanted, who
            else:
                assert told.get("code") not in ACCESS_CODES, who
                assert answer.status_code < 500, who


def test_every_route_has_its_line(app: Flask) -> None:
    names = {endpoint.rsplit(".", 1)[-1] for endpoint in app.view_functions}
    assert names == set(MATRIX)


def test_a_view_without_a_line_stops_the_start() -> None:
    def forgotten() -> str:
        return ""

    with pytest.raises(RuntimeError, match="who forgotten is open to"):
        guarded(forgotten)
    made = Flask("bare")
    made.add_url_rule("/bare", view_func=forgotten)
    with pytest.raises(RuntimeError, match="route forgotten does not say"):
        require_guards(made)


# -- what the matrix promises -------------------------------------------------------------


@pytest.fixture(scope="module")
def wings_of_view(app: Flask) -> dict[str, set[str]]:
    """By view, the sides that serve it."""
    settings: Settings = app.extensions["mvote"].settings
    found: dict[str, set[str]] = {}
    for wing in WINGS:
        for endpoint in create_app(wing, settings).view_functions:
            found.setdefault(endpoint.rsplit(".", 1)[-1], set()).add(wing)
    return found


def test_nobody_reads_people_and_ballots_together(wings_of_view: dict[str, set[str]]) -> None:
    """Ballots are read as they are published, by everyone and by nobody earlier."""
    for name, access in MATRIX.items():
        if access.reads == "ballots":
            assert access.name == "everyone", name
        if access.reads in ("ballots", "texts"):
            assert wings_of_view[name] == {"votes"}, name
        if access.reads in ("people", "officials", "self"):
            assert wings_of_view[name] == {"people"}, name
            assert access.scheme == "identityToken", name
    reads = {
        duty: {access.reads for access in MATRIX.values() if duty in access.duties}
        for duty in DUTIES
    }
    for duty, found in reads.items():
        assert "ballots" not in found, duty
        assert not {"people", "texts"} <= found, duty


def test_only_a_named_duty_reads_what_is_not_public() -> None:
    for name, access in MATRIX.items():
        if access.reads in ("people", "officials", "texts", "log"):
            assert access.duties, name
        if access.reads == "drafts":
            assert access.own_department, name


def test_an_act_of_two_officials_needs_a_fresh_sign_in_of_each() -> None:
    second = {name for name, access in MATRIX.items() if access.second}
    assert {"approve_poll", "close_poll", "cancel_poll"} <= second
    assert all(MATRIX[name].fresh for name in second)


def test_duties_are_those_of_the_city() -> None:
    named = {duty for access in MATRIX.values() for duty in access.duties}
    assert named == set(DUTIES)
    assert set(FOR_DEPARTMENT) < set(DUTIES)
