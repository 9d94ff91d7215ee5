"""For any WSGI server: ``granian --interface wsgi wsgi:app``.  ``MVOTE_SIDE`` names the side."""

import os
from typing import cast

from mvote.app import create_app
from mvote.settings import Side

app = create_app(cast(Side, os.environ.get("MVOTE_SIDE", "both")))
