"""Who may vote in a poll: tells a citizen why or why not, and hands out one permit each.

For every approved poll this wing names the key that signs its permits and how many are
eligible.  Once the poll is frozen, an eligible citizen may take a permit: the same one
however often it is asked for, and never a second.  When the poll ends no more are given
and the list of those issued is told; after the dispute window the link between citizens
and permits is destroyed.
"""
