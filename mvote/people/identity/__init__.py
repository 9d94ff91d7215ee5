"""Who is calling: a citizen with a mobile number.

A citizen proves a number with a code sent by SMS and gets an account that holds no
name and no number, only a keyed digest of it.  Being signed in is a family of tokens that
can be ended.
"""
