"""How a vote stays its voter's own: permits, ballots, receipts and the keys they rest on."""
