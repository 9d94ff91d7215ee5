"""The QR code of a poll's link, for posters and screens."""

import re
from functools import lru_cache
from io import BytesIO

import qrcode
from qrcode.image.pure import PyPNGImage
from qrcode.image.svg import SvgPathFillImage

from mvote.core.poll import PollNotFrozen
from mvote.installation import installation
from mvote.votes.polls.rules import Poll, link_of

QUIET_ZONE = 4
CACHED_PICTURES = 64


def get_link(poll: Poll) -> str:
    """The address of a frozen poll for citizens.  Raises PollNotFrozen."""
    if poll.ph is None:
        raise PollNotFrozen()
    return link_of(installation().settings.public_url, poll.id, poll.ph)


@lru_cache(maxsize=CACHED_PICTURES)
def draw_svg(link: str) -> bytes:
    """A picture that scales: the library's millimetres would be refused by some renderers."""
    out = BytesIO()
    _code(link).make_image(image_factory=SvgPathFillImage).save(out)
    return re.sub(rb'"(\d+)mm"', rb'"\g<1>0"', out.getvalue())


@lru_cache(maxsize=CACHED_PICTURES)
def draw_png(link: str, *, pixels: int) -> bytes:
    """A picture whose little squares are ``pixels`` wide."""
    out = BytesIO()
    _code(link, pixels).make_image(image_factory=PyPNGImage).save(out)
    return out.getvalue()


def _code(link: str, pixels: int = 10) -> qrcode.QRCode[SvgPathFillImage]:
    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=pixels, border=QUIET_ZONE
    )
    code.add_data(link)
    code.make(fit=True)
    return code
