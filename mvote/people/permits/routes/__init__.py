"""What citizens and officials may ask about who may vote in a poll."""
