"""mvote: a city asks, citizens answer from a phone, anyone can recount, the city must answer."""

__version__: str


def __getattr__(name: str) -> str:
    """The version when somebody asks: a recount from bare sources is installed nowhere."""
    if name == "__version__":
        from importlib.metadata import version

        return version("mvote")
    raise AttributeError(name)
