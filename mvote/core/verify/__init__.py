"""Count a secret poll again from its recount bundle, without a server and without a database.

``python -m mvote.core.verify BUNDLE`` needs Python, ``cryptography`` and ``rfc8785`` only.
The checks and their codes are those of the phone's verifier.
"""
