"""From fields over a region to a pushed forecaster."""
