"""mvote: a city asks, citizens answer from a phone, anyone can recount, and the city must answer back."""

from importlib.metadata import version

__version__ = version("mvote")
