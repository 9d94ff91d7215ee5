"""What came of polls, as feeds that a phone downloads whole and matches by itself."""
