"""Whole sequences of a recurrent layer at once: a file for each backend that has a fast way."""
