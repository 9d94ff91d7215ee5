"""Officials and departments of an installation of one's own, added as an operator adds them."""

import json
from dataclasses import dataclass

from mvote.client.api import Api
from mvote.client.official import OfficialClient
from mvote.core.ids import new_id
from mvote.core.text import Words
from mvote.operations.city import run
from mvote.settings import Settings

SHORT = 6


@dataclass(frozen=True, slots=True)
class Desk:
    """An official's login and generated password."""

    login: str
    password: str
    department: str

    def sign_in(self, api: Api) -> OfficialClient:
        """Both wings are behind ``api``."""
        official = OfficialClient(api, api, login=self.login, password=self.password)
        official.sign_in()
        return official


def unused(name: str) -> str:
    """A name that nothing in a database used before has."""
    return f"{name}-{new_id()[:SHORT]}"


def add_department(settings: Settings, code: str, name: Words) -> None:
    """Raises CityFault."""
    run(settings, "department", "add", code, "--ko", name["ko"], "--en", name["en"])


def add_official(settings: Settings, login: str, *duties: str, department: str) -> Desk:
    """Raises CityFault."""
    asked = [word for duty in duties for word in ("--duty", duty)]
    said = run(settings, "official", "add", login, "--department", department, *asked, "--json")
    return Desk(login, json.loads(said)["password"], department)
