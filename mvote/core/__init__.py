"""The rules of voting in plain Python.

It runs without a server and without a database, a jurist can read it and a
stranger recounts with it.  It imports the standard library, ``cryptography``
and ``rfc8785``, and nothing else of mvote.
"""
