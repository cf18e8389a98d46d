"""Layers for spectrograms with missing cells, which are below 0."""
