"""Every fixture that tests in more than one folder share; each module says what its own are for."""

import os
import shutil

import hypothesis

MEMORY = "/dev/shm"
ENOUGH_MEMORY = 4 << 30

pytest_plugins = [
    "tests.require",
    "tests.network",
    "tests.days",
    "tests.databases",
    "tests.servers",
    "tests.browser",
]

# Two busy cores are no fault of the tested code; in CI hypothesis does so by itself.
hypothesis.settings.register_profile(
    "desk", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
if hypothesis.settings.get_current_profile_name() == "default":
    hypothesis.settings.load_profile("desk")

# What tests write is thrown away, and to wait until a disk has it proves nothing: no test cuts
# the power.  A container may have next to no such memory; there the disk it is.
if os.path.isdir(MEMORY) and shutil.disk_usage(MEMORY).free > ENOUGH_MEMORY:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", MEMORY)
