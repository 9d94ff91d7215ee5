"""mvote: a city asks, citizens answer from a phone, anyone can recount, the city must answer."""

from importlib.metadata import version

__version__ = version("mvote")
