"""Who may vote in a poll: tells a citizen why or why not, and hands out one permit each.

For every approved poll this wing names the key that signs its permits and how many are
eligible; a secret poll has a key of its own, which signs permits that this wing never sees.
Once the poll is frozen, an eligible citizen may take a permit: the same one however often
it is asked for, and never a second.  When the poll ends no more are given, its own key is
destroyed and the list of permits issued is told.  After the dispute window the link
between citizens and permits is destroyed too, and this wing signs that it is.

Scopes (core/scope.py) are kept like secret polls: one key each, one blind permit a citizen.
The link to citizens goes as soon as a scope is closed.  After a copy was put back no scope
gives new permits until one official says so, for all of them at once; acts by permits that
citizens hold already go on.
"""
