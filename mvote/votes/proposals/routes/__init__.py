"""Calls and proposals over HTTP: what everyone reads, what citizens and officials do."""
