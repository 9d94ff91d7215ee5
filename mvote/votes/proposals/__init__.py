"""Proposals of citizens and the calls that ask for them.

A call is a window with rules, topics, a threshold set and a way of choosing winners, frozen as
it opens; one without an end takes every day's proposals.  A citizen proposes by a permit of the
call, and supports by a permit of the proposal, so the city sees pseudonyms that lead nowhere.
Enough supports within the window open the next stage by themselves: the record, and its clock.
"""
