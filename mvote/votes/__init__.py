"""Wing two: polls, ballots, results and the city's answers.  It never sees a person."""
