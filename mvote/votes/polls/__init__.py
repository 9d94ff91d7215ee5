"""A poll of the city: a department drafts it, a second official approves it, and it is frozen.

From then on its questions, its rules and its hash stay as they are.  It opens and
closes by its schedule or by hand, can be suspended, and can be cancelled with a
reason that everyone may read.
"""
