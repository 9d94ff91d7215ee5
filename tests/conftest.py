"""Every fixture that tests in more than one folder share; each module says what its own are for."""

pytest_plugins = [
    "tests.require",
    "tests.network",
    "tests.databases",
    "tests.servers",
    "tests.browser",
]
