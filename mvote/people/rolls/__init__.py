"""Who stands on the rolls: the city's register, and lists of people that polls are meant for.

The register may know the district, the years of birth and the gender that belong to a
person; lists name the people that a poll is meant for.
"""
