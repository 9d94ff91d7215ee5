"""Who is calling: a citizen with a mobile number, or an official of the city.

A citizen proves a number with a code sent by SMS and gets an account that holds no
name and no number, only a keyed digest of it.  The city's register may know the
district, the years of birth and the gender that belong to a number; lists name the
numbers that a poll is meant for.  Officials sign in with a password and act for a
department with their duties.  Being signed in is a family of tokens that can be ended.
"""
