"""News that are sent: e-mail by topic, webhooks, push messages.

Whoever follows names topics of the city, never a poll and never an account.  What is kept is
an address, its topics and its language; when it goes, all of it goes.  What was sent to whom is
forgotten once it is sent.
"""
