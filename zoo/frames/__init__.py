"""Models that predict the next frame."""
