"""Audio files, their gaps, and the grid of their spectrograms."""
