"""What a city puts beside mvote on a host: a proxy, service units, a container, settings."""
