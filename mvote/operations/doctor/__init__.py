"""``mvote doctor``: reads the whole configuration, says what is wrong and what to do about it."""
