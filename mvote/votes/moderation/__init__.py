"""What citizens write and how the city keeps it decent: queue, reports, decisions, appeals.

Another domain hands over every text that a citizen wrote by ``service.submit`` in its own
transaction, and asks ``service.list_standings`` before it shows any: ``Standing.text`` is what
may be read, None where nothing may.  Every decision is kept for ever with its public reason
and without the text.  Once the city owes an answer to a text, its domain calls
``service.bind``: from then on no moderator can hide it.  What a removal took for good the
owner of the text learns of by the happening ``TextRemoved``, and blanks its own copy.
"""
