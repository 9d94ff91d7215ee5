"""Conversations as Polis and red-dwarf export them: votes, participants and comments.

``votes.csv`` has a row for each vote that was ever cast (timestamp in milliseconds, datetime,
comment-id, voter-id, vote), ``participants-votes.csv`` a row for each participant with the group
that Polis put them in and a column for each statement, ``comments.csv`` the statements.  Files
may be packed by gzip.  In the public export 1 is agree and -1 disagree; inside of Polis, and in
files taken from there, it is the other way round.
"""
