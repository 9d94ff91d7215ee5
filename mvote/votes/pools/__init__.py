"""Opinion pools: statements that people agree to, disagree with or pass on, within one record.

An official opens a pool with some statements; citizens add theirs and vote on all by signed
acts, each under a pseudonym of this pool alone (votes.participation), and the last vote on a
statement counts.  While a pool is open nobody is shown how others voted.  Then it is frozen:
opinion groups, the statements that stand for each, those that bridge them all, with a digest
that enters the record.  Groups smaller than ``MVOTE_POOL_GROUP_LEAST`` are not shown.  Behind
that a participant may contest a statement's place, and the department answers in public.
"""
