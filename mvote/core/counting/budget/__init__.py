"""Methods that spend a sum of money on projects."""
