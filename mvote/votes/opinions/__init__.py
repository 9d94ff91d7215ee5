"""The opinion pool: what voters wrote, without who wrote it, shown once a moderator has read it.

Texts come here shuffled when their poll has closed.  No row tells of a ballot, a voter or a
time of writing.
"""
