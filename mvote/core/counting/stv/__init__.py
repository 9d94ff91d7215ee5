"""The single transferable vote, by the rules of several cities and reference books."""
