"""Property tests are about what is true, not about how busy the machine is: no deadline each."""

from hypothesis import settings

settings.register_profile("mvote", deadline=None)
settings.load_profile("mvote")
