"""Pages for everyone: polls, results, records, what is overdue."""
