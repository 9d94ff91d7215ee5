"""Departments and polls over HTTP, one file for each kind of caller."""
