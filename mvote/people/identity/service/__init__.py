"""What can be done about identity; one file for each thing it is done to."""
