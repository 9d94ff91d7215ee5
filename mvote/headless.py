"""What commands, the worker and the web app stand on: databases, keys and settings, no web."""

from flask import Flask

from mvote.db import connect
from mvote.installation import install
from mvote.settings import Settings, Side, wings_of


def create_headless_app(side: Side, settings: Settings) -> Flask:
    """An app in whose context services work, and which answers no request.

    Raises SettingsFault.
    """
    wings = wings_of(side)
    app = Flask("mvote", static_folder=None)
    install(app, settings, wings)
    connect(app, settings, wings)
    return app
