"""Labelled sequences of any data set, and feature sequences in files of a user's own."""
