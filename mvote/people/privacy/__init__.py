"""A citizen's own data: what it is, what was agreed to, how to take it along and how it ends.

Anyone can read the consent texts.  A citizen can see and withdraw consents, declare what the
register does not know, download everything that is held and delete the account; what has to
stay is told with its reason and its end.  What nobody used for long goes by itself, and this
wing signs that it went.
"""
