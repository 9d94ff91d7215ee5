"""Records as data, what departments write into them, and what citizens say to an answer."""
