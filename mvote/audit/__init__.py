"""What happened, written in the transaction in which it happened; auditors read it, jobs act on it.

Rows are appended unchained, so that no ballot queues behind a hash; one sealer
chains them afterwards.  No row stands for a permit or a ballot: the board is the
ballots' log, and permits are counted by day.
"""
