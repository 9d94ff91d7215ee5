"""How the city does: figures worked out from its records, and those that it measures itself.

What is worked out (what is owed, answered, adopted, how long it took) comes from the records
alone, so nobody can write it up.  What the city measures comes in as a file; every version of
every value is kept, and a citizen may question each.
"""
