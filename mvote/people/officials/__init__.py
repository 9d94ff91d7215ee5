"""The city's officials: they sign in, and act for a department with their duties."""
