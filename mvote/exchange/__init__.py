"""Signed documents between the wings: the only thing they have in common.

Each wing writes what it has to say into its outbox, in the transaction in which
it became true; the other wing fetches, checks the signature, and takes each
document exactly once.
"""
