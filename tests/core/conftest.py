"""Property tests are about what is true, not about how busy the machine is: no deadline each."""

from hypothesis import HealthCheck, settings

settings.register_profile("mvote", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("mvote")
