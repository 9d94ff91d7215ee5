"""What an operator runs: serve, demo, replay, the databases."""
