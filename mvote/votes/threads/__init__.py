"""The discussion under a record: for, against, questions; replies, the office's among them.

Citizens write by signed acts, so nobody knows who they are; a label such as "Blue Pine 3712"
tells within one record who answers to whom, and leads nowhere else.  Nothing here counts
voices, and the order of posts is shuffled anew every day in a way that anyone can repeat.

Topics: a domain above lists what it has under hashtags by ``service.tag_item`` in its own
transaction (``kind="proposal"``, the tags as people spell them, a title); ``find_tags`` of a
text gives the tags that stand in it.  What moderation does not show appears under no topic.
"""
