"""The clock: what the city owes by when, who owes it, and what became of it."""
