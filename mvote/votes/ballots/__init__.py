"""A citizen casts a ballot: a permit is spent, the ballot is kept, a receipt is given.

Ballots wait in an inbox and move to the board in batches, ordered by their hashes, so
that nobody can tell from the board who voted when.  The last entry of a board says how
many there are; behind it nothing can stand.
"""
