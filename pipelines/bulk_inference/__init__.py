"""Predictions for many files of a user: `rnnzoo predict`, which continues after an interrupt."""
