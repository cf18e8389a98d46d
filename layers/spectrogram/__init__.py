"""Layers for spectrograms of which some cells are missing: those are below 0."""
