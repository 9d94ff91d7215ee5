"""From a page to the app: a QR code for whoever reads the page on another screen."""

import re
from typing import Final

from flask import Blueprint, Response

from mvote.core.errors import NotFound
from mvote.installation import installation
from mvote.votes.polls.service import draw_svg
from mvote.web.caching import conditional
from mvote.web.guard import guarded

SECONDS = 86_400
SCREEN: Final = re.compile(
    r"(proposals|calls|pools)/[0-9A-Za-z_-]{1,64}|records/[0-9A-Za-z_-]{1,64}/(discussion|answers)"
)
"""Screens of the app on which citizens take part (mvote/phone/acts)."""

taking_part = Blueprint("taking_part", __name__)


class ScreenUnknown(NotFound):
    words = {"ko": "그런 화면이 없습니다.", "en": "There is no such screen."}


@taking_part.get("/take-part/<path:place>.svg")
@guarded
def get_screen_code(place: str) -> Response:
    """The QR code of a screen of the app.  Raises ScreenUnknown."""
    if not SCREEN.fullmatch(place):
        raise ScreenUnknown()
    picture = draw_svg(f"{installation().settings.public_url}/app/{place}")
    return conditional(picture, content_type="image/svg+xml", max_age=SECONDS)
