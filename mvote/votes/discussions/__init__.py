"""The policy discussion record: what the city asked, what came out, and what it owes in answer."""
