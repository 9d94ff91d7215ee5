"""Wing one: who may vote.  It knows people and never sees a ballot."""
