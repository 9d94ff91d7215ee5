"""What a wing notes of its own upkeep: which keys it has used, and what copies were made.

A key that was used and is gone must not be replaced in silence, and whoever destroys
something has to say which copies still hold it.
"""
