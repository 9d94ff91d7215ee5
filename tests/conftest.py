"""Every fixture that tests in more than one folder share; each module says what its own are for."""

import hypothesis

pytest_plugins = [
    "tests.require",
    "tests.network",
    "tests.databases",
    "tests.servers",
    "tests.browser",
]

# Two busy cores are no fault of the tested code; in CI hypothesis does so by itself.
hypothesis.settings.register_profile("desk", deadline=None)
if hypothesis.settings.get_current_profile_name() == "default":
    hypothesis.settings.load_profile("desk")
