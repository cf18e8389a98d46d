"""The street family: where a path through a street graph goes next."""
