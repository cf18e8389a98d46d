"""Models that classify sequences."""
