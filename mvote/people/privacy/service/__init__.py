"""The verbs of the domain, one file each."""
