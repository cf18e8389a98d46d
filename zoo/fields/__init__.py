"""Models that predict fields over a region: counts per cell, step by step."""
