"""Models that forecast a rate."""
