"""Who stands on the rolls: the city's register, and lists of people that polls are meant for.

The register may know the district, the years of birth and the gender that belong to a
person; lists name the people that a poll is meant for.  Who has no number proves an entry of
a roll by a printed code, or by a card that an official sees at the ID desk.
"""
