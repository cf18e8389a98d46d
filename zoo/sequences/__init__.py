"""Models that say what a sequence shows."""
